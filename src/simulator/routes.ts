import { virtualMachinesReimageOperation as reimage } from "../../generated/operations.js";

/** What a request asks for: the reimage of a VM, the status of one, or the VM itself. */
export type RouteKind = "reimage" | "status" | "read";

/** One thing that can be asked for. */
export interface Route {
  readonly kind: RouteKind;
  readonly method: string;
  /** With names in braces, as in the contract. */
  readonly path: string;
}

/** A path that leads somewhere: the route, and the names in it. */
export interface Match {
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
}

const [provider = ""] = /\/providers\/[^/]+/.exec(reimage.path) ?? [];
const subscription = reimage.path.replace(/\/resourceGroups\/.*$/i, "");

/** The path of the status URLs, which the contract's own path tells all but the end of. */
export const STATUS_PATH: string = `${subscription}${provider}/locations/{location}/operations/{operationId}`;

/** The path of a VM: that of the reimage without the action at its end. */
const VM_PATH = reimage.path.replace(/\/[^/]*$/, "");

/** All that this simulator answers. */
export const ROUTES: readonly Route[] = [
  { kind: "reimage", method: reimage.method, path: reimage.path },
  { kind: "status", method: "GET", path: STATUS_PATH },
  { kind: "read", method: "GET", path: VM_PATH },
];

/** Finds where a path leads. Fixed segments compare without case, as ARM compares them. */
export function match(path: string): Match | undefined {
  for (const route of ROUTES) {
    const names = namesIn(route.path, path);
    if (names !== undefined) return { route, names };
  }
  return undefined;
}

/** Writes names into a path of the contract. */
export function fill(path: string, names: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
}

/** The ARM resource id of a VM. */
export function vmId(names: Readonly<Record<string, string>>): string {
  return fill(VM_PATH, names);
}

function namesIn(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const expected = template.split("/");
  const segments = path.split("/");
  if (segments.length !== expected.length) return undefined;
  const names: Record<string, string> = {};
  for (const [i, part] of expected.entries()) {
    const segment = decoded(segments[i] ?? "");
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (segment === undefined) return undefined;
    if (name !== undefined) names[name] = segment;
    else if (segment.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return names;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
