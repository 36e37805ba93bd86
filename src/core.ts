import { clouds } from "../generated/arm/operations.js";
import { check } from "../generated/validate.js";
import { type Credential, createTokenSource } from "./credential.js";
import { refuse } from "./errors.js";
import { optionIssues } from "./input.js";
import { createSend, type ReimageEvent, type Send } from "./send.js";
import { quietly } from "./time.js";
import { judgeEndpoint } from "./trust.js";

/** How a client reaches the service, and how patient it is. */
export interface ReimageClientOptions {
  /** Any credential of `@azure/identity`, or a function that gives a token for each request. */
  readonly credential: Credential;
  /**
   * The cloud: its endpoint and its token scope together.
   *
   * @default "public"
   */
  readonly cloud?: "public" | "usgov" | "china" | undefined;
  /** Another endpoint of the same API (Azure Stack, a gateway): https, a path prefix is fine. It replaces the cloud's. */
  readonly endpoint?: string | undefined;
  /** The scope to ask tokens for; `${origin of the endpoint}/.default` unless given. */
  readonly scope?: string | undefined;
  /** Origins besides the endpoint's that may be polled with the token; none unless given. */
  readonly allowedPollOrigins?: readonly string[] | undefined;
  /** Accepts http for 127.0.0.1, ::1 and localhost: for tests. */
  readonly allowInsecureLoopback?: boolean | undefined;
  /** The fetch to use, called with a URL and its init; `globalThis.fetch`, looked up at each call, unless given. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * The time between status requests when the service does not name one, in milliseconds. After a read that failed it is this or a
   * second, whichever is less, and doubles with each to half a minute.
   *
   * @default 10_000
   */
  readonly pollIntervalMs?: number | undefined;
  /**
   * The time for one request with its token and its body, in milliseconds.
   *
   * @default 60_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * The time for a whole wait, in milliseconds.
   *
   * @default 7_200_000
   */
  readonly timeoutMs?: number | undefined;
  /** Told of every request, response, retry and state, with secrets cut; what it throws is swallowed. */
  readonly onEvent?: ((event: ReimageEvent) => void) | undefined;
}

/** The options, checked and completed: what every part of the client works with. @internal */
export interface Core {
  readonly pollIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly timeoutMs: number;
  readonly endpoint: string;
  readonly origins: readonly string[];
  readonly send: Send;
  /** Tells the caller's `onEvent`, where there is one. */
  readonly tell: ((event: ReimageEvent) => void) | undefined;
}

/** Checks the options of a client and completes them (S4, S5). @internal */
export function createCore(options: ReimageClientOptions): Core {
  refuse(optionIssues({ ...options, credential: options?.credential ?? null }));
  const {
    credential,
    cloud = "public",
    endpoint: base = clouds[cloud],
    allowedPollOrigins = [],
    allowInsecureLoopback,
    fetch,
    pollIntervalMs = 10_000,
    requestTimeoutMs = 60_000,
    timeoutMs = 7_200_000,
    onEvent,
  } = options;
  const endpoint = judgeEndpoint(base, "endpoint", allowInsecureLoopback);
  const { scope = `${endpoint.origin}/.default` } = options;
  const polled = allowedPollOrigins.map((raw, i) => {
    const path = `allowedPollOrigins.${i}`;
    const { origin, pathname } = judgeEndpoint(raw, path, allowInsecureLoopback);
    refuse(check(pathname === "/", path, "must be an origin"));
    return origin;
  });
  const tell = onEvent && ((event: ReimageEvent) => quietly(onEvent, event));
  const tokens = createTokenSource(credential, scope, requestTimeoutMs);
  return {
    endpoint: endpoint.href,
    origins: [endpoint.origin, ...polled],
    send: createSend(tokens, requestTimeoutMs, fetch, tell),
    tell,
    pollIntervalMs,
    requestTimeoutMs,
    timeoutMs,
  };
}
