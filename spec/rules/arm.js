// Rules of our own for Redocly's linter: what ARM's conventions ask of a contract, and what our generator relies on.
// Each is one function that returns a visitor; the last lines name them. `arm/<name>` is how a report cites one.
import Ajv from "ajv/dist/2020.js";

const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });

const knownExtensions = ["x-ms-long-running-operation", "x-ms-secret", "x-ms-cloud"];
const secretName = /password|secret|token|^customData$/i;

/** A copy of `value` with every `$ref` replaced by what it names, so that ajv can compile it. */
function inlined(value, ctx, from) {
  if (Array.isArray(value)) return value.map((item) => inlined(item, ctx, from));
  if (value === null || typeof value !== "object") return value;
  const { $ref, ...rest } = value;
  const own = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, inlined(item, ctx, from)]));
  if (typeof $ref !== "string") return own;
  const target = ctx.resolve({ $ref }, from);
  return { ...inlined(target.node, ctx, target.location?.source.absoluteRef), ...own };
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

/** Nothing built in looks at the examples of a header. */
function headerExampleValid() {
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

/** Nor at defaults. */
function schemaDefaultValid() {
  return {
    Schema(schema, ctx) {
      if (schema.default === undefined) return;
      const why = mismatch(schema.default, schema, ctx);
      if (why)
        ctx.report({ message: `The default breaks its own schema: ${why}.`, location: ctx.location.child("default") });
    },
  };
}

/** The api-version is a fact of the contract: the generated client sends it, no caller chooses it. Polls send none of ours. */
function apiVersionConst() {
  return {
    Paths: {
      PathItem: {
        Operation(operation, ctx, { PathItem }) {
          const parameters = [...(operation.parameters ?? []), ...(PathItem.parameters ?? [])];
          const version = parameters.map((it) => ctx.resolve(it).node).find((it) => it?.name === "api-version");
          const fixed =
            typeof version?.schema?.const === "string" && version.in === "query" && version.required === true;
          if (!fixed)
            ctx.report({ message: "An ARM operation has a required query parameter `api-version` with a `const`." });
        },
      },
    },
  };
}

function lroDeclaresLocation() {
  return {
    Operation(operation, ctx) {
      if (operation["x-ms-long-running-operation"] !== true) return;
      const accepted = operation.responses?.["202"];
      const headers = accepted && ctx.resolve(accepted).node?.headers;
      if (!headers?.Location) {
        ctx.report({
          message: "A long-running operation declares a 202 with the header Location.",
          location: ctx.location.child("responses"),
        });
      }
    },
  };
}

const isSecret = (schema) => schema?.format === "password" || schema?.["x-ms-secret"] !== undefined;

/** One mark alone is a slip: documentation honours writeOnly, editors honour password, our redaction honours x-ms-secret. */
function secretMarked() {
  return {
    Schema(schema, ctx) {
      if (isSecret(schema)) {
        const missing = ["writeOnly", "x-ms-secret"].filter((mark) => schema[mark] !== true);
        if (schema.format !== "password") missing.push("format: password");
        if (missing.length > 0) ctx.report({ message: `A secret is also marked ${missing.join(", ")}.` });
      }
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (secretName.test(name) && !isSecret(ctx.resolve(property).node)) {
          ctx.report({
            message: `\`${name}\` sounds like a secret and is not marked as one.`,
            location: ctx.location.child(["properties", name]),
          });
        }
      }
    },
  };
}

function secretWithoutValue() {
  return {
    Schema(schema, ctx) {
      if (!isSecret(schema)) return;
      for (const key of ["example", "examples", "default", "const", "enum"]) {
        if (key in schema) ctx.report({ message: `A secret has no ${key}.`, location: ctx.location.child(key).key() });
      }
    },
  };
}

/** A misspelt extension would be ignored in silence. Maps of names (of headers, say) have no extensions. */
function knownExtension() {
  return {
    any: {
      enter(node, ctx) {
        if (!ctx.type.extensionsPrefix || node === null || typeof node !== "object") return;
        for (const key of Object.keys(node)) {
          if (key.startsWith(ctx.type.extensionsPrefix) && !knownExtensions.includes(key)) {
            ctx.report({
              message: `\`${key}\` is none of the extensions that we know: ${knownExtensions.join(", ")}.`,
              location: ctx.location.child(key).key(),
            });
          }
        }
      },
    },
  };
}

function operationIdGroupVerb() {
  return {
    Operation(operation, ctx) {
      if (!/^[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*$/.test(operation.operationId ?? "")) {
        ctx.report({ message: "An operationId is Group_Verb.", location: ctx.location.child("operationId") });
      }
    },
  };
}

/**
 * A schema and all schemas in it, through every `$ref`, each with its place. Redocly's own nesting stops at the first level.
 * What stands under `not` is left out: it says what a value must not be.
 */
function* schemasWithin(schema, location, ctx, seen = new Set()) {
  if (!schema || typeof schema !== "object" || seen.has(schema)) return;
  seen.add(schema);
  yield { schema, location };
  const inner = Object.entries(schema.properties ?? {}).map(([name, item]) => [["properties", name], item]);
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    inner.push(...(schema[key] ?? []).map((item, index) => [[key, index], item]));
  }
  for (const key of ["items", "additionalProperties"]) inner.push([[key], schema[key]]);
  for (const [path, item] of inner) yield* schemasWithin(item, location.child(path), ctx, seen);
  if (schema.$ref) {
    const target = ctx.resolve(schema, location.source.absoluteRef);
    if (target.node) yield* schemasWithin(target.node, target.location, ctx, seen);
  }
}

/** Calls `check` for each schema that a caller's input is validated by. */
function eachInputSchema(check, { parameters }) {
  const visit = (schema, location, ctx) => {
    for (const found of schemasWithin(schema, location, ctx)) check(found.schema, found.location, ctx);
  };
  const RequestBody = (body, ctx) => {
    for (const [type, media] of Object.entries(body.content ?? {})) {
      visit(media.schema, ctx.location.child(["content", type, "schema"]), ctx);
    }
  };
  const Parameter = (parameter, ctx) => visit(parameter.schema, ctx.location.child("schema"), ctx);
  return parameters ? { RequestBody, Parameter } : { RequestBody };
}

/** What a caller is told when a value is refused. The validators take the nearest title, so a nameless rule would borrow another's. */
function constraintTitled() {
  const constraints = ["pattern", "not", "const", "minLength", "maxLength", "anyOf", "oneOf", "additionalProperties"];
  const check = (schema, location, ctx) => {
    const constraint = constraints.find((key) => schema[key] !== undefined);
    if (constraint && !schema.title) {
      ctx.report({ message: `A schema with \`${constraint}\` has a title that says the rule in words.`, location });
    }
  };
  return eachInputSchema(check, { parameters: true });
}

/** Patterns become JavaScript with the `u` flag; Safari before 16.4 has no look-behind and would not even load the module. */
function patternPortable() {
  return {
    Schema(schema, ctx) {
      if (typeof schema.pattern !== "string") return;
      const location = ctx.location.child("pattern");
      try {
        new RegExp(schema.pattern, "u");
      } catch (error) {
        ctx.report({ message: `The pattern does not compile: ${error.message}.`, location });
      }
      if (/\(\?<[=!]/.test(schema.pattern)) ctx.report({ message: "The pattern has a look-behind.", location });
    },
  };
}

/** A misspelt property of a request must not pass in silence: the disk is gone either way. */
function requestObjectClosed() {
  const check = (schema, location, ctx) => {
    const isObject = schema.type === "object" || schema.properties !== undefined;
    if (isObject && schema.additionalProperties !== false) {
      ctx.report({ message: "An object in a request has `additionalProperties: false`.", location });
    }
  };
  return eachInputSchema(check, { parameters: false });
}

const rules = {
  "header-example-valid": headerExampleValid,
  "schema-default-valid": schemaDefaultValid,
  "api-version-const": apiVersionConst,
  "lro-declares-location": lroDeclaresLocation,
  "secret-marked": secretMarked,
  "secret-without-value": secretWithoutValue,
  "known-extension": knownExtension,
  "operation-id-group-verb": operationIdGroupVerb,
  "constraint-titled": constraintTitled,
  "pattern-portable": patternPortable,
  "request-object-closed": requestObjectClosed,
};

// Redocly wants a default export. The preset turns every rule on, so that redocly.yaml cannot forget one.
export default function arm() {
  const on = Object.fromEntries(Object.keys(rules).map((name) => [`arm/${name}`, "error"]));
  return { id: "arm", rules: { oas3: rules }, configs: { all: { rules: on } } };
}
