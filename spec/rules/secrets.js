// A secret is known as one everywhere, and no contract holds one.
import { eachInputSchema, schemasWithin } from "./input.js";

const secretName =
  /pass(word|wd|phrase)|(secret|token|credential|(api|private|access|account|shared|signing)[-_]?key)s?$|^(custom|user)Data$/i;

const isSecret = (schema) => schema?.format === "password" || schema?.["x-ms-secret"] !== undefined;

const marks = { writeOnly: true, "x-ms-secret": true, format: "password" };
const typesOf = (schema) => [schema?.type ?? []].flat();
const isText = (schema) =>
  typesOf(schema).includes("string") && typesOf(schema).every((type) => type === "string" || type === "null");

/**
 * One mark alone is a slip: documentation honours writeOnly, editors honour password, our redaction honours x-ms-secret, and
 * cuts texts alone.
 */
export function secretMarked() {
  const Schema = (schema, ctx) => {
    if (!isSecret(schema)) return;
    const missing = Object.keys(marks).filter((mark) => schema[mark] !== marks[mark]);
    const all = missing.map((mark) => `${mark}: ${marks[mark]}`);
    if (!isText(schema)) all.push("type: string");
    if (all.length > 0) ctx.report({ message: `A secret is also marked ${all.join(", ")}.` });
  };
  const soundsLikeOne = (schema, location, ctx) => {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const { node } = ctx.resolve(property, location.source.absoluteRef);
      const mayBeText = typesOf(node).length === 0 || typesOf(node).includes("string");
      if (secretName.test(name) && mayBeText && !isSecret(node)) {
        ctx.report({
          message: `\`${name}\` sounds like a secret and is not marked as one.`,
          location: location.child(["properties", name]),
        });
      }
    }
  };
  return { Schema, ...eachInputSchema(soundsLikeOne, { parameters: false }) };
}

export function secretWithoutValue() {
  return {
    Schema(schema, ctx) {
      if (!isSecret(schema)) return;
      for (const { schema: part, location } of schemasWithin(schema, ctx.location, ctx)) {
        // One that is a secret by itself is visited by itself.
        if (part !== schema && isSecret(part)) continue;
        for (const key of ["example", "examples", "default", "const", "enum"]) {
          if (key in part) ctx.report({ message: `A secret has no ${key}.`, location: location.child(key).key() });
        }
      }
    },
  };
}

/** Redaction learns the secrets of request bodies: one that came another way would be told. */
export function secretInBody() {
  const message = "A secret is taken in a request's body alone, where redaction finds it.";
  const visit = (schema, location, ctx) => {
    for (const part of schemasWithin(schema, location, ctx)) {
      if (isSecret(part.schema)) ctx.report({ message, location: part.location });
    }
  };
  return {
    Parameter(parameter, ctx) {
      if (secretName.test(parameter.name)) ctx.report({ message, location: ctx.location.child("name") });
      visit(parameter.schema, ctx.location.child("schema"), ctx);
    },
    Header: (header, ctx) => visit(header.schema, ctx.location.child("schema"), ctx),
    Response(response, ctx) {
      for (const [type, media] of Object.entries(response.content ?? {})) {
        visit(media.schema, ctx.location.child(["content", type, "schema"]), ctx);
      }
    },
  };
}
