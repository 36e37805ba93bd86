/**
 * Why: a bundled contract still points at its own headers, parameters, examples and responses. Inlined, every generator
 * can read an operation as it stands, and the types keep what openapi-typescript drops at a reference (whether a header
 * is optional). References to schemas stay: they are the names of the types.
 */

import { ContractError } from "./contract-error.js";
import type { Document } from "./openapi.js";

const toSchemas = "#/components/schemas/";

/** The document with everything inlined but schemas, and without the components that nothing refers to any more. */
export function inlineReferences(bundled: unknown): Document {
  const inline = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(inline);
    if (!isRecord(node)) return node;
    const { $ref } = node;
    if (typeof $ref === "string" && !$ref.startsWith(toSchemas)) return inline(lookUp(bundled, $ref));
    if (typeof $ref === "string") return described(node, lookUp(bundled, $ref));
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value)]));
  };
  const { components: { schemas, pathItems } = {}, ...rest } = inline(bundled) as Document;
  return { ...rest, components: { ...(schemas && { schemas }), ...(pathItems && { pathItems }) } };
}

/** A reference to a schema says what the schema says, unless it has words of its own. */
function described(reference: Record<string, unknown>, target: unknown): unknown {
  return isRecord(target) && "description" in target ? { description: target.description, ...reference } : reference;
}

/** What a local reference (`#/components/headers/Location`) points at. */
function lookUp(document: unknown, reference: string): unknown {
  const keys = reference.split("/").slice(1);
  const target = keys.reduce<unknown>((node, key) => {
    const name = decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
    return isRecord(node) && Object.hasOwn(node, name) ? node[name] : undefined;
  }, document);
  if (!reference.startsWith("#/") || target === undefined) throw new ContractError(`${reference} points at nothing`);
  return target;
}

function isRecord(node: unknown): node is Record<string, unknown> {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
