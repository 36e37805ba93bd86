/**
 * Why: openapi-fetch merges the headers, the platform writes the request. Nothing reads an answer: openapi-fetch's own client would
 * follow a redirect, read every body as JSON, and lose what is none. Copied to generated/send.ts.
 */
import { mergeHeaders } from "openapi-fetch";
import type { ApiRequest } from "./request.js";

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

/** Sends one request, and resolves to the answer, unread. A redirect is an answer. @internal */
export async function send(request: ApiRequest, { headers, signal, fetch }: RequestOptions): Promise<Response> {
  const { url, method, body } = request;
  return (fetch ?? globalThis.fetch)(url, {
    method,
    headers: mergeHeaders(request.headers, headers),
    body,
    signal: signal ?? null,
    redirect: "manual",
  });
}
