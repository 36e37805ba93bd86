import type { Refusal, TokenSource } from "./credential.js";
import type { OperationState } from "./lro.js";
import { type Redact, withoutQuery } from "./redact.js";
import type { Reply } from "./reply.js";
import { abortable, limit, monotonic, quietly } from "./time.js";

/** What the client tells while it works; secrets, tokens and the queries of URLs are cut. */
export type ReimageEvent =
  | {
      readonly type: "request";
      readonly method: string;
      readonly url: string;
      readonly correlationId: string;
      readonly clientRequestId: string;
    }
  | {
      readonly type: "response";
      readonly method: string;
      readonly url: string;
      readonly correlationId: string;
      readonly status: number;
      readonly requestId?: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "retry";
      readonly reason: "throttled" | "challenged" | "read-failure";
      readonly correlationId: string;
      readonly delayMs: number;
    }
  | { readonly type: "state"; readonly state: OperationState };

/** What the fetch call itself needs. */
export interface FetchInit {
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

/** One request to be sent. */
export interface Exchange {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** The one call of fetch. */
  readonly dispatch: (init: FetchInit) => Promise<Response>;
  /** The caller's own headers, in lower case; they win over ours. */
  readonly headers: Readonly<Record<string, string>>;
  readonly correlationId: string;
  readonly redact: Redact;
  readonly signal?: AbortSignal | undefined;
  /** The time for token, headers and body, in milliseconds. */
  readonly limitMs: number;
  /** Awaited when the token is there, right before the first byte is sent. */
  readonly before?: (() => void | Promise<void>) | undefined;
  /** The token that the service refused a moment ago. */
  readonly refusal?: Refusal | undefined;
}

/** What became of it, and with which token. */
export type Sent = { readonly token: string } & (
  | { readonly kind: "reply"; readonly reply: Reply }
  /** Not a byte left: no token, `before` rejected, no connection, or aborted before that. */
  | { readonly kind: "unsent"; readonly stage: "token" | "before" | "connection"; readonly cause: unknown }
  /** It may have arrived; no answer did. */
  | { readonly kind: "lost"; readonly cause: unknown }
);

export type Send = (exchange: Exchange) => Promise<Sent>;

const BODY_CAP = 1024 * 1024;

/** Makes the one function that sends a request: with a token, inside one time limit, and tells what became of it (S3, S9, S10). */
export function createSend(tokens: TokenSource, onEvent: ((event: ReimageEvent) => void) | undefined): Send {
  return async ({ method, url, dispatch, headers, correlationId, redact, signal, limitMs, before, refusal }) => {
    let token = "";
    let stage: "token" | "before" | "connection" = "token";
    let time = limit(limitMs, signal);
    try {
      const begun = monotonic();
      time.signal.throwIfAborted();
      token = await tokens.get(time.signal, refusal);
      if (before !== undefined) {
        // The caller's own time does not count against the request's.
        const left = Math.max(limitMs - (monotonic() - begun), 1);
        time.clear();
        stage = "before";
        await abortable(Promise.resolve(before()), signal);
        time = limit(left, signal);
      }
      time.signal.throwIfAborted();
      stage = "connection";
      const clientRequestId = headers["x-ms-client-request-id"] ?? crypto.randomUUID();
      const shown = { method, url: redact(withoutQuery(url)), correlationId };
      quietly(onEvent, { type: "request", ...shown, clientRequestId });
      const sentAt = monotonic();
      const response = await abortable(
        dispatch({
          headers: {
            accept: "application/json",
            "x-ms-correlation-request-id": correlationId,
            ...headers,
            "x-ms-client-request-id": clientRequestId,
            authorization: `Bearer ${token}`,
          },
          signal: time.signal,
        }),
        time.signal,
      );
      const body = await readBody(response, time.signal);
      const requestId = response.headers.get("x-ms-request-id");
      quietly(onEvent, {
        type: "response",
        ...shown,
        status: response.status,
        durationMs: monotonic() - sentAt,
        ...(requestId === null ? {} : { requestId: redact(requestId) }),
      });
      return { kind: "reply", token, reply: { url, status: response.status, headers: response.headers, ...body } };
    } catch (cause) {
      if (stage === "connection" && !neverConnected(cause)) return { kind: "lost", token, cause };
      return { kind: "unsent", token, stage, cause };
    } finally {
      time.clear();
    }
  };
}

/** Reads a body up to the cap (S9). Whatever becomes of it, the status and the headers stand. */
async function readBody(response: Response, signal: AbortSignal): Promise<Pick<Reply, "text" | "cut">> {
  if (response.body === null || response.headers.get("content-length") === "0") return { text: "", cut: false };
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let size = 0; ; ) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return { text: text + decoder.decode(), cut: false };
      size += value.byteLength;
      if (size > BODY_CAP) return { text: undefined, cut: false };
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { text: undefined, cut: true };
  } finally {
    reader?.cancel().catch(() => {});
  }
}

/** Codes of runtimes for a connection that never stood, and for a request that they refused to begin. */
const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ConnectionRefused|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE))$/;

/** Did the runtime say that the connection never stood (S1)? Anything less certain counts as sent. */
function neverConnected(error: unknown, depth = 4): boolean {
  if (typeof error !== "object" || error === null || depth === 0) return false;
  const { code, syscall, message, cause, errors } = error as Readonly<Record<string, unknown>>;
  if (typeof code === "string" && NEVER_CONNECTED.test(code)) return true;
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (typeof message === "string" && message.includes("before secure TLS connection was established")) return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every((one) => neverConnected(one, depth - 1));
  return neverConnected(cause, depth - 1);
}
