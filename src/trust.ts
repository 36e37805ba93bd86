import { check } from "../generated/validate.js";
import { refuse } from "./errors.js";
import { LONGEST_URL } from "./limits.js";

/** A URL from outside, and whether it may see the token; a trick has none that could be kept. */
export type Judged =
  | { readonly trusted: true; readonly url: string }
  | { readonly trusted: false; readonly url?: string };

/** Why a URL is not followed that must not see the token. */
export const UNTRUSTED = "untrusted-status-url";

/**
 * Decides whether a URL from a header or a saved state may be asked with the token (L9, S2).
 *
 * @param raw - as it came; relative forms resolve against `base`
 * @param base - the URL of the request that brought it, or undefined where only an absolute URL makes sense
 * @param origins - the origins that may see the token
 * @returns undefined for what is no URL
 */
export function judgeUrl(raw: unknown, base: string | undefined, origins: ReadonlySet<string>): Judged | undefined {
  const text = typeof raw === "string" ? raw.trim() : "";
  const url = text && URL.canParse(text, base) && new URL(text, base);
  if (!url || url.href.length > LONGEST_URL) return undefined;
  // Parsers disagree about backslashes, and drop tabs and line breaks without a word: what needs them is a trick.
  // User information may be empty: `https://@host`.
  // `blob:https://host/…` has the origin of its host: the scheme counts too.
  const user = url.username + url.password;
  if (user || /[\\\t\r\n]|^[^/]*\/\/+[^/?#]*@/.test(text) || !/^https?:$/.test(url.protocol)) return { trusted: false };
  url.hash = "";
  return { url: url.href, trusted: origins.has(url.origin) };
}

/**
 * Reads a base URL that is to see the token: https, or http on loopback where that was asked for (S4).
 *
 * @throws {@link InvalidInputError} with the rule that it breaks, at `path`
 */
export function judgeEndpoint(raw: unknown, path: string, insecureLoopback = false): URL {
  // What is no URL, or a trick, is judged like one that nobody may use.
  const url = new URL(judgeUrl(raw, undefined, new Set())?.url ?? "none:");
  const loopback = insecureLoopback && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const fits = (url.protocol === "https:" || loopback) && !/[?#]/.test(raw as string);
  const rule = "must be https (or http on loopback with allowInsecureLoopback), no user, query or fragment";
  refuse(check(fits, path, rule));
  return url;
}
