// A secret is known as one everywhere, and no contract holds one.
const secretName = /password|secret|token|^customData$/i;

const isSecret = (schema) => schema?.format === "password" || schema?.["x-ms-secret"] !== undefined;

/** One mark alone is a slip: documentation honours writeOnly, editors honour password, our redaction honours x-ms-secret. */
export function secretMarked() {
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

export function secretWithoutValue() {
  return {
    Schema(schema, ctx) {
      if (!isSecret(schema)) return;
      for (const key of ["example", "examples", "default", "const", "enum"]) {
        if (key in schema) ctx.report({ message: `A secret has no ${key}.`, location: ctx.location.child(key).key() });
      }
    },
  };
}
