import { secretPaths } from "../generated/operations.js";
import { own } from "./reply.js";

/** Cuts what must not leave out of a text. */
export type Redact = (text: string) => string;

const MASK = "[redacted]";
/** Shorter secrets would cut half of every sentence away; SECURITY.md says so. */
const SHORTEST_SECRET = 4;
/** Secrets up to this length are found in every mixture of escapes; longer ones in their raw and JSON forms. */
const LONGEST_PATTERN = 512;
const LONGEST_TEXT = 4096;

/** The secrets in a request body, by the contract's own list, and what base64 of them says when decoded. */
export function secretsIn(body: unknown): string[] {
  return secretPaths.flatMap((path) => {
    const secret = path.reduce<unknown>(own, body);
    return typeof secret === "string" ? [secret, ...decoded(secret)] : [];
  });
}

/**
 * Makes the one function through which all text of the service, and every foreign error, passes (S6).
 *
 * @param secrets - those of this operation: password and customData
 * @param tokens - those that the client holds now
 */
export function createRedact(secrets: readonly string[], tokens: () => readonly string[]): Redact {
  const cuts = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .map(cutter);
  return (text) => {
    let clean = text;
    for (const cut of cuts) clean = cut(clean);
    for (const token of tokens()) clean = clean.replaceAll(token, MASK);
    return clean
      .replace(/\bBearer\s+[\w.~+/=-]+/gi, `Bearer ${MASK}`)
      .replace(/\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g, MASK)
      .replace(/\b(https?:\\?\/\\?\/[^\s"'<>?&#]+)[?&#][^\s"'<>]*/gi, `$1?${MASK}`)
      .replace(/([?&](?:[tcsh]|sig)=)[^\s"'<>&]+/gi, `$1${MASK}`)
      .slice(0, LONGEST_TEXT);
  };
}

/** A URL as it may be shown: without its query, which signs it. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#&].*$/s, "");
}

/**
 * A copy of a foreign error that is safe as a `cause`: its name, code and redacted message, and no object that it carried
 * (a credential's error may hold the whole token request).
 */
export function safeCause(error: unknown, redact: Redact, depth = 4): Error {
  const text = (key: string): string | undefined => {
    try {
      const value = (error as Readonly<Record<string, unknown>> | undefined | null)?.[key];
      return typeof value === "string" ? redact(value) : undefined;
    } catch {
      return undefined;
    }
  };
  const copy = new Error(text("message") ?? (typeof error === "string" ? redact(error) : "An unknown error."));
  copy.name = text("name") ?? "Error";
  copy.stack = `${copy.name}: ${copy.message}`;
  const code = text("code");
  if (code !== undefined) Object.assign(copy, { code });
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== undefined && depth > 0) copy.cause = safeCause(cause, redact, depth - 1);
  return copy;
}

function decoded(secret: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    return [new TextDecoder("utf-8", { fatal: true }).decode(bytes)];
  } catch {
    return [];
  }
}

function cutter(secret: string): Redact {
  if (secret.length <= LONGEST_PATTERN) {
    const pattern = new RegExp(Array.from(secret, anyForm).join(""), "giu");
    return (text) => text.replace(pattern, MASK);
  }
  const escaped = JSON.stringify(secret).slice(1, -1);
  return (text) => text.replaceAll(secret, MASK).replaceAll(escaped, MASK);
}

/** One character raw, behind backslashes, as \uXXXX, or percent-encoded: escapes nest and mix in real answers. */
function anyForm(char: string): string {
  const raw = char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
  const unicode = Array.from({ length: char.length }, (_, i) => `\\\\+u${hex(char.charCodeAt(i), 4)}`).join("");
  const percent = Array.from(new TextEncoder().encode(char), (byte) => `%${hex(byte, 2)}`).join("");
  const short = { "\n": "n", "\r": "r", "\t": "t" }[char];
  return `(?:\\\\*${raw}|${unicode}|${percent}${short ? `|\\\\+${short}` : ""}${char === " " ? "|\\+" : ""})`;
}
