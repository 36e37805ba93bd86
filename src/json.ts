/** Plain data from outside: JSON read by own properties only (S11), base64, and objects without undefined properties. */
import { isObject } from "../generated/validate.js";

/** Reads a body as JSON; undefined when it is none, which no JSON says. */
export function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}

/** What the JSON of a value says, by now; undefined when it has none, or would leave out what is set: a function that was not called. */
export function copyOf(value: unknown): unknown {
  try {
    // JSON refuses a bigint: in the place of what it would leave out, that is refused too.
    return readJson(JSON.stringify(value, (_, held) => (["function", "symbol"].includes(typeof held) ? 0n : held)));
  } catch {
    return undefined;
  }
}

/** S11: reads an own property of a JSON object; undefined for anything else. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The same, for a text, which passes through `redact`. */
export function ownText(value: unknown, key: string, redact: (text: string) => string): string | undefined {
  const text = own(value, key);
  return typeof text === "string" ? redact(text) : undefined;
}

/** The same, for several texts: those that are there. */
export function ownTexts(value: unknown, redact: (text: string) => string, ...keys: string[]): Record<string, string> {
  return defined(Object.fromEntries(keys.map((key) => [key, ownText(value, key, redact)]))) as Record<string, string>;
}

/** A frozen copy without the undefined properties: a state is what its JSON is, and does not change once it was told. */
export function defined<T extends object>(value: T): Defined<T> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const held = (value as Readonly<Record<string, unknown>>)[key];
    if (held !== undefined) copy[key] = held;
  }
  return Object.freeze(copy) as Defined<T>;
}
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The text that base64 stands for; undefined when it is none. */
export function fromBase64(encoded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return new TextDecoder(undefined, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
