/** Why: a request as data: nothing is sent here, so that whoever sends decides how. Copied to generated/request.ts. */
import type { Issue } from "./validate.js";

/** One request of the contract: what `fetch(url, init)` is told, but for what every call adds of its own. */
export interface ApiRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The facts of an operation. @internal */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string;
}

/**
 * The request of a call, once its values keep their rules, each of them one encoded segment. The URL is compared with what was
 * meant, since dots would climb, and an endpoint with a query would end the path early.
 *
 * @param values - of the path parameters; an issue names the rule, never the value
 * @internal
 */
export function requestOf(
  { method, path, apiVersion }: Operation,
  values: Readonly<Record<string, string>>,
  [issue]: readonly Issue[],
  endpoint: string,
  content?: unknown,
): ApiRequest {
  if (issue) throw new TypeError(`${issue.path}: ${issue.rule}`);
  const meant = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));
  const url = `${endpoint.replace(/\/$/, "")}${meant}?api-version=${apiVersion}`;
  const { username, password, pathname } = new URL(url);
  if (username || password || !pathname.endsWith(meant))
    throw new TypeError("endpoint: must have no user, query or fragment");
  if (content === undefined) return { url, method, headers: {}, body: null };
  return { url, method, headers: { "content-type": "application/json" }, body: JSON.stringify(content) };
}
