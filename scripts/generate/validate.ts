/** Why: the contract's constraints as code, generated/validate.ts, which needs no library when it runs. */

import { docComment, pascalCase } from "./code.js";
import { issuesOf } from "./compile.js";
import { ContractError } from "./contract-error.js";
import type { Document, Schema } from "./openapi.js";
import { type BuiltOperation, referredName } from "./operation.js";
import { declarations } from "./templates.js";

interface Validated {
  readonly name: string;
  readonly schema: Schema;
  readonly pointer: string;
}

/** The source of validate.ts: a function for every parameter and for every schema that a request body reaches. */
export function validateSource(document: Document, operations: readonly BuiltOperation[], template: string): string {
  const functions = validated(document, operations).map(({ name, schema, pointer }) => {
    const issues = issuesOf(schema, { pointer });
    const unused = issues === "[]" ? "_" : "";
    return `${docComment(`Lists the rules of ${name} that \`value\` breaks.`)}
export function validate${name}(${unused}value: unknown, ${unused}path = ""): Issue[] {
  return ${issues};
}`;
  });
  const { Issue, ...helpers } = Object.fromEntries(declarations(template));
  const code = `${Issue?.replace("interface", "export interface")}\n\n${functions.join("\n\n")}`;
  return withHelpers(code, helpers);
}

/** The code and the helpers that it calls, and those that these call. */
function withHelpers(code: string, helpers: Readonly<Record<string, string>>): string {
  const next = Object.keys(helpers).find(
    (name) => new RegExp(`\\b${name}\\b[(,>)]`).test(code) && !code.includes(helpers[name] ?? ""),
  );
  return next === undefined ? code : withHelpers(`${code}\n\n${helpers[next]}`, helpers);
}

function validated(document: Document, operations: readonly BuiltOperation[]): Validated[] {
  const all = operations.flatMap((operation) => [...reachable(document, operation), ...parametersOf(operation)]);
  const byName = new Map<string, Validated>();
  for (const each of all) {
    const known = byName.get(each.name) ?? each;
    if (JSON.stringify(known.schema) !== JSON.stringify(each.schema)) {
      throw new ContractError(`${each.pointer} and ${known.pointer} differ, and both would be validate${each.name}`);
    }
    byName.set(each.name, known);
  }
  return [...byName.values()];
}

function parametersOf({ operationId, parameters }: BuiltOperation): Validated[] {
  return parameters.map(({ name, schema }) => ({
    name: pascalCase(name),
    schema,
    pointer: `${operationId}: parameter ${name}: /schema`,
  }));
}

/** The schema of the body and all that it refers to, the body first. */
function reachable(document: Document, { body }: BuiltOperation): Validated[] {
  const found = new Map<string, Validated>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const name = referredName(node as Schema);
    if (name !== undefined && !found.has(name)) {
      const schema = document.components?.schemas?.[name];
      if (schema === undefined) throw new ContractError(`#/components/schemas/${name} is not there`);
      found.set(name, { name, schema, pointer: `#/components/schemas/${name}` });
      visit(schema);
    }
    Object.values(node).forEach(visit);
  };
  visit(body?.schema);
  return [...found.values()];
}
