/** Why: a contract's names become names in code; what cannot be one, or would be one twice, is told before anything is written. */

import { ContractError } from "./contract-error.js";
import { exportsOf } from "./index-file.js";
import type { Document } from "./openapi.js";

/** Types of the language that the generated code means by their names. */
const TAKEN = ["Array", "Headers", "Partial", "Pick", "Promise", "Readonly", "Record", "Request", "Response"];

/** Schemas become types of their own names. */
export function checkSchemaNames({ components: { schemas = {} } = {} }: Document): void {
  const odd = Object.keys(schemas).find((name) => !/^[A-Z][A-Za-z0-9]*$/.test(name) || TAKEN.includes(name));
  if (odd !== undefined)
    throw new ContractError(
      `#/components/schemas/${odd}: a schema is named by letters and digits, as a type is, and not as one of the language: Thing2`,
    );
}

/** Modules of one folder see each other, and their exports are listed side by side. */
export function checkExports(modules: Readonly<Record<string, string>>): void {
  const seen = new Map<string, string>();
  for (const [module, source] of Object.entries(modules)) {
    for (const { name } of exportsOf(source)) {
      const other = seen.get(name);
      if (other !== undefined)
        throw new ContractError(`two things would be called ${name}, in ${other}.ts and in ${module}.ts: rename one`);
      seen.set(name, module);
    }
  }
}
