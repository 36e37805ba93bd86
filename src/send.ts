import type { ApiRequest } from "../generated/request.js";
import type { TokenSource } from "./credential.js";
import { defined } from "./json.js";
import { BODY_CAP } from "./limits.js";
import type { OperationState } from "./lro.js";
import { keep, redactor, type Secrets } from "./redact.js";
import { claimsOf, type Reply, requestIdOf } from "./reply.js";
import { neverConnected } from "./runtime.js";
import { monotonic, quietly, within } from "./time.js";
import type { VirtualMachineId } from "./vm-id.js";

interface RequestFacts {
  readonly method: string;
  /** Without its query, which may sign it. */
  readonly url: string;
  readonly correlationId: string;
  readonly clientRequestId: string;
}

/** What the client tells while it works; secrets, tokens and the queries of URLs are cut. */
export type ReimageEvent =
  | ({ readonly type: "request" } & RequestFacts)
  | ({
      readonly type: "response";
      readonly status: number;
      readonly requestId?: string;
      readonly durationMs: number;
    } & RequestFacts)
  | {
      readonly type: "retry";
      readonly reason: "throttled" | "challenged" | "read-failure";
      readonly correlationId: string;
      readonly delayMs: number;
    }
  | { readonly type: "state"; readonly state: OperationState };

/** Whose operation it is, by the names that errors and the resume state tell. @internal */
export interface Owner {
  readonly vm: VirtualMachineId;
  readonly correlationId: string;
}

/** The operation that a request belongs to, and what rides on each of its requests. @internal */
export interface Identity extends Secrets {
  readonly owner: Owner;
  /** The caller's own headers, in lower case; they win over ours. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One request to be sent. @internal */
export interface Exchange {
  readonly request: Pick<ApiRequest, "url"> & Partial<ApiRequest>;
  readonly signal: AbortSignal | undefined;
  /** When all of it must have ended, on the monotonic clock. */
  readonly deadline?: number | undefined;
  /** Awaited when the token is there, right before the first byte is sent; only the deadline bounds it. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** What the challenge to the last token wants of the next one. */
  readonly claims?: string | undefined;
}

/** What became of a request. @internal */
export type Sent = { readonly reply: Reply } | Unanswered;

/** Why there is no answer. @internal */
export interface Unanswered {
  readonly reply?: undefined;
  /** Not a byte left: no token, `before` rejected, no connection, or aborted before that. Or "lost": it may have arrived. */
  readonly kind: "token" | "before" | "connection" | "lost";
  readonly cause: unknown;
}

/** @internal */
export type Send = (identity: Identity, exchange: Exchange) => Promise<Sent>;

/**
 * Makes the one function that sends a request: with a token, inside one time limit, and tells what became of it (S3, S9, S10).
 *
 * @param limitMs - the time for token, headers and body, in milliseconds
 * @internal
 */
export function createSend(
  tokens: TokenSource,
  limitMs: number,
  fetch: typeof globalThis.fetch | undefined,
  tell: ((event: ReimageEvent) => void) | undefined,
): Send {
  return async (identity, { request, signal, deadline = Infinity, before, claims }) => {
    const { url, method = "GET", body = null } = request;
    const { headers } = identity;
    const { correlationId } = identity.owner;
    const clientRequestId = headers["x-ms-client-request-id"] ?? crypto.randomUUID();
    let kind = "token" as "token" | "before" | "connection";
    let left = limitMs;
    const stage = <T>(ms: number, task: (inner: AbortSignal) => Promise<T>) =>
      within(Math.min(ms, deadline - monotonic()), signal, task);
    let token: string | undefined;
    let facts: RequestFacts | undefined;
    let sentAt = 0;
    // Unset until there is an answer: who comes past the catch has one.
    let reply!: Reply;
    let reader = undefined as Reader | undefined;
    try {
      if (before) {
        const askedAt = monotonic();
        token = await stage(left, (inner) => tokens.get(inner, claims));
        left -= monotonic() - askedAt;
        kind = "before";
        await stage(Infinity, async () => before());
      }
      await stage(left, async (inner) => {
        token ??= await tokens.get(inner, claims);
        keep(identity, token);
        if (tell) {
          facts = { method, url: redactor(identity)(url.replace(/[?&#].*/, "")), correlationId, clientRequestId };
          tell({ type: "request", ...facts });
        }
        inner.throwIfAborted();
        kind = "connection";
        sentAt = monotonic();
        const response = await (fetch ?? globalThis.fetch)(url, {
          method,
          headers: {
            accept: "application/json",
            "x-ms-correlation-request-id": correlationId,
            "x-ms-client-request-id": clientRequestId,
            ...request.headers,
            ...headers,
            authorization: `Bearer ${token}`,
          },
          body,
          signal: inner,
          redirect: "manual",
        });
        const { status, headers: told } = response;
        if (status === 401) tokens.forget(token);
        const empty = told.get("content-length") === "0" || response.body === null;
        // It stands whatever becomes of its body.
        reply = { url, status, headers: told, text: empty ? "" : undefined, cut: !empty };
        if (empty) return;
        // A fetch of the caller's own may know no streams.
        reader = response.body?.getReader?.();
        const text = await (reader ? readBody(reader, inner) : response.text());
        reply = { ...reply, text: text && text.length > BODY_CAP ? undefined : text, cut: false };
      });
    } catch (cause) {
      // A read that failed, or hangs, ends with this.
      if (reader) cancel(reader);
      // Why the caller gave up tells nothing about the connection.
      const lost = kind === "connection" && (cause === signal?.reason || !neverConnected(cause, !!fetch));
      if (!reply) return { kind: lost ? "lost" : kind, cause };
    }
    if (tell && facts) {
      const told = { requestId: requestIdOf(reply, redactor(identity)), durationMs: monotonic() - sentAt };
      tell(defined({ type: "response" as const, ...facts, status: reply.status, ...told }));
    }
    return { reply };
  };
}

/** Sends a read, which may be repeated: once more with another token after a 401 (L11). @internal */
export async function sendRead(send: Send, identity: Identity, exchange: Exchange): Promise<Sent> {
  const sent = await send(identity, exchange);
  if (sent.reply?.status !== 401) return sent;
  return send(identity, { ...exchange, claims: claimsOf(sent.reply.headers) });
}

/** Reads a body; undefined when it is larger than the cap (S9). */
async function readBody(reader: Reader, signal: AbortSignal): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  // It may have come when nobody waited any more.
  for (let size = 0; size <= BODY_CAP && !signal.aborted; ) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
    // An empty chunk counts too: a stream of nothing else would never let a timer run.
    size += value.byteLength || 1;
  }
  cancel(reader);
  signal.throwIfAborted();
  return undefined;
}
type Reader = ReadableStreamDefaultReader<Uint8Array>;

function cancel(reader: Reader): void {
  quietly((held) => held.cancel(), reader);
}
