/** Every keyword that a contract may use is enforced as ajv enforces it; every other one stops the generator. */
import { transformSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Issue } from "../../generated/index.js";
import type { Document, Schema } from "../../scripts/generate/openapi.js";
import { type BuiltOperation, builtOperations } from "../../scripts/generate/operation.js";
import { readTemplate } from "../../scripts/generate/templates.js";
import { validateSource } from "../../scripts/generate/validate.js";
import { judge } from "./contract.js";

type Validate = (value: unknown, path?: string) => Issue[];

const template = await readTemplate("validate");

/** The generated validator of a schema, which may refer to the others by their names. */
function compile(subject: unknown, others: Readonly<Record<string, unknown>> = {}): Validate {
  const document = { components: { schemas: { Subject: subject, ...others } } } as Document;
  const source = validateSource(document, [operation], template);
  const { code } = transformSync(source, { loader: "ts", format: "cjs" });
  const module = { exports: {} as { validateSubject: Validate } };
  new Function("module", code)(module);
  return module.exports.validateSubject;
}

const [operation] = builtOperations({
  paths: {
    "/": {
      post: {
        operationId: "Test_Run",
        parameters: [{ name: "api-version", in: "query", schema: { const: "1" } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Subject" } } } },
        responses: {},
      },
    },
  },
}) as [BuiltOperation];

const keys = fc.constantFrom("a", "b", "__proto__", "hasOwnProperty");
const scalars = fc.oneof(fc.constantFrom(null, true, false, 0, 1, 2, 2.5, -3, 6, "", "a", "ab", "😀", "a1", "1"));
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: scalars },
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(keys, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const counts = fc.nat(3);
const typeNames = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");
const schemas = fc.letrec<{ schema: unknown }>((tie) => {
  const schema = tie("schema");
  const several = fc.array(schema, { minLength: 1, maxLength: 3 });
  const keyword: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    type: fc.oneof(typeNames, fc.uniqueArray(typeNames, { minLength: 1, maxLength: 3 })),
    const: scalars,
    enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 4 }),
    minLength: counts,
    maxLength: counts,
    pattern: fc.constantFrom("^a", "1$", "^.$", "a/b|^$", "\\p{L}", "^(?=.*a)(?=.*1)"),
    minimum: counts,
    maximum: counts,
    exclusiveMinimum: counts,
    exclusiveMaximum: counts,
    multipleOf: fc.constantFrom(1, 2, 0.5),
    minItems: counts,
    maxItems: counts,
    uniqueItems: fc.boolean(),
    items: schema,
    properties: fc.dictionary(fc.constantFrom("a", "b", "hasOwnProperty"), schema, { maxKeys: 2 }),
    additionalProperties: schema,
    required: fc.uniqueArray(keys, { maxLength: 2 }),
    allOf: several,
    anyOf: several,
    oneOf: several,
    not: schema,
    $ref: fc.constantFrom("#/components/schemas/One", "#/components/schemas/Two"),
    title: fc.constantFrom("it is right", 'it is "right"'),
    description: fc.constant("of no consequence"),
    default: scalars,
    "x-ms-secret": fc.boolean(),
  };
  const entries = Object.entries(keyword).map(([name, value]) => fc.tuple(fc.constant(name), value));
  return {
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 6, arbitrary: fc.array(fc.oneof(...entries), { maxLength: 3 }).map((all) => Object.fromEntries(all)) },
    ),
  };
}).schema;

const one = { type: ["string", "object"], properties: { a: { $ref: "#/components/schemas/Two" } } };
const two = { title: "two is short", type: "string", maxLength: 1 };

test("the verdict on any schema is ajv's", () => {
  fc.assert(
    fc.property(schemas, fc.array(values, { minLength: 10, maxLength: 20 }), (subject, samples) => {
      const others = { One: one, Two: two };
      const validate = compile(subject, others);
      const accepts = judge(
        { components: { schemas: { Subject: subject, ...others } } },
        "/components/schemas/Subject",
      );
      const verdict = (sample: unknown) => {
        try {
          return accepts(sample);
        } catch (error) {
          // Of `not: true` beside a $ref ajv makes code that names a variable which it never declares.
          if (!(error instanceof ReferenceError)) throw error;
          return fc.pre(false);
        }
      };
      for (const sample of samples) {
        const issues = validate(sample);
        expect([JSON.stringify(sample), issues.length === 0]).toEqual([JSON.stringify(sample), verdict(sample)]);
        for (const { rule } of issues) expect(rule).toMatch(/\w/);
      }
    }),
    { numRuns: 500 },
  );
});

describe("the generator stops, and points at", () => {
  const unenforceable: Readonly<Record<string, unknown>> = {
    patternProperties: { "^x": true },
    propertyNames: { maxLength: 3 },
    minProperties: 1,
    dependentRequired: { a: ["b"] },
    unevaluatedProperties: false,
    prefixItems: [true],
    contains: true,
    if: true,
    readOnly: true,
    nullable: true,
    example: 1,
    discriminator: { propertyName: "a" },
    "x-other": 1,
    toString: 1,
    $dynamicRef: "#a",
    $ref: "#/components/parameters/One",
    type: "text",
    const: { a: 1 },
    enum: [["a"]],
    pattern: "(",
    maxLength: "3",
    multipleOf: 0,
    format: "date-time",
    contentEncoding: "base64",
  };

  test.each(Object.keys(unenforceable))("a keyword that no validator enforces: %s", (keyword) => {
    const inner: Schema = { [keyword]: unenforceable[keyword] };
    const subject = { properties: { "a/b": { items: { anyOf: [true, inner] } } } };
    const pointer = `#/components/schemas/Subject/properties/a~1b/items/anyOf/1/${keyword}`;
    expect(() => compile(subject)).toThrow(`${pointer}: `);
  });

  test.each<Schema>([
    { format: "date-time", pattern: "^2" },
    { format: "int32", minimum: -5, maximum: 5 },
    { format: "int32", exclusiveMinimum: -5, maximum: 5 },
    { contentEncoding: "base64", pattern: "^a" },
    { format: "password" },
  ])("no format that something beside it enforces: %j", (schema) => {
    expect(compile(schema)(7)).toEqual(schema.maximum === 5 ? [{ path: "", rule: "must be at most 5" }] : []);
  });

  test("a property that no object can have safely", () => {
    const subject = { properties: Object.fromEntries([["__proto__", true]]) };
    expect(() => compile(subject)).toThrow("#/components/schemas/Subject/properties/__proto__");
  });

  test("a reference to a schema that is not there", () => {
    expect(() => compile({ $ref: "#/components/schemas/Gone" })).toThrow("#/components/schemas/Gone");
  });
});

test("items are told apart whatever they hold", () => {
  const validate = compile({ uniqueItems: true });
  const odd = { toString: "x" };
  expect(validate([{ b: odd, a: 1 }, { a: 1 }])).toEqual([]);
  expect(
    validate([
      { b: odd, a: 1 },
      { a: 1, b: odd },
    ]),
  ).toHaveLength(1);
});

describe("the rule of an issue", () => {
  const rules = (schema: Schema, value: unknown) => compile(schema)(value).map(({ path, rule }) => `${path}: ${rule}`);

  test.each<[Schema, unknown, string]>([
    [{ type: "boolean" }, 1, ": must be a boolean"],
    [{ type: ["string", "null"] }, 1, ": must be a string or null"],
    [{ const: "x" }, 1, ': must be "x"'],
    [{ enum: ["x", 2] }, 1, ': must be one of "x", 2'],
    [{ minLength: 2 }, "a", ": must have at least 2 characters"],
    [{ maxLength: 2 }, "aaa", ": must have at most 2 characters"],
    [{ pattern: "^a/b$" }, "a", ": must match /^a\\/b$/u"],
    [{ minimum: 2 }, 1, ": must be at least 2"],
    [{ exclusiveMaximum: 2 }, 2, ": must be less than 2"],
    [{ multipleOf: 2 }, 1, ": must be a multiple of 2"],
    [{ maxItems: 1 }, [1, 2], ": must have at most 1 items"],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      ": must have no item twice",
    ],
    [{ items: { type: "string" } }, ["a", 1], "1: must be a string"],
    [{ required: ["a"] }, {}, "a: must be set"],
    [{ properties: { a: false } }, { a: 1 }, "a: must not be there"],
    [{ additionalProperties: false }, { a: 1 }, "a: is not a known property"],
    [{ additionalProperties: { type: "null" } }, { a: 1 }, "a: must be null"],
  ])("without a title is a sentence: %j", (schema, value, rule) => {
    expect(rules(schema, value)).toEqual([rule]);
  });

  test("is the nearest title around it, once", () => {
    const schema = {
      title: "outer",
      type: "string",
      minLength: 3,
      allOf: [{ pattern: "x" }, { title: "inner", pattern: "y" }],
    };
    expect(rules(schema, "a")).toEqual([": outer", ": inner"]);
  });

  test("does not come from a title above the property", () => {
    const schema = { title: "outer", properties: { a: { type: "null" }, b: { not: true } } };
    expect(rules(schema, { a: 1, b: 1 })).toEqual(["a: must be null", "b: must not match what is excluded"]);
  });
});
