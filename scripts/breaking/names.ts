// What `redocly diff` does not look at: it follows references and so never sees the names, and it skips what an OAuth flow offers.
import type { Reason } from "./rate.js";

/** What we read of a contract. */
export interface Contract {
  info: { version: string };
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

/** Changes of names that callers write down: each schema is an exported type, each scheme a way to sign in. */
export function nameChanges(base: Contract, revision: Contract): Reason[] {
  const before = base.components ?? {};
  const now = revision.components ?? {};
  return [
    ...missing(before.schemas, now.schemas).map(
      (name) => `the definition ${name} is gone, and with it an exported type`,
    ),
    ...missing(leaves(before.securitySchemes), leaves(now.securitySchemes)).map(
      (leaf) => `signing in changed: ${leaf} is gone`,
    ),
  ].map((message) => ({ impact: "major", message, where: "components" }));
}

function missing(before: object = {}, now: object = {}): string[] {
  return Object.keys(before).filter((name) => !(name in now));
}

/** Every `path: value` of a tree as a key. Descriptions are prose and left out. */
function leaves(tree: unknown, path = ""): Record<string, true> {
  if (tree === null || typeof tree !== "object") return { [`${path}: ${tree}`]: true };
  const inner = Object.entries(tree).filter(([key]) => key !== "description");
  return Object.assign({}, ...inner.map(([key, value]) => leaves(value, path ? `${path}.${key}` : key)));
}
