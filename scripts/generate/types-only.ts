/**
 * Why: openapi-typescript leaves lengths and patterns out of its comments and turns schemas that only restrict strings
 * into `string & (…)`. So it is given a document whose descriptions say it all and whose schemas say only what a type can.
 */

import { wrap } from "./code.js";
import type { Document, Header, MediaType, Operation, PathItem, Reply, Schema, SubSchema } from "./openapi.js";

/** The document as openapi-typescript should see it. */
export function typesOnly({ paths = {}, components = {}, ...document }: Document): Document {
  const { schemas = {}, pathItems = {} } = components;
  return {
    ...document,
    paths: mapValues(paths, pathItem),
    components: { schemas: mapValues(schemas, typed), pathItems: mapValues(pathItems, pathItem) },
  };
}

function pathItem(item: PathItem): PathItem {
  return mapValues(item, (each) => (typeof each === "object" ? operation(each) : each));
}

function operation(source: Operation): Operation {
  const { summary, parameters, requestBody, responses, ...rest } = source;
  return {
    ...rest,
    description: comment(summary, rest.description),
    ...(parameters && {
      parameters: parameters.map(({ name, in: place, ...each }) => ({ name, in: place, ...carrier(each) })),
    }),
    ...(requestBody && { requestBody: { ...requestBody, content: mapValues(requestBody.content, media) } }),
    responses: mapValues(responses, reply),
  };
}

function reply({ headers = {}, content, ...rest }: Reply): Reply {
  return { ...rest, headers: mapValues(headers, carrier), ...(content && { content: mapValues(content, media) }) };
}

function media({ schema }: MediaType): MediaType {
  return schema ? { schema: typed(schema) } : {};
}

/** A parameter or a header. The comment stands at it and not at its schema, so it says what the schema asks for. */
function carrier({ description, required, schema }: Header): Header {
  const { description: said, ...bare } = typed({ ...schema, ...(description !== undefined && { description }) });
  return { ...(said !== undefined && { description: said }), required: required === true, schema: bare };
}

/** The schema with its constraints in its description, and otherwise only with what decides on the type. */
function typed(schema: Schema): Schema {
  const { description, properties, items, additionalProperties } = schema;
  const said = comment(description, tags(schema));
  return {
    ...(said && { description: said }),
    ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => decidesOnType.has(keyword))),
    ...(properties && { properties: mapValues(properties, inner) }),
    ...(items !== undefined && { items: inner(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: inner(additionalProperties) }),
    ...(isPrimitive(schema) ? {} : compositions(schema)),
  };
}

function inner(schema: SubSchema): SubSchema {
  return typeof schema === "object" ? typed(schema) : schema;
}

/** Without the parts that only restrict, and without a choice of which one part is of any type. */
function compositions({ allOf = [], anyOf = [], oneOf = [] }: Schema): Schema {
  const parts = {
    allOf: allOf.filter(isTyped),
    anyOf: anyOf.every(isTyped) ? anyOf : [],
    oneOf: oneOf.every(isTyped) ? oneOf : [],
  };
  const used = Object.entries(parts).filter(([, schemas]) => schemas.length > 0);
  return Object.fromEntries(used.map(([keyword, schemas]) => [keyword, schemas.map(inner)]));
}

function isTyped(schema: SubSchema): boolean {
  return typeof schema === "object" && Object.keys(schema).some((keyword) => typeKeywords.has(keyword));
}

function isPrimitive({ type }: Schema): boolean {
  return type !== undefined && ![type].flat().some((name) => name === "object" || name === "array");
}

const decidesOnType = new Set(["$ref", "type", "const", "enum", "required", "deprecated"]);
const typeKeywords = new Set([
  ...decidesOnType,
  "properties",
  "items",
  "additionalProperties",
  "allOf",
  "anyOf",
  "oneOf",
]);

/** The keywords that become tags of the comment, in this order. */
const tagNames = [
  ...["format", "contentEncoding", "default", "minLength", "maxLength", "pattern", "minimum", "maximum"],
  ...["exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems"],
];

function tags(schema: Schema): string {
  const used = tagNames.filter((name) => schema[name] !== undefined);
  return used
    .map((name) => `@${name} ${typeof schema[name] === "string" ? schema[name] : JSON.stringify(schema[name])}`)
    .join("\n");
}

/** Paragraphs, wrapped where they are prose. */
function comment(...texts: readonly (string | undefined)[]): string {
  const paragraphs = texts.filter((text) => text);
  return paragraphs.map((text = "") => (text.startsWith("@") ? text : wrap(text, 100).join("\n"))).join("\n\n");
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
