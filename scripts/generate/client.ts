/** Why: two typed functions per operation, its request and its call: generated/client.ts. */

import { docComment, literal, member, pascalCase, propertyName } from "./code.js";
import { ContractError } from "./contract-error.js";
import type { Reply } from "./openapi.js";
import { type BuiltOperation, referredName } from "./operation.js";

export interface ClientSurroundings {
  /** The expression for where requests go unless a caller says otherwise: `endpoint`. */
  readonly endpoint: string;
  /** From the file to the top of generated/: `./`. */
  readonly top: string;
}

/** The source of client.ts. */
export function clientSource(operations: readonly BuiltOperation[], surroundings: ClientSurroundings): string {
  const code = operations.flatMap((operation) => [
    pathInterface(operation),
    initInterface(operation),
    ...answers(operation),
    callFunctions(operation, surroundings.endpoint),
  ]);
  return [imports(operations, surroundings), ...code].join("\n\n");
}

function imports(operations: readonly BuiltOperation[], { endpoint, top }: ClientSurroundings): string {
  const [endpointName = ""] = endpoint.split(/[.[]/);
  const facts = operations.map(({ name }) => `${name}Operation`);
  const bodies = operations.flatMap(({ body }) => (body ? [body.typeName] : []));
  const contents = operations.flatMap(({ replies }) => Object.values(replies).flatMap(contentTypes));
  const validators = operations.flatMap(({ pathParameters }) =>
    pathParameters.map(({ name }) => `validate${pascalCase(name)}`),
  );
  const list = (...names: readonly string[]) => [...new Set(names)].join(", ");
  return `import { ${list(endpointName, ...facts)} } from "./operations.js";
import { type ApiRequest, refuse, requestOf } from "${top}request.js";
import { type NamedHeaders, type RequestOptions, send } from "${top}send.js";
import type { ${list(...bodies, ...contents)} } from "./schema.js";
import { ${list(...validators)} } from "./validate.js";`;
}

function pathInterface({ typeName, operationId, pathParameters }: BuiltOperation): string {
  const members = pathParameters.map(
    ({ name, description }) => `${docComment(description ?? name)}\n${propertyName(name)}: string;`,
  );
  return `${docComment(`The path parameters of ${operationId}.`)}
export interface ${typeName}Path {
${members.join("\n")}
}`;
}

function initInterface({ typeName, operationId, body }: BuiltOperation): string {
  const comment = docComment(`What ${operationId} takes beside its path parameters.`);
  if (body === undefined) return `${comment}\nexport type ${typeName}Init = RequestOptions;`;
  const type = body.required ? `: ${body.typeName}` : `?: ${body.typeName} | undefined`;
  return `${comment}
export interface ${typeName}Init extends RequestOptions {
${docComment(body.description)}
body${type};
}`;
}

/** A type for each declared answer, and their union. */
function answers({ typeName, operationId, replies }: BuiltOperation): string[] {
  const all = Object.entries(replies).map(([status, reply]) => answer(typeName, operationId, status, reply));
  const comment = docComment(
    `An answer of ${operationId}, its body unread. Its \`ok\` and \`status\` tell which one it is.`,
  );
  const union = `${comment}\nexport type ${typeName}Response = ${all.map(({ name }) => name).join(" | ")};`;
  return [...all.map(({ code }) => code), union];
}

interface Answer {
  readonly name: string;
  readonly code: string;
}

function answer(typeName: string, operationId: string, status: string, reply: Reply): Answer {
  if (!/^(?:[2-5]\d\d|default)$/.test(status))
    throw new ContractError(`${operationId}: the status ${status} is not supported`);
  const name = `${typeName}${status === "default" ? "Error" : status}`;
  const headers = Object.keys(reply.headers ?? {}).map((header) => literal(header));
  const members = [
    `readonly ok: ${status.startsWith("2")};`,
    ...(status === "default" ? [] : [`readonly status: ${status};`]),
    ...(headers.length > 0 ? [`readonly headers: NamedHeaders<${headers.join(" | ")}>;`] : []),
    `json(): Promise<${contentTypes(reply).join(" | ") || "unknown"}>;`,
  ];
  const which = status === "default" ? "Any other status" : `Status ${status}`;
  const code = `${docComment(`${which} of ${operationId}: ${reply.description}`)}
export interface ${name} extends Response {
${members.join("\n")}
}`;
  return { name, code };
}

function callFunctions({ pathParameters, ...operation }: BuiltOperation, endpoint: string): string {
  const { name, typeName, operationId, description, body } = operation;
  // Read once: what is checked is what is sent.
  const values = pathParameters.map(({ name }) => `${propertyName(name)}: path${member(name)},`);
  const checks = pathParameters.map(
    ({ name }) => `...validate${pascalCase(name)}(values${member(name)}, ${literal(name)}),`,
  );
  const thrown = "@throws {TypeError} when a path parameter or the endpoint breaks its rule";
  const requestComment = docComment(
    `The request of ${operationId}, for a sender of your own: what the contract says of it, and nothing else.`,
    "",
    `${thrown}.`,
  );
  const comment = docComment(
    ...[description, ""],
    "One request: nothing is repeated, no redirect is followed, no body is read. Every status is an answer.",
    ...["", `${thrown}, before anything is sent.`],
    ...(operation.source.deprecated ? ["@deprecated The contract says so."] : []),
  );
  const taken = `init: ${typeName}Init${body?.required ? "" : " = {}"}`;
  const given = ["endpoint", ...(body ? ["body"] : [])];
  return `${requestComment}
export function ${name}Request(
  path: ${typeName}Path,
  { endpoint: base = ${endpoint}${body ? ", body" : ""} }: Pick<${typeName}Init, ${given.map(literal).join(" | ")}>${body?.required ? "" : " = {}"},
): ApiRequest {
  const values = { ${values.join("\n")} };
  refuse([${checks.join("\n")}]);
  return requestOf(${name}Operation, values, base${body ? ", body" : ""});
}

${comment}
export async function ${name}(path: ${typeName}Path, ${taken}): Promise<${typeName}Response> {
  return (await send(${name}Request(path, init), init)) as ${typeName}Response;
}`;
}

/** The named types of a JSON answer: one, or a choice of several. */
function contentTypes({ content = {} }: Reply): string[] {
  const schema = content["application/json"]?.schema;
  const choice = schema?.anyOf ?? schema?.oneOf ?? [schema];
  const names = choice.map((each) => (typeof each === "object" ? referredName(each) : undefined));
  return names.every((name) => name !== undefined) ? names : [];
}
