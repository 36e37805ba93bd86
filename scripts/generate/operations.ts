/** Why: what a contract says about its operations as data, one const each, so that an importer pays for what it uses. */

import { docComment, literal } from "./code.js";
import type { Document, Header, Json, MediaType, Reply } from "./openapi.js";
import type { BuiltOperation } from "./operation.js";
import { secretPaths } from "./secrets.js";

/** The source of operations.ts. */
export function operationsSource(document: Document, operations: readonly BuiltOperation[]): string {
  return [
    ...servers(document),
    ...operations.flatMap((operation) => [fact(operation), examples(operation)]),
    ...secrets(document, operations),
  ].join("\n\n");
}

/** What operations.ts exports as the endpoint that a client falls back on. */
export function endpointExpression({ servers: [first] = [] }: Document): string {
  const cloud = first?.["x-ms-cloud"];
  return cloud === undefined ? "endpoint" : `clouds.${cloud}`;
}

function servers({ servers: all = [] }: Document): string[] {
  const clouds = all.filter((server) => server["x-ms-cloud"] !== undefined);
  const [first] = all;
  if (clouds.length > 0) {
    const byName = Object.fromEntries(clouds.map((server) => [server["x-ms-cloud"], server.url]));
    return [`${docComment("The endpoint of each cloud.")}\nexport const clouds = ${literal(byName)} as const;`];
  }
  if (first === undefined) return [];
  return [`${docComment("Where the operations are served.")}\nexport const endpoint = ${literal(first.url)};`];
}

function fact({ name, operationId, method, path, apiVersion }: BuiltOperation): string {
  const facts = { operationId, method, path, apiVersion };
  return `${docComment(`The request of ${operationId}.`)}\nexport const ${name}Operation = ${literal(facts)} as const;`;
}

function examples({ name, operationId, source, pathParameters, replies }: BuiltOperation): string {
  const path = pathParameters.flatMap((each) =>
    each.example === undefined ? [] : [[each.name, each.example] as const],
  );
  const all = {
    path: Object.fromEntries(path),
    requests: mediaExamples(source.requestBody?.content),
    replies: Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, replyExamples(reply)])),
  };
  const comment = docComment(`The contract's samples of ${operationId}.`);
  return `${comment}\nexport const ${name}Examples = ${literal(all)} as const;`;
}

function replyExamples({ headers = {}, content }: Reply): Json {
  const values = Object.entries(headers).flatMap(([name, header]) => {
    const [value] = Object.values(exampleValues(header));
    return value === undefined ? [] : [[name, value] as const];
  });
  return { headers: Object.fromEntries(values), bodies: mediaExamples(content) };
}

function mediaExamples(content: Readonly<Record<string, MediaType>> = {}): Readonly<Record<string, Json>> {
  return Object.assign({}, ...Object.values(content).map(exampleValues));
}

function exampleValues({ examples: all = {} }: Header | MediaType): Readonly<Record<string, Json>> {
  const named = Object.entries(all).flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(named);
}

function secrets(document: Document, operations: readonly BuiltOperation[]): string[] {
  const paths = operations.flatMap(({ body }) => (body ? secretPaths(document, body.schema) : []));
  if (paths.length === 0) return [];
  const comment = docComment("The ways to the secrets in a request body: never to be logged, stored or quoted.");
  return [`${comment}\nexport const secretPaths: readonly (readonly string[])[] = ${literal(paths)};`];
}
