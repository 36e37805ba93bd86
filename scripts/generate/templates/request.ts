/**
 * Why: openapi-fetch writes the request; whatever else it does to a request or an answer is kept away from here. Copied
 * to generated/request.ts.
 */
import type { Issue } from "./validate.js";

/** What every call takes. */
export interface RequestOptions {
  /** Sent as they are; `Authorization` is among them. */
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
  /** Another cloud, a gateway; a path in it is kept. */
  endpoint?: string | undefined;
  /** @default globalThis.fetch, as it is when the call is made */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** Headers, of which some are known by name. */
export interface NamedHeaders<Name extends string> extends Headers {
  get(name: Name | (string & Record<never, never>)): string | null;
}

/** What a serializer goes by. @internal */
export interface SerializerOptions {
  readonly baseUrl: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal | null;
  readonly redirect: "manual";
  readonly bodySerializer: (body: unknown) => string;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Throws a TypeError that names the first broken rule, never the value that breaks it. @internal */
export function assertValid(issues: readonly Issue[]): void {
  const [issue] = issues;
  if (issue) throw new TypeError(`${issue.path}: ${issue.rule}`);
}

/** Where a call goes: the endpoint, and the path with its values. @internal */
export interface Target {
  readonly endpoint: string;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Sends what `serialize` makes of the options, if it goes where it should, and resolves to the answer, unread. A
 * redirect is an answer. The serializer itself gets an empty one: it would read the true one's body, and lose it where
 * it is not JSON.
 *
 * @internal
 */
export async function send(
  { endpoint, path, values }: Target,
  { headers = {}, signal, fetch }: RequestOptions,
  serialize: (options: SerializerOptions) => Promise<unknown>,
): Promise<Response> {
  const base = new URL(endpoint);
  if (base.username || base.password) throw new TypeError("endpoint: it names no user and no password");
  const request = await new Promise<Request>((resolve, reject) => {
    const bodySerializer = (body: unknown) => JSON.stringify(body);
    const capture = async (built: Request) => {
      resolve(built);
      return new Response(null, { status: 204 });
    };
    serialize({
      baseUrl: endpoint,
      headers,
      signal: signal ?? null,
      redirect: "manual",
      bodySerializer,
      fetch: capture,
    }).catch(reject);
  });
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  if (new URL(request.url).pathname !== base.pathname.replace(/\/$/, "") + filled) {
    throw new TypeError("endpoint: the request would not go where it was meant to");
  }
  return (fetch ?? globalThis.fetch)(request);
}
