// Generated from scripts/generate/templates/request.ts: do not edit. Change that, then `npm run generate`.
// Its sha256: 6e5943a347cb7cc5e45ca488517cba770ede692814277773d461478d8e568a5d

import { mergeHeaders } from "openapi-fetch";
import type { Issue } from "./validate.js";

/** What every call takes. */
export interface RequestOptions {
  /** Sent as they are; `Authorization` is among them. */
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
  /** Another cloud, a gateway; a path in it is kept. */
  endpoint?: string | undefined;
  /** @default globalThis.fetch, as it is when the call is made */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** Headers, of which some are known by name. */
export interface NamedHeaders<Name extends string> extends Headers {
  get(name: Name | (string & Record<never, never>)): string | null;
}

/** The facts of an operation. @internal */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string;
}

/**
 * The URL of a call, once its values keep their rules, each of them one encoded segment. It is compared with what was meant,
 * since dots would climb, and an endpoint with a query would end the path early.
 *
 * @param values - of the path parameters; an issue names the rule, never the value
 * @internal
 */
export function urlOf(
  { path, apiVersion }: Operation,
  values: Readonly<Record<string, string>>,
  [issue]: readonly Issue[],
  endpoint: string,
): string {
  if (issue) throw new TypeError(`${issue.path}: ${issue.rule}`);
  const meant = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));
  const url = `${endpoint.replace(/\/$/, "")}${meant}?api-version=${apiVersion}`;
  const { username, password, pathname } = new URL(url);
  if (username || password || !pathname.endsWith(meant))
    throw new TypeError("endpoint: must have no user, query or fragment");
  return url;
}

/** Sends one request, and resolves to the answer, unread. A redirect is an answer. @internal */
export async function send(
  { method }: Operation,
  url: string,
  { headers, signal, fetch }: RequestOptions,
  body?: unknown,
): Promise<Response> {
  const json = body !== undefined;
  return (fetch ?? globalThis.fetch)(url, {
    method,
    headers: mergeHeaders(json ? { "Content-Type": "application/json" } : undefined, headers),
    body: json ? JSON.stringify(body) : null,
    signal: signal ?? null,
    redirect: "manual",
  });
}
