// What `redocly diff` does not look at: it follows references and so never sees the names, and it skips what an OAuth flow offers.
import type { Json } from "../generate/openapi.js";
import type { BuiltOperation } from "../generate/operation.js";
import { samplesOf } from "../generate/operations.js";
import type { Reason } from "./rate.js";

/** What we read of a contract. */
export interface Contract {
  info: { version: string };
  servers?: { url: string }[];
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

/** Changes of names that callers write down: each schema is an exported type, each scheme a way to sign in. */
export function nameChanges(base: Contract, revision: Contract): Reason[] {
  const before = base.components ?? {};
  const now = revision.components ?? {};
  const signs = { before: leaves(before.securitySchemes), now: leaves(now.securitySchemes) };
  const gone = [
    ...missing(before.schemas, now.schemas).map(
      (name) => `the definition ${name} is gone, and with it an exported type`,
    ),
    ...missing(signs.before, signs.now).map((leaf) => `signing in changed: ${leaf} is gone`),
    ...(base.servers?.[0]?.url === revision.servers?.[0]?.url ? [] : ["requests go to another server unless told"]),
  ];
  const come = missing(signs.now, signs.before).map((leaf) => `signing in changed: ${leaf} is new`);
  return [
    ...gone.map((message) => ({ impact: "major" as const, message, where: "names" })),
    ...come.map((message) => ({ impact: "minor" as const, message, where: "names" })),
  ];
}

function missing(before: object = {}, now: object = {}): string[] {
  return Object.keys(before).filter((name) => !(name in now));
}

/** Changes of the samples that are exported as facts: each is a property by its name. */
export function sampleChanges(base: readonly BuiltOperation[], revision: readonly BuiltOperation[]): Reason[] {
  return base.flatMap((operation) => {
    const now = revision.find(({ name }) => name === operation.name);
    const names = now ? gone(samplesOf(operation), samplesOf(now), `${operation.name}Examples`) : [];
    return names.map((name) => ({ impact: "major" as const, message: `the sample ${name} is gone`, where: "samples" }));
  });
}

/** The samples that are not there any more, where what held them is. */
function gone(before: Json | undefined, now: Json | undefined, path: string): string[] {
  const held = Object(before) as Readonly<Record<string, Json>>;
  const holds = Object(now) as Readonly<Record<string, Json>>;
  const isShelf = /\.(path|requests|bodies|headers)$/.test(path);
  return Object.keys(held).flatMap((name) => {
    if (isShelf) return name in holds ? [] : [`${path}.${name}`];
    return name in holds ? gone(held[name], holds[name], `${path}.${name}`) : [];
  });
}

/** Every `path: value` of a tree as a key. Descriptions are prose and left out. */
function leaves(tree: unknown, path = ""): Record<string, true> {
  if (tree === null || typeof tree !== "object") return { [`${path}: ${tree}`]: true };
  const inner = Object.entries(tree).filter(([key]) => key !== "description");
  return Object.assign({}, ...inner.map(([key, value]) => leaves(value, path ? `${path}.${key}` : key)));
}
