/**
 * Why: each JSON Schema keyword that a validator can enforce, as the expression that is true when a value obeys it and
 * the sentence that says so. `guard` names the type which the keyword speaks of: a value of another type obeys it.
 */

import { literal } from "./code.js";
import type { Json } from "./openapi.js";

export interface Test {
  readonly ok: string;
  readonly sentence: string;
  readonly guard?: "string" | "number" | "array";
}

/** Turns a keyword's value into its test; throws when it is of no use. */
type Keyword = (value: unknown) => Test;

/** The keywords that look at a value alone. Those that hold other schemas are in compile.ts. */
export const keywords: Readonly<Record<string, Keyword>> = {
  type: (value) => {
    const types = (Array.isArray(value) ? value : [value]).map((name) => typeTests[String(name)] ?? fail());
    return {
      ok: types.map(({ ok }) => ok).join(" || ") || fail(),
      sentence: `must be ${types.map(({ noun }) => noun).join(" or ")}`,
    };
  },
  const: (value) => ({
    ok: `value === ${literal(primitive(value))}`,
    sentence: `must be ${literal(primitive(value))}`,
  }),
  enum: (value) => {
    const values = list(value).map(primitive);
    return {
      ok: `(${literal(values)} as unknown[]).includes(value)`,
      sentence: `must be one of ${values.map(literal).join(", ")}`,
    };
  },
  minLength: atLeast("string", "length(value)", "have at least", "characters"),
  maxLength: atMost("string", "length(value)", "have at most", "characters"),
  pattern: (value) => {
    const { source } = new RegExp(text(value), "u");
    return { guard: "string", ok: `matches(value, ${literal(source)})`, sentence: `must match /${source}/u` };
  },
  minimum: atLeast("number", "value", "be at least"),
  maximum: atMost("number", "value", "be at most"),
  exclusiveMinimum: (value) => ({
    guard: "number",
    ok: `value > ${number(value)}`,
    sentence: `must be more than ${value}`,
  }),
  exclusiveMaximum: (value) => ({
    guard: "number",
    ok: `value < ${number(value)}`,
    sentence: `must be less than ${value}`,
  }),
  multipleOf: (value) => ({
    guard: "number",
    ok: `Number.isInteger(value / ${number(value) > 0 ? value : fail()})`,
    sentence: `must be a multiple of ${value}`,
  }),
  minItems: atLeast("array", "value.length", "have at least", "items"),
  maxItems: atMost("array", "value.length", "have at most", "items"),
  uniqueItems: (value) =>
    boolean(value)
      ? { guard: "array", ok: "areUnique(value)", sentence: "must have no item twice" }
      : { ok: "true", sentence: "" },
};

/** Keywords that say something about a value and forbid none. */
export function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword);
}

const annotations = new Set([
  "$comment",
  "contentEncoding",
  "default",
  "deprecated",
  "description",
  "examples",
  "format",
  "title",
  "writeOnly",
  "x-ms-secret",
]);

const typeTests: Readonly<Record<string, { readonly ok: string; readonly noun: string }>> = {
  string: { ok: 'typeof value === "string"', noun: "a string" },
  number: { ok: 'typeof value === "number" && Number.isFinite(value)', noun: "a number" },
  integer: { ok: 'typeof value === "number" && Number.isInteger(value)', noun: "an integer" },
  boolean: { ok: 'typeof value === "boolean"', noun: "a boolean" },
  null: { ok: "value === null", noun: "null" },
  array: { ok: "Array.isArray(value)", noun: "an array" },
  object: { ok: "isObject(value)", noun: "an object" },
};

/** True for a value of any other type than the one that a keyword speaks of. */
export const otherwise: Readonly<Record<NonNullable<Test["guard"]>, string>> = {
  string: 'typeof value !== "string"',
  number: 'typeof value !== "number"',
  array: "!Array.isArray(value)",
};

function atLeast(guard: NonNullable<Test["guard"]>, measure: string, verb: string, unit = ""): Keyword {
  return (value) => ({ guard, ok: `${measure} >= ${number(value)}`, sentence: `must ${verb} ${value} ${unit}`.trim() });
}

function atMost(guard: NonNullable<Test["guard"]>, measure: string, verb: string, unit = ""): Keyword {
  return (value) => ({ guard, ok: `${measure} <= ${number(value)}`, sentence: `must ${verb} ${value} ${unit}`.trim() });
}

function fail(): never {
  throw new TypeError("its value cannot be enforced");
}

function primitive(value: unknown): Json {
  return value === null || ["string", "number", "boolean"].includes(typeof value) ? (value as Json) : fail();
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) && value.length > 0 ? value : fail();
}

function text(value: unknown): string {
  return typeof value === "string" ? value : fail();
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : fail();
}

function boolean(value: unknown): boolean {
  return typeof value === "boolean" ? value : fail();
}
