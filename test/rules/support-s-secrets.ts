/** Looks into everything that a value shows, by every way that a log or a debugger takes. */
import { inspect } from "node:util";
import { expect } from "vitest";

/** A secret as services write it back: raw, escaped once or more, percent-encoded, with and without the harmless characters. */
export const forms: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  "JSON-escaped": (secret) => JSON.stringify(secret).slice(1, -1),
  "JSON-escaped twice": (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  "JSON-escaped three times": (secret) =>
    JSON.stringify(JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)).slice(1, -1),
  "every character as \\uXXXX": (secret) => unicode(secret, () => true, "\\u"),
  "every character as \\uXXXX in capitals": (secret) =>
    unicode(secret, () => true, "\\u")
      .toUpperCase()
      .replaceAll("\\U", "\\u"),
  "escaped as .NET does": (secret) => unicode(secret, (char) => !/[\w .,:;!#$%()*/=?@[\]^{|}~-]/.test(char), "\\u"),
  "escaped as .NET does, in a string of JSON": (secret) =>
    JSON.stringify(unicode(secret, (char) => !/[\w .,:;!#$%()*/=?@[\]^{|}~-]/.test(char), "\\u")).slice(1, -1),
  "with escaped slashes": (secret) => JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
  "URL-encoded": (secret) => encodeURIComponent(wellFormed(secret)),
  "URL-encoded in small letters": (secret) =>
    encodeURIComponent(wellFormed(secret)).replace(/%../g, (hex) => hex.toLowerCase()),
  "URL-encoded throughout": (secret) =>
    [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
  "form-encoded": (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
};

/** Without lone surrogates, which no URL can carry. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function unicode(text: string, which: (char: string) => boolean, before: string): string {
  return Array.from({ length: text.length }, (_, n) => text.charAt(n))
    .map((char) => (which(char) ? `${before}${char.charCodeAt(0).toString(16).padStart(4, "0")}` : char))
    .join("");
}

/** The only kinds of objects that may hang on an error, a state or an event. */
const PLAIN = new Set([
  "Object",
  "Array",
  "Error",
  "InvalidInputError",
  "AuthenticationError",
  "NotSentError",
  "RequestRejectedError",
  "OperationFailedError",
  "OperationCanceledError",
  "OutcomeUnknownError",
  "WaitTimeoutError",
  "AbortedError",
]);

/** What a value shows: all its text, and the kinds of objects that can be reached from it. */
export function everythingIn(value: unknown): { readonly text: string; readonly kinds: readonly string[] } {
  const texts: string[] = [];
  const kinds = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (held: unknown): void => {
    if (typeof held === "string" || typeof held === "number") texts.push(String(held));
    if (typeof held === "symbol") texts.push(held.description ?? "");
    if ((typeof held !== "object" && typeof held !== "function") || held === null || seen.has(held)) return;
    seen.add(held);
    const kind = Object.getPrototypeOf(held)?.constructor?.name ?? "Object";
    if (!PLAIN.has(kind)) kinds.add(kind);
    for (const key of Reflect.ownKeys(held)) {
      visit(typeof key === "symbol" ? key.description : key);
      const property = Object.getOwnPropertyDescriptor(held, key);
      visit(property?.get ? Reflect.get(held, key) : property?.value);
    }
    for (
      let up = Object.getPrototypeOf(held);
      up && up !== Object.prototype && up !== Error.prototype;
      up = Object.getPrototypeOf(up)
    ) {
      for (const key of Reflect.ownKeys(up)) {
        const property = Object.getOwnPropertyDescriptor(up, key);
        // The one place with the whole URL, and it is asked for by name.
        if (property?.get && key !== "resume" && !(Array.isArray(held) || typeof held === "function"))
          visit(Reflect.get(held, key));
      }
    }
    if (held instanceof Map || held instanceof Set || held instanceof Headers) for (const item of held) visit(item);
  };
  visit(value);
  texts.push(String(value), JSON.stringify(value) ?? "", JSON.stringify({ ...(value as object) }));
  texts.push(inspect(value, { depth: 50, showHidden: true, maxStringLength: null, maxArrayLength: null }));
  if (value instanceof Error) {
    texts.push(value.stack ?? "", inspect(value, { depth: 50, maxStringLength: null, breakLength: Infinity }));
    texts.push(inspect(structuredClone(value), { depth: 50 }));
  }
  return { text: texts.join("\n"), kinds: [...kinds] };
}

/** Fails if any of the secrets shows in any of the values, in any form. */
export function expectHidden(values: readonly unknown[], secrets: readonly string[]): void {
  const written = secrets.flatMap((secret) =>
    Object.entries(forms).map(([name, form]) => [name, form(secret)] as const),
  );
  for (const value of values) {
    const { text, kinds } = everythingIn(value);
    expect(kinds).toEqual([]);
    for (const [name, form] of written) {
      if (!text.includes(form)) continue;
      const at = text.indexOf(form);
      throw new Error(`a secret shows, ${name}: …${text.slice(Math.max(0, at - 60), at + form.length + 20)}…`);
    }
  }
}
