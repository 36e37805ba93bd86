// What `redocly diff` does not look at: it follows references and so never sees the names, and it skips what an OAuth flow offers.
import type { Reason } from "./rate.js";

/** What we read of a contract. */
export interface Contract {
  info: { version: string };
  servers?: { url: string }[];
  paths?: object;
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

/** Changes of names that callers write down: a schema is an exported type, a sample a property, a scheme a way to sign in. */
export function nameChanges(base: Contract, revision: Contract): Reason[] {
  const before = base.components ?? {};
  const now = revision.components ?? {};
  const signs = { before: leaves(before.securitySchemes), now: leaves(now.securitySchemes) };
  const gone = [
    ...missing(before.schemas, now.schemas).map(
      (name) => `the definition ${name} is gone, and with it an exported type`,
    ),
    ...missing(signs.before, signs.now).map((leaf) => `signing in changed: ${leaf} is gone`),
    ...missing(samples(base.paths), samples(revision.paths)).map(
      (name) => `the sample ${name} is gone, and with it an exported property`,
    ),
    ...(base.servers?.[0]?.url === revision.servers?.[0]?.url ? [] : ["requests go to another server unless told"]),
  ];
  const come = missing(signs.now, signs.before).map((leaf) => `signing in changed: ${leaf} is new`);
  return [
    ...gone.map((message) => ({ impact: "major" as const, message, where: "names" })),
    ...come.map((message) => ({ impact: "minor" as const, message, where: "names" })),
  ];
}

/** The samples of bodies as keys: `requestBody/tempDisk`, `default/busy`. */
function samples(tree: unknown, of = ""): Record<string, true> {
  if (tree === null || typeof tree !== "object") return {};
  const inner = Object.entries(tree).map(([key, value]) => {
    if (key === "headers" || key === "parameters") return {};
    if (key === "examples") return Object.fromEntries(Object.keys(value ?? {}).map((name) => [`${of}/${name}`, true]));
    return samples(value, /^(requestBody|default|\d{3})$/.test(key) ? key : of);
  });
  return Object.assign({}, ...inner);
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
