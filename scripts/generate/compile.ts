/**
 * Why: a schema becomes a TypeScript expression that lists what a value breaks. It throws at every keyword that it cannot
 * enforce, so that no edit of a contract is silently ignored.
 */

import { literal, propertyName } from "./code.js";
import { ContractError } from "./contract-error.js";
import { isAnnotation, keywords, otherwise, type Test } from "./keywords.js";
import type { Schema, SubSchema } from "./openapi.js";
import { referredName } from "./operation.js";

/** Where a schema stands: its JSON pointer, and the title that speaks for it. */
export interface Place {
  readonly pointer: string;
  readonly title?: string | undefined;
}

/** A condition on `value` and the rule that it keeps, or an expression that lists the issues of `value` at `path`. */
type Part = { readonly ok: string; readonly rule: string } | { readonly issues: string };

/** The expression, of type Issue[], that lists what `value` at `path` breaks of the schema. */
export function issuesOf(schema: SubSchema, place: Place): string {
  const parts = partsOf(schema, place).map((part) =>
    "ok" in part ? `check(${part.ok}, path, ${literal(part.rule)})` : part.issues,
  );
  return parts.length === 1 ? parts.join() : `[${parts.map((part) => `...${part}`).join(", ")}]`;
}

/** The expression that is true when `value` obeys the schema. */
function conditionOf(schema: SubSchema, place: Place): string {
  return every(partsOf(schema, place).map((part) => ("ok" in part ? part.ok : `${part.issues}.length === 0`)));
}

/** The parts of a schema in the order of `keywords`, then `applicators`: the type comes before what depends on it. */
function partsOf(schema: SubSchema, place: Place): Part[] {
  if (typeof schema === "boolean") return schema ? [] : [{ ok: "false", rule: place.title ?? "must not be there" }];
  const here = { ...place, title: schema.title ?? place.title };
  const known = [...Object.keys(keywords), ...Object.keys(applicators)];
  const unknown = Object.keys(schema).find((keyword) => !known.includes(keyword) && !isAnnotation(keyword));
  if (unknown !== undefined)
    throw new ContractError(`${below(here, unknown).pointer}: no validator enforces this keyword`);
  const word = described.find((keyword) => schema[keyword] !== undefined && schema[keyword] !== "password");
  if (word !== undefined && !isHeld(schema))
    throw new ContractError(
      `${below(here, word).pointer}: no validator enforces it: a pattern beside it must, or its bounds`,
    );
  const used = known.filter((keyword) => schema[keyword] !== undefined && !isImplied(keyword, schema));
  return merge(used.flatMap((keyword) => partsOfKeyword(keyword, schema, here)));
}

/** Words for a reader: what stands beside them has to hold a value to them. */
const described = ["format", "contentEncoding"];

function isHeld(schema: Schema): boolean {
  const has = (...keywords: readonly string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  return has("pattern", "const", "enum") || (has("minimum", "exclusiveMinimum") && has("maximum", "exclusiveMaximum"));
}

/** A constant is of its type, without asking. */
function isImplied(keyword: string, schema: Schema): boolean {
  return keyword === "type" && schema.const !== undefined && typeof schema.const === schema.type;
}

function partsOfKeyword(keyword: string, schema: Schema, place: Place): Part[] {
  const here = below(place, keyword);
  const test = keywords[keyword];
  if (test === undefined) return applicators[keyword]?.(schema, here) ?? [];
  try {
    return [partOfTest(test(schema[keyword]), schema, place)];
  } catch (error) {
    throw new ContractError(`${here.pointer}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A title speaks for the type too: then both are in one condition, the type comes first, and needs no guard after it. */
function partOfTest({ ok, guard, sentence }: Test, { type, title: own }: Schema, { title }: Place): Part {
  const guarded = guard === undefined || (type === guard && own !== undefined);
  return { ok: guarded ? ok : `${otherwise[guard]} || ${ok}`, rule: title ?? sentence };
}

/** The keywords that hold other schemas. */
const applicators: Readonly<Record<string, (schema: Schema, place: Place) => Part[]>> = {
  required: ({ required = [] }) => [{ issues: `required(value, path, ${literal(required)})` }],
  properties: ({ properties = {}, additionalProperties }, place) => [
    propertiesPart(properties, additionalProperties, place),
  ],
  additionalProperties: ({ properties, additionalProperties }, place) =>
    properties === undefined ? [propertiesPart({}, additionalProperties, place)] : [],
  items: ({ items = true }, place) => [{ issues: `items(value, path, ${validatorOf(items, place)})` }],
  $ref: (schema, { pointer }) => [{ issues: `${validatorName(schema, pointer)}(value, path)` }],
  allOf: ({ allOf = [] }, place) => allOf.flatMap((schema, index) => partsOf(schema, below(place, index))),
  anyOf: ({ anyOf = [] }, place) => [
    { ok: conditionsOf(anyOf, place).join(" || "), rule: place.title ?? "must match one of several schemas" },
  ],
  oneOf: ({ oneOf = [] }, place) => [
    {
      ok: `[${conditionsOf(oneOf, place).join(", ")}].filter(Boolean).length === 1`,
      rule: place.title ?? "must match exactly one of several schemas",
    },
  ],
  not: ({ not = false }, place) => [
    { ok: `!(${conditionOf(not, place)})`, rule: place.title ?? "must not match what is excluded" },
  ],
};

function propertiesPart(properties: Readonly<Record<string, SubSchema>>, others: SubSchema = true, place: Place): Part {
  const known = Object.entries(properties).map(([name, schema]) => {
    if (name === "__proto__") throw new ContractError(`${place.pointer}/${name}: no validator sees this property`);
    return `${propertyName(name)}: ${validatorOf(schema, below(place, name))},\n`;
  });
  const other = others === false ? "unlisted" : others !== true && validatorOf(others, { ...place, title: undefined });
  return { issues: `properties(value, path, {\n${known.join("")}}${other ? `, ${other}` : ""})` };
}

/** A function of (value, path) for a property or an item. A title does not reach down to it. */
function validatorOf(schema: SubSchema, place: Place): string {
  if (typeof schema === "object" && isBareReference(schema)) return validatorName(schema, place.pointer);
  const title = typeof schema === "boolean" ? place.title : undefined;
  const issues = issuesOf(schema, { ...place, title });
  if (issues === "[]") return "() => []";
  const isUsed = /\bvalue\b/.test(issues.replaceAll(/"(?:[^"\\]|\\.)*"/g, ""));
  return `(${isUsed ? "value" : "_"}, path) => ${issues}`;
}

function isBareReference(schema: Schema): boolean {
  return (
    schema.$ref !== undefined && Object.keys(schema).every((keyword) => keyword === "$ref" || isAnnotation(keyword))
  );
}

function validatorName(schema: Schema, pointer: string): string {
  const name = referredName(schema);
  if (name === undefined) throw new ContractError(`${pointer}: it must refer to #/components/schemas/`);
  return `validate${name}`;
}

function conditionsOf(schemas: readonly SubSchema[], place: Place): string[] {
  return schemas.map((schema, index) => conditionOf(schema, below(place, index)));
}

/** Conditions of the same rule become one, in the place of the first. */
function merge(parts: readonly Part[]): Part[] {
  const rules = new Set(parts.map((part) => ("ok" in part ? part.rule : part)));
  return [...rules].map((rule) =>
    typeof rule === "string"
      ? { ok: every(parts.flatMap((part) => ("ok" in part && part.rule === rule ? [part.ok] : []))), rule }
      : rule,
  );
}

/** All of these conditions; none are true. */
function every(conditions: readonly string[]): string {
  if (conditions.length === 0) return "true";
  return conditions.length === 1 ? conditions.join() : conditions.map((each) => `(${each})`).join(" && ");
}

function below(place: Place, key: string | number): Place {
  return { ...place, pointer: `${place.pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}` };
}
