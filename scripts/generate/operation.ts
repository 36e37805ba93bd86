/** Why: an operation as the generators of facts, validators and clients see it, taken from the document once. */

import { camelCase, pascalCase } from "./code.js";
import { ContractError } from "./contract-error.js";
import type { Document, Operation, Parameter, Reply, Schema } from "./openapi.js";

/** An operation whose URL is built here. Operations of `components/pathItems` are followed, never built: they are types only. */
export interface BuiltOperation {
  /** `virtualMachinesReimage` */
  readonly name: string;
  /** `VirtualMachinesReimage` */
  readonly typeName: string;
  readonly operationId: string;
  readonly description: string;
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly pathParameters: readonly Parameter[];
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly replies: Readonly<Record<string, Reply>>;
  readonly source: Operation;
}

export interface RequestBody {
  readonly typeName: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description: string;
}

const methods = ["get", "post", "put", "patch", "delete"];
const schemaReference = /^#\/components\/schemas\/(\w+)$/;

/** All operations of the document whose URL is built here. */
export function builtOperations(document: Document): BuiltOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      if (!methods.includes(method)) throw new ContractError(`${path}: no client can be made of \`${method}\``);
      return built(path, method, operation);
    }),
  );
}

/** The name of the schema that a reference points at, undefined for anything else. */
export function referredName(schema: Schema | undefined): string | undefined {
  return schemaReference.exec(schema?.$ref ?? "")?.[1];
}

function built(path: string, method: string, operation: Operation): BuiltOperation {
  const { operationId, parameters = [], servers } = operation;
  const where = `the operation ${operationId}`;
  if (servers) throw new ContractError(`${where}: servers of its own are not supported`);
  const unread = parameters.find(({ schema }) => schema === undefined);
  if (unread)
    throw new ContractError(
      `${where}: the parameter ${unread.name} must have a \`schema\`; \`content\` is not supported`,
    );
  const pathParameters = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => {
    const parameter = parameters.find((each) => each.in === "path" && each.name === name);
    if (parameter === undefined) throw new ContractError(`${where}: {${name}} has no parameter`);
    if (parameter.schema.type !== "string")
      throw new ContractError(`${where}: the parameter ${name} must say \`type: string\` itself, as a path is text`);
    return parameter;
  });
  const rest = parameters.filter((each) => !pathParameters.includes(each));
  const [version, ...unsupported] = rest;
  const apiVersion = version?.schema.const;
  if (version?.in !== "query" || version.name !== "api-version" || typeof apiVersion !== "string") {
    throw new ContractError(`${where}: api-version must be a query parameter with a const`);
  }
  const [other] = unsupported;
  if (other) throw new ContractError(`${where}: the parameter ${other.name} is not supported`);
  return {
    name: camelCase(operationId),
    typeName: pascalCase(operationId),
    operationId,
    description: operation.description ?? "",
    method: method.toUpperCase(),
    path,
    apiVersion,
    pathParameters,
    parameters,
    body: requestBody(where, operation),
    replies: operation.responses,
    source: operation,
  };
}

function requestBody(where: string, { requestBody: body }: Operation): BuiltOperation["body"] {
  if (body === undefined) return undefined;
  const schema = body.content["application/json"]?.schema;
  const typeName = referredName(schema);
  if (schema === undefined || typeName === undefined || Object.keys(body.content).length !== 1) {
    throw new ContractError(
      `${where}: the body must be application/json alone, its schema a $ref into components/schemas`,
    );
  }
  return { typeName, schema, required: body.required === true, description: body.description ?? "" };
}
