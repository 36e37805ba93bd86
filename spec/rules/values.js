// Do the values that a contract shows keep to its own schemas? Nothing built into the linter asks this of headers and defaults.
import Ajv from "ajv/dist/2020.js";

const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });

/**
 * A copy of `value` with every `$ref` replaced by what it names, so that ajv can compile it. What holds itself takes anything
 * the second time.
 */
function inlined(value, ctx, from, above = []) {
  if (Array.isArray(value)) return value.map((item) => inlined(item, ctx, from, above));
  if (value === null || typeof value !== "object") return value;
  const { $ref, ...rest } = value;
  const own = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, inlined(item, ctx, from, above)]));
  if (typeof $ref !== "string") return own;
  const target = ctx.resolve({ $ref }, from);
  if (above.includes(target.node)) return own;
  return { ...inlined(target.node, ctx, target.location?.source.absoluteRef, [...above, target.node]), ...own };
}

/** Why `value` breaks `schema`, in ajv's words; undefined when it does not. */
function mismatch(value, schema, ctx) {
  try {
    const valid = ajv.validate(inlined(schema, ctx, ctx.location.source.absoluteRef), value);
    return valid ? undefined : ajv.errorsText(undefined, { dataVar: "the value" });
  } catch (error) {
    return `the schema cannot be compiled: ${error.message}`;
  }
}

export function headerExampleValid() {
  return {
    Header(header, ctx) {
      if (!header.schema) return;
      const named = Object.entries(header.examples ?? {}).map(([name, example]) => [
        ["examples", name],
        ctx.resolve(example).node?.value,
      ]);
      const examples = header.example === undefined ? named : [[["example"], header.example], ...named];
      for (const [path, value] of examples) {
        const why = mismatch(value, header.schema, ctx);
        if (why)
          ctx.report({
            message: `The header's example breaks its schema: ${why}.`,
            location: ctx.location.child(path),
          });
      }
    },
  };
}

/** Bounds between which nothing lies: no value could ever be valid. */
export function boundsInOrder() {
  const pairs = [
    ["minLength", "maxLength", (low, high) => low <= high],
    ["minItems", "maxItems", (low, high) => low <= high],
    ["minProperties", "maxProperties", (low, high) => low <= high],
    ["minimum", "maximum", (low, high) => low <= high],
    ["minimum", "exclusiveMaximum", (low, high) => low < high],
    ["exclusiveMinimum", "maximum", (low, high) => low < high],
    ["exclusiveMinimum", "exclusiveMaximum", (low, high) => low < high],
  ];
  return {
    Schema(schema, ctx) {
      for (const [least, most, isPossible] of pairs) {
        const [low, high] = [schema[least], schema[most]];
        if (typeof low !== "number" || typeof high !== "number" || isPossible(low, high)) continue;
        const message = `No value is valid: \`${least}\` is ${low} and \`${most}\` is ${high}.`;
        ctx.report({ message, location: ctx.location.child(least) });
      }
    },
  };
}

export function schemaDefaultValid() {
  return {
    Schema(schema, ctx) {
      if (schema.default === undefined) return;
      const why = mismatch(schema.default, schema, ctx);
      if (why)
        ctx.report({ message: `The default breaks its own schema: ${why}.`, location: ctx.location.child("default") });
    },
  };
}
