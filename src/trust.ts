/** The longest status URL that is followed; a signed one is about 3.2 kB. */
const MAX_URL = 8192;

/** What a URL from outside is worth: followed, not a URL at all, or one that must not see the token. */
export type Verdict = { readonly url: string } | "unusable" | "untrusted";

/**
 * Decides whether a URL from a header or a saved state may be asked with the token (L9, S2).
 *
 * @param raw - as it came; relative forms resolve against `base`
 * @param base - the URL of the request that brought it, or undefined where only an absolute URL makes sense
 * @param origins - the origins that may see the token
 */
export function judgeUrl(raw: string, base: string | undefined, origins: ReadonlySet<string>): Verdict {
  const text = raw.trim();
  if (text === "" || !URL.canParse(text, base)) return "unusable";
  const url = new URL(text, base);
  if (url.href.length > MAX_URL) return "unusable";
  // Parsers disagree about backslashes, and drop tabs and line breaks without a word: what needs them is a trick.
  const tricky = /[\\\t\r\n]/.test(text) || url.username !== "" || url.password !== "";
  // `blob:https://host/…` has the origin of its host: the scheme counts too.
  const web = url.protocol === "https:" || url.protocol === "http:";
  if (tricky || !web || !origins.has(url.origin)) return "untrusted";
  url.hash = "";
  return { url: url.href };
}

/** Is it this machine itself, the only place where plain http is ever accepted (S4)? */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname === "127.0.0.1";
}

/**
 * Reads a base URL that is to see the token: https, or http on loopback where that was asked for (S4).
 *
 * @returns the URL without a trailing slash, or the rule that it breaks
 */
export function judgeEndpoint(raw: unknown, insecureLoopback: boolean): URL | string {
  if (typeof raw !== "string" || !URL.canParse(raw)) return "must be an absolute URL";
  const url = new URL(raw);
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.search !== "" || url.hash !== "" || /[?#\\]/.test(raw)) return "must not have a query or a fragment";
  if (url.protocol === "https:") return url;
  if (url.protocol !== "http:") return "must be an https URL";
  if (insecureLoopback && isLoopback(url.hostname)) return url;
  return "must be an https URL (http is for loopback alone, with allowInsecureLoopback)";
}
