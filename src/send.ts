import type { TokenSource } from "./credential.js";
import { defined } from "./json.js";
import type { OperationState } from "./lro.js";
import { type Secrets, withoutQuery } from "./redact.js";
import { claimsOf, type Reply, requestIdOf } from "./reply.js";
import { abortable, monotonic, onAbort, within } from "./time.js";
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

/** Whose operation it is, by the names that errors and the resume state tell. */
export interface Owner {
  readonly vm: VirtualMachineId;
  readonly correlationId: string;
}

/** The operation that a request belongs to, and what rides on each of its requests. */
export interface Identity {
  readonly owner: Owner;
  /** The caller's own headers, in lower case; they win over ours. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: Secrets;
}

/** One request to be sent. */
export interface Exchange {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** The one call of fetch. */
  readonly dispatch: (init: {
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
  }) => Promise<Response>;
  readonly signal: AbortSignal | undefined;
  /** The time for token, headers and body, in milliseconds. */
  readonly limitMs: number;
  /** Awaited when the token is there, right before the first byte is sent; its time is the caller's own. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** What the challenge to the last token wants of the next one. */
  readonly claims?: string | undefined;
}

/** What became of a request. */
export type Sent =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** Not a byte left: no token, `before` rejected, no connection; or it was aborted before that. */
  | { readonly kind: "token" | "before" | "connection"; readonly cause: unknown }
  /** It may have arrived; no answer did. */
  | { readonly kind: "lost"; readonly cause: unknown };

export type Send = (identity: Identity, exchange: Exchange) => Promise<Sent>;

const BODY_CAP = 1024 * 1024;

/** Makes the one function that sends a request: with a token, inside one time limit, and tells what became of it (S3, S9, S10). */
export function createSend(tokens: TokenSource, tell: ((event: ReimageEvent) => void) | undefined): Send {
  return async (
    { owner: { correlationId }, headers, secrets },
    { method, url, dispatch, signal, limitMs, before, claims },
  ) => {
    let kind = "token" as "token" | "before" | "connection";
    let left = limitMs;
    let token: string | undefined;
    const getToken = (inner: AbortSignal) => tokens.get(inner, claims);
    try {
      signal?.throwIfAborted();
      if (before) {
        const begun = monotonic();
        token = await within(limitMs, signal, getToken);
        left -= monotonic() - begun;
        kind = "before";
        await abortable(before(), signal);
      }
      return await within(left, signal, async (inner) => {
        token ??= await getToken(inner);
        secrets.add(token);
        const clientRequestId = headers["x-ms-client-request-id"] ?? crypto.randomUUID();
        const facts = tell && { method, url: secrets.redact(withoutQuery(url)), correlationId, clientRequestId };
        if (facts) tell({ type: "request", ...facts });
        inner.throwIfAborted();
        kind = "connection";
        const sentAt = monotonic();
        const all = {
          accept: "application/json",
          "x-ms-correlation-request-id": correlationId,
          "x-ms-client-request-id": clientRequestId,
          ...headers,
          authorization: `Bearer ${token}`,
        };
        const response = await abortable(dispatch({ headers: all, signal: inner }), inner);
        const { status } = response;
        if (status === 401) tokens.forget(token);
        const reply = { url, status, headers: response.headers, ...(await readBody(response, inner)) };
        if (facts) {
          const requestId = requestIdOf(reply, secrets.redact);
          const durationMs = monotonic() - sentAt;
          tell(defined({ type: "response" as const, ...facts, status, requestId, durationMs }));
        }
        return { kind: "reply" as const, reply };
      });
    } catch (cause) {
      return { kind: kind === "connection" && !neverConnected(cause) ? "lost" : kind, cause };
    }
  };
}

/** Sends a read, which may be repeated: once more with another token after a 401 (L11). */
export async function sendRead(send: Send, identity: Identity, exchange: Exchange): Promise<Sent> {
  const sent = await send(identity, exchange);
  if (sent.kind !== "reply" || sent.reply.status !== 401) return sent;
  return send(identity, { ...exchange, claims: claimsOf(sent.reply.headers) });
}

/** Reads a body up to the cap (S9). Whatever becomes of it, the status and the headers stand. */
async function readBody(response: Response, signal: AbortSignal): Promise<Pick<Reply, "text" | "cut">> {
  const { body, headers } = response;
  if (body === null || headers.get("content-length") === "0") return { text: "", cut: false };
  let stop = () => {};
  try {
    // A fetch of the caller's own may know no streams.
    if (!body?.getReader) return { text: await abortable(response.text(), signal), cut: false };
    const reader = body.getReader();
    const cancel = () => void reader.cancel().catch(() => {});
    const release = onAbort(signal, cancel);
    stop = () => {
      release();
      cancel();
    };
    const decoder = new TextDecoder();
    let text = "";
    for (let size = 0; size <= BODY_CAP; ) {
      const { done, value } = await reader.read();
      // A read that was canceled is done as well.
      signal.throwIfAborted();
      if (done) return { text: text + decoder.decode(), cut: false };
      size += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    return { text: undefined, cut: false };
  } catch {
    return { text: undefined, cut: true };
  } finally {
    stop();
  }
}

/** Codes of runtimes for a connection that never stood, and for a request that they refused to begin. */
const NEVER_CONNECTED =
  /^(UND_ERR_(CONNECT_TIMEOUT|INVALID_ARG|NOT_SUPPORTED)|ECONNREFUSED|ENOTFOUND|EAI_|ConnectionRefused|CERT_|UNABLE_TO_|\w*(SELF_SIGNED_CERT|CERT_ALTNAME|SSL_WRONG_VERSION))/;

/** Did the runtime say that the connection never stood (S1)? Anything less certain counts as sent. */
function neverConnected(error: unknown, depth = 4): boolean {
  try {
    const { code, syscall, message, cause, errors } = error as Readonly<Record<string, unknown>>;
    if (
      (typeof code === "string" && NEVER_CONNECTED.test(code)) ||
      syscall === "connect" ||
      String(message).includes("before secure TLS")
    )
      return true;
    if (Array.isArray(errors) && errors.length > 0) return errors.every((one) => neverConnected(one, depth - 1));
    return code === undefined && depth > 0 && neverConnected(cause, depth - 1);
  } catch {
    return false;
  }
}
