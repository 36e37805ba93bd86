// Generated from scripts/generate/templates/request.ts: do not edit. Change that, then `npm run generate`.
// Its sha256: a4499e2662621c5352766718ff916bf76007ffc4c43e4000b12e764ccc49d88c

import type { Issue } from "./validate.js";

/** One request of the contract: what `fetch(url, init)` is told, but for what every call adds of its own. */
export interface ApiRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The facts of an operation. @internal */
export interface Operation<Path extends string> {
  readonly method: string;
  readonly path: Path;
  readonly apiVersion: string;
}

/** The names between the braces of a path. */
type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** Throws at the first issue. It names the rule, never the value. @internal */
export function refuse([issue]: readonly Issue[]): void {
  if (issue) throw new TypeError(`${issue.path}: ${issue.rule}`);
}

/**
 * The request of a call, each of its values one encoded segment. The URL is compared with what was meant, since dots would
 * climb, and an endpoint with a query would end the path early.
 *
 * @param values - of the path parameters, once they keep their rules
 * @internal
 */
export function requestOf<Path extends string>(
  { method, path, apiVersion }: Operation<Path>,
  values: Readonly<Record<Names<Path>, string>>,
  endpoint: string,
  content?: unknown,
): ApiRequest {
  const meant = path.replace(/\{([^{}]+)\}/g, (_, name: Names<Path>) => encodeURIComponent(values[name]));
  const url = `${endpoint.replace(/\/+$/, "")}${meant}?api-version=${apiVersion}`;
  const { href, origin, pathname } = new URL(url);
  if (!href.startsWith(`${origin}/`) || !pathname.endsWith(meant))
    throw new TypeError("endpoint: must have no user, query or fragment");
  const body = content === undefined ? null : JSON.stringify(content);
  return { url, method, headers: body === null ? {} : { "content-type": "application/json" }, body };
}
