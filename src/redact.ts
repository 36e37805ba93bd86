import { secretPaths } from "../generated/operations.js";
import { fromBase64, own } from "./json.js";
import { LONGEST_TEXT, SHORTEST_SECRET } from "./limits.js";

/** Cuts what must not leave out of a text. */
export type Redact = (text: string) => string;

/** What an operation must not tell: its password, customData, tokens and signatures. */
export interface Secrets {
  /** The longest first: a secret within another is no way to a rest of the longer. */
  secrets: readonly string[];
}

const MASK = "[redacted]";

/** The secrets in a request body, by the contract's own list, and what base64 of them says when decoded. */
export function secretsIn(body: unknown): string[] {
  return secretPaths.flatMap((path) => {
    const held = path.reduce<unknown>(own, body) ?? "";
    const secret = typeof held === "string" ? held : JSON.stringify(held);
    return secret ? [secret, fromBase64(secret) ?? ""] : [];
  });
}

/** What signs a status URL: its query, and those of its parameters that are the signature, escaped and not. */
export function signaturesIn(url: string): string[] {
  const [, ...signed] = url.split(/[?&](?:[tcsh]|sig)=/);
  return [url.replace(/^[^?]*/, ""), ...signed.flatMap((rest) => readings(rest.replace(/&.*/, "")))];
}

/** Adds to the secrets of an operation, each as it is and as JSON writes it. */
export function keep(where: Secrets, ...more: readonly string[]): void {
  for (const one of more)
    if (one.length >= SHORTEST_SECRET && !where.secrets.includes(one)) {
      const all = new Set([...where.secrets, one, JSON.stringify(one).slice(1, -1)]);
      where.secrets = [...all].sort((a, b) => b.length - a.length);
    }
}

/**
 * Gives the one function through which all text of the service, and every foreign error, passes (S6).
 *
 * A secret is cut where it stands as it is, or as JSON writes it. A text that holds one behind any other escapes is hidden whole.
 */
export function redactor(where: Secrets): Redact {
  return (text) => {
    let clean = text;
    for (const secret of where.secrets) clean = clean.replaceAll(secret, MASK);
    // A word: nothing is escaped in it, and it is no URL.
    if (/^[\w-]{0,64}$/.test(clean)) return clean;
    if (/[\\%+]/.test(clean)) {
      const said = readings(clean);
      const shows = (form: string) => form !== "" && said.some((reading) => reading.includes(form));
      if (where.secrets.some((secret) => readings(secret).some(shows))) return MASK;
    }
    return clean
      .slice(0, LONGEST_TEXT)
      .replace(/\beyJ[\w.-]+/g, MASK)
      .replace(/(\bBearer\s+|\bhttps?:[^\s"'<>?&#]+[?&#]|[?&](?:[tcsh]|sig)=)[^\s"'<>]+/gi, `$1${MASK}`);
  };
}

/** Escapes as JSON writes them, and as URLs do, each however often; a line break or a tab is none of the text. */
const ESCAPES = /\\+(?:u([\da-f]{4})|[nrtbf])?|[\n\r\t\b\f]|(?:%[\da-f]{2})+/gi;

/** What a text says, and under its escapes, which may be mixed and in one another; alike for a secret and for what holds it. */
function readings(text: string, depth = 4): string[] {
  const clear = text.replace(ESCAPES, (escaped, unit?: string) => {
    if (unit) return String.fromCharCode(Number(`0x${unit}`));
    const [, ...bytes] = escaped.split("%");
    return new TextDecoder().decode(Uint8Array.from(bytes, (hex) => Number(`0x${hex}`)));
  });
  return [text.replaceAll(" ", "+"), ...(depth > 0 && clear !== text ? readings(clear, depth - 1) : [])];
}

/**
 * A copy of a foreign error that is safe as a `cause`: its name, code and redacted message, and no object that it carried
 * (a credential's error may hold the whole token request).
 */
export function safeCause(error: unknown, redact: Redact, depth = 4): Error {
  const copy = new Error("unknown");
  try {
    const { name, message, code, cause } = error as Readonly<Record<string, unknown>>;
    copy.message = redact(String(message ?? error));
    copy.name = redact(String(name ?? "Error"));
    if (typeof code === "string") Object.assign(copy, { code: redact(code) });
    if (cause && depth > 0) copy.cause = safeCause(cause, redact, depth - 1);
  } catch {
    // An error that throws when it is looked at stays unknown.
  }
  copy.stack = `${copy.name}: ${copy.message}`;
  return copy;
}

/** Where a chain of safe causes begins: there a runtime says what really happened. */
export function rootOf(error: Error): Error {
  return error.cause ? rootOf(error.cause as Error) : error;
}
