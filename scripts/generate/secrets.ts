/** Why: what must never leave is marked in the contract alone (`x-ms-secret`); redaction learns the ways to it from here. */

import { ContractError } from "./contract-error.js";
import type { Document, SubSchema } from "./openapi.js";
import { referredName } from "./operation.js";

/** The ways from a schema's value to each secret in it. */
export function secretPaths(document: Document, schema: SubSchema): string[][] {
  const found = new Map<string, { readonly path: string[]; readonly inside: readonly SubSchema[] }>();
  const endless = new Set<SubSchema>();
  const visit = (node: SubSchema | undefined, path: string[], above: readonly SubSchema[]): void => {
    if (typeof node !== "object") return;
    if (above.includes(node)) return void endless.add(node);
    const inside = [...above, node];
    if (node["x-ms-secret"] === true) found.set(JSON.stringify(path), { path, inside });
    const target = document.components?.schemas?.[referredName(node) ?? ""];
    for (const same of [target, node.allOf, node.anyOf, node.oneOf].flat()) visit(same, path, inside);
    for (const [name, property] of Object.entries(node.properties ?? {})) visit(property, [...path, name], inside);
    for (const each of [node.items, node.additionalProperties]) visit(each, [...path, "*"], inside);
  };
  visit(schema, [], []);
  for (const { path, inside } of found.values()) {
    const where = path.join(".");
    if (path.includes("*")) throw new ContractError(`${where}: a secret in a list or a map cannot be cut by name`);
    if (inside.some((node) => endless.has(node)))
      throw new ContractError(`${where}: a secret in a schema that holds itself cannot be cut by name`);
  }
  return Array.from(found.values(), ({ path }) => path);
}
