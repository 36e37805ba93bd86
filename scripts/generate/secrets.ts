/** Why: what must never leave is marked in the contract alone (`x-ms-secret`); redaction learns the ways to it from here. */

import { ContractError } from "./contract-error.js";
import type { Document, SubSchema } from "./openapi.js";
import { referredName } from "./operation.js";

/** The ways from a schema's value to each secret in it. */
export function secretPaths(document: Document, schema: SubSchema): string[][] {
  const found = new Map<string, string[]>();
  const visit = (node: SubSchema | undefined, path: string[], above: readonly SubSchema[]): void => {
    if (typeof node !== "object" || above.includes(node)) return;
    const inside = [...above, node];
    if (node["x-ms-secret"] === true) found.set(JSON.stringify(path), path);
    const target = document.components?.schemas?.[referredName(node) ?? ""];
    for (const same of [target, node.allOf, node.anyOf, node.oneOf].flat()) visit(same, path, inside);
    for (const [name, property] of Object.entries(node.properties ?? {})) visit(property, [...path, name], inside);
    for (const each of [node.items, node.additionalProperties]) visit(each, [...path, "*"], inside);
  };
  visit(schema, [], []);
  const vague = [...found.values()].find((path) => path.includes("*"));
  if (vague) throw new ContractError(`${vague.join(".")}: a secret in a list or a map cannot be cut by name`);
  return [...found.values()];
}
