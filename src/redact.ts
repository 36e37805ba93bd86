import { secretPaths } from "../generated/operations.js";
import { fromBase64, own } from "./reply.js";

/** Cuts what must not leave out of a text. */
export type Redact = (text: string) => string;

const MASK = "[redacted]";
/** Shorter secrets would cut half of every sentence away; SECURITY.md says so. */
const SHORTEST_SECRET = 4;
const LONGEST_TEXT = 4096;
/** Escapes as JSON writes them; and as URLs do, once or more often, where a percent sign may also stand for itself. */
const ESCAPES = [
  /\\+u([\da-f]{4})|\\+|[^\\]+/gi,
  /\\+u([\da-f]{4})|((?:%[\da-f]{2})+)|\\+|[^\\%]+|%/gi,
  /\\+u([\da-f]{4})|((?:%(?:25)+[\da-f]{2})+)|\\+|[^\\%]+|%/gi,
];

/** The secrets in a request body, by the contract's own list, and what base64 of them says when decoded. */
export function secretsIn(body: unknown): string[] {
  return secretPaths.flatMap((path) => {
    const secret = path.reduce<unknown>(own, body);
    return typeof secret === "string" ? [secret, fromBase64(secret) ?? ""] : [];
  });
}

/** What signs a status URL: its query, and those of its parameters that are the signature. */
export function signaturesIn(url: string): string[] {
  const { search } = new URL(url);
  return [search, ...Array.from(search.matchAll(/[?&](?:[tcsh]|sig)=([^&]+)/g), ([, value = ""]) => value)];
}

/**
 * Makes the one function through which all text of the service, and every foreign error, passes (S6).
 *
 * @param secrets - those of this operation: password, customData, tokens, signatures; it may grow
 */
export function createRedact(secrets: Iterable<string>): Redact {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const views = /[\\%+]/.test(text) ? ESCAPES.map((escapes) => unescaped(text, escapes)) : [];
    const cuts: (readonly [number, number])[] = [];
    for (const secret of secrets) {
      if (secret.length < SHORTEST_SECRET) continue;
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
        for (const at of positions(text, form)) cuts.push([at, at + form.length]);
      }
      const forms = known.get(secret) ?? [
        folded(secret),
        ...ESCAPES.map((escapes) => unescaped(secret, escapes).plain),
      ];
      known.set(secret, forms);
      for (const { plain, starts, ends } of views) {
        for (const form of forms) {
          for (const at of positions(plain, form)) cuts.push([starts[at] ?? 0, ends[at + form.length - 1] ?? 0]);
        }
      }
    }
    return cutOut(text, cuts)
      .slice(0, LONGEST_TEXT)
      .replace(/\bBearer\s+[\w.~+/=-]+|\beyJ[\w-]+\.[\w.-]+/gi, MASK)
      .replace(/\b(https?:\\?\/\\?\/[^\s"'<>?&#]+)[?&#][^\s"'<>]*/gi, `$1?${MASK}`)
      .replace(/([?&](?:[tcsh]|sig)=)[^\s"'<>&]+/gi, `$1${MASK}`);
  };
}

function cutOut(text: string, cuts: (readonly [number, number])[]): string {
  let clean = "";
  let kept = 0;
  for (const [start, end] of cuts.sort(([a], [b]) => a - b)) {
    if (start >= kept) clean += text.slice(kept, start) + MASK;
    kept = Math.max(kept, end);
  }
  return clean + text.slice(kept);
}

function* positions(text: string, needle: string): Generator<number> {
  for (let at = needle ? text.indexOf(needle) : -1; at >= 0; at = text.indexOf(needle, at + 1)) yield at;
}

/** A text without the escapes of JSON and of URLs, however deep; where in the text each character began and ended. */
interface Unescaped {
  readonly plain: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function unescaped(text: string, escapes: RegExp): Unescaped {
  const starts: number[] = [];
  const ends: number[] = [];
  let plain = "";
  for (const { 0: raw, 1: unit, 2: percents, index } of text.matchAll(escapes)) {
    const decoded = unit ? String.fromCharCode(Number.parseInt(unit, 16)) : percents ? fromPercents(percents) : raw;
    const chars = folded(decoded);
    const undone = chars.length < raw.length;
    plain += chars;
    for (let i = 0; i < chars.length; i += 1) {
      starts.push(undone ? index : index + i);
      ends.push(undone ? index + raw.length : index + i + 1);
    }
  }
  return { plain, starts, ends };
}

/** What escapes leave of a text: no backslash, the letter of an escaped line break or tab, a plus for a space. */
function folded(text: string): string {
  return text.replace(
    /[\\\n\r\t\b\f ]/g,
    (char) => ({ "\\": "", "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" })[char] ?? "+",
  );
}

function fromPercents(percents: string): string {
  const bytes = Array.from(percents.matchAll(/%(?:25)*([\da-f]{2})/gi), ([, hex = ""]) => Number.parseInt(hex, 16));
  return new TextDecoder().decode(Uint8Array.from(bytes));
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
  const copy = new Error("An unknown error.");
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
