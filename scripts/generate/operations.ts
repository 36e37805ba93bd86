/** Why: what a contract says about its operations as data, one const each, so that an importer pays for what it uses. */

import { docComment, literal, member } from "./code.js";
import { ContractError } from "./contract-error.js";
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
  return cloud === undefined ? "endpoint" : `clouds${member(cloud)}`;
}

function servers({ servers: all = [] }: Document): string[] {
  const vague = all.find(({ url }) => url.includes("{"));
  if (vague) throw new ContractError(`the server ${vague.url} leaves open which host sees the token`);
  const names = all.flatMap((server) => server["x-ms-cloud"] ?? []);
  const [first] = all;
  if (names.length > 0) {
    if (names.length < all.length) throw new ContractError("either every server has an x-ms-cloud, or none");
    if (new Set(names).size < names.length) throw new ContractError("two servers are of the same x-ms-cloud");
    const byName = Object.fromEntries(all.map((server) => [server["x-ms-cloud"], server.url]));
    return [`${docComment("The endpoint of each cloud.")}\nexport const clouds = ${literal(byName)} as const;`];
  }
  if (first === undefined) return [];
  return [`${docComment("Where the operations are served.")}\nexport const endpoint = ${literal(first.url)};`];
}

function fact({ name, operationId, method, path, apiVersion }: BuiltOperation): string {
  const facts = { method, path, apiVersion };
  return `${docComment(`The request of ${operationId}.`)}\nexport const ${name}Operation = ${literal(facts)} as const;`;
}

function examples(operation: BuiltOperation): string {
  const comment = docComment(`The contract's samples of ${operation.operationId}.`);
  return `${comment}\nexport const ${operation.name}Examples = ${literal(samplesOf(operation))} as const;`;
}

/** The samples of an operation, as they are exported. */
export function samplesOf({ source, pathParameters, replies }: BuiltOperation): Readonly<Record<string, Json>> {
  return {
    path: firstExamples(pathParameters.map((each) => [each.name, each])),
    requests: mediaExamples(source.requestBody?.content),
    replies: Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, replyExamples(reply)])),
  };
}

function replyExamples({ headers = {}, content }: Reply): Json {
  return { headers: firstExamples(Object.entries(headers)), bodies: mediaExamples(content) };
}

/** The first sample of each header or parameter that has one. */
function firstExamples(carriers: readonly (readonly [name: string, carrier: Header])[]): Record<string, Json> {
  const values = carriers.flatMap(([name, carrier]) => {
    const [value] = Object.values(exampleValues(carrier));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

function mediaExamples(content: Readonly<Record<string, MediaType>> = {}): Readonly<Record<string, Json>> {
  return Object.assign({}, ...Object.values(content).map(exampleValues));
}

/** The samples by their names; one without a name is called `example`. */
function exampleValues({ example, examples = {} }: Header | MediaType): Readonly<Record<string, Json>> {
  const named = Object.entries({ example: { value: example }, ...examples }).flatMap(([name, { value }]) =>
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
