// What the generated validators rely on in the schemas of requests and parameters.

/**
 * A schema and all schemas in it, through every `$ref`, each with its place. Redocly's own nesting stops at the first level.
 * What stands under `not` is left out: it says what a value must not be.
 */
export function* schemasWithin(schema, location, ctx, seen = new Set()) {
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
export function eachInputSchema(check, { parameters }) {
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
export function constraintTitled() {
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
export function patternPortable() {
  return {
    Schema(schema, ctx) {
      if (typeof schema.pattern !== "string") return;
      const location = ctx.location.child("pattern");
      try {
        new RegExp(schema.pattern, "u");
      } catch (error) {
        ctx.report({ message: `The pattern does not compile: ${error.message}.`, location });
      }
      const bare = schema.pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/g, "");
      if (/\(\?<[=!]/.test(bare)) ctx.report({ message: "The pattern has a look-behind.", location });
    },
  };
}

/** A misspelt property of a request must not pass in silence: the disk is gone either way. A map has no names to misspell. */
export function requestObjectClosed() {
  const limits = ["type", "$ref", "const", "enum", "allOf", "anyOf", "oneOf"];
  const check = (schema, location, ctx) => {
    const isObject = [schema.type].flat().includes("object") || schema.properties !== undefined;
    const isMap = schema.properties === undefined && typeof schema.additionalProperties === "object";
    if (isObject && !isMap && schema.additionalProperties !== false) {
      ctx.report({ message: "An object in a request has `additionalProperties: false`.", location });
    }
    const inner = Object.entries(schema.properties ?? {}).map(([name, item]) => [["properties", name], item]);
    for (const [path, item] of [...inner, [["items"], schema.items ?? false]]) {
      if (item && !limits.some((keyword) => keyword in Object(item))) {
        ctx.report({ message: "A value in a request says of what type it is.", location: location.child(path) });
      }
    }
  };
  return eachInputSchema(check, { parameters: false });
}
