/** Why: one typed function per operation over openapi-fetch: generated/client.ts. */
import { docComment, literal, pascalCase, propertyName } from "./code.js";
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
    call(operation, surroundings.endpoint),
  ]);
  return [imports(operations, surroundings), ...code].join("\n\n");
}

function imports(operations: readonly BuiltOperation[], { endpoint, top }: ClientSurroundings): string {
  const facts = [endpoint.split(".")[0] ?? endpoint, ...operations.map(({ name }) => `${name}Operation`)];
  const bodies = operations.flatMap(({ body }) => (body ? [body.typeName] : []));
  const contents = operations.flatMap(({ replies }) =>
    Object.values(replies).flatMap((reply) => contentType(reply) ?? []),
  );
  const validators = operations.flatMap(({ pathParameters }) =>
    pathParameters.map(({ name }) => `validate${pascalCase(name)}`),
  );
  const list = (names: readonly string[]) => [...new Set(names)].sort().join(", ");
  return `import createClient from "openapi-fetch";
import { ${list(facts)} } from "./operations.js";
import { assertValid, type NamedHeaders, type RequestOptions, send } from "${top}request.js";
import type { ${list([...bodies, ...contents, "paths"])} } from "./schema.js";
import { ${list(validators)} } from "./validate.js";`;
}

function pathInterface({ typeName, summary, pathParameters }: BuiltOperation): string {
  const members = pathParameters.map(
    ({ name, description }) => `${description ? `${docComment(description)}\n` : ""}${propertyName(name)}: string;`,
  );
  return `${docComment(`${summary}: what its URL names.`)}
export interface ${typeName}Path {
${members.join("\n")}
}`;
}

function initInterface({ typeName, summary, body }: BuiltOperation): string {
  const member = body
    ? `body${body.required ? ": " : "?: "}${body.typeName}${body.required ? "" : " | undefined"};\n`
    : "";
  return `${docComment(`${summary}: what it takes beside the URL.`)}
export interface ${typeName}Init extends RequestOptions {
${member}}`;
}

/** A type for each declared answer, and their union. */
function answers({ typeName, summary, replies }: BuiltOperation): string[] {
  const all = Object.entries(replies).map(([status, reply]) => answer(typeName, status, reply));
  const union = docComment(`${summary}: its answer, unread. \`ok\` and \`status\` tell which one it is.`);
  return [
    ...all.map(({ code }) => code),
    `${union}\nexport type ${typeName}Response = ${all.map(({ name }) => name).join(" | ")};`,
  ];
}

function answer(typeName: string, status: string, reply: Reply): { readonly name: string; readonly code: string } {
  if (!/^(?:[2-5]\d\d|default)$/.test(status))
    throw new ContractError(`${typeName}: the status ${status} is not supported`);
  const name = `${typeName}${status === "default" ? "Error" : status}`;
  const headers = Object.keys(reply.headers ?? {}).map((header) => literal(header));
  const members = [
    `readonly ok: ${/^2/.test(status)};`,
    ...(status === "default" ? [] : [`readonly status: ${status};`]),
    ...(headers.length > 0 ? [`readonly headers: NamedHeaders<${headers.join(" | ")}>;`] : []),
    `json(): Promise<${contentType(reply) ?? "unknown"}>;`,
  ];
  return {
    name,
    code: `${docComment(reply.description)}
export interface ${name} extends Response {
${members.join("\n")}
}`,
  };
}

function call({ pathParameters, ...operation }: BuiltOperation, endpoint: string): string {
  const { name, typeName, summary, method, body } = operation;
  const values = pathParameters.map((parameter) => parameter.name).join(", ");
  const checks = pathParameters.map(
    (each) => `...validate${pascalCase(each.name)}(${each.name}, ${literal(each.name)}),`,
  );
  const optional = "...(init.body !== undefined && { body: init.body }),";
  return `${docComment(
    `${summary}: sends the request once and resolves to the answer, whatever its status.`,
    "",
    `@throws {TypeError} for a path value or an endpoint that breaks its rule; nothing is sent then.`,
  )}
export async function ${name}(
  path: ${typeName}Path,
  init: ${typeName}Init${body?.required ? "" : " = {}"},
): Promise<${typeName}Response> {
  const { ${values} } = path;
  assertValid([${checks.join("\n")}]);
  const operation = ${name}Operation;
  const target = { endpoint: init.endpoint ?? ${endpoint}, path: operation.path, values: { ${values} } };
  const answer = await send(target, init, (options) =>
    createClient<paths>(options).${method}(operation.path, {
      params: { path: { ${values} }, query: { "api-version": operation.apiVersion } },
      ${body === undefined ? "" : body.required ? "body: init.body," : optional}
    }),
  );
  return answer as ${typeName}Response;
}`;
}

function contentType({ content = {} }: Reply): string | undefined {
  return referredName(content["application/json"]?.schema);
}
