import { clouds } from "../generated/arm/operations.js";
import { type Credential, createTokenSource, type TokenSource } from "./credential.js";
import { InvalidInputError } from "./errors.js";
import { callbackIssues, refuse, timeIssues, unless } from "./input.js";
import { createSend, type ReimageEvent, type Send } from "./send.js";
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
  readonly cloud?: "public" | "usgov" | "china";
  /** Another endpoint of the same API (Azure Stack, a gateway): https, a path prefix is fine. It replaces the cloud's. */
  readonly endpoint?: string;
  /** The scope to ask tokens for; `${origin of the endpoint}/.default` unless given. */
  readonly scope?: string;
  /** Origins besides the endpoint's that may be polled with the token; none unless given. */
  readonly allowedPollOrigins?: readonly string[];
  /** Accepts http for 127.0.0.1, ::1 and localhost: for tests. */
  readonly allowInsecureLoopback?: boolean;
  /** The fetch to use; `globalThis.fetch`, looked up at each call, unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * The time between status requests when the service does not name one, in milliseconds.
   *
   * @default 10_000
   */
  readonly pollIntervalMs?: number;
  /**
   * The time for one request with its token and its body, in milliseconds.
   *
   * @default 60_000
   */
  readonly requestTimeoutMs?: number;
  /**
   * The time for a whole wait, in milliseconds.
   *
   * @default 7_200_000
   */
  readonly timeoutMs?: number;
  /** Told of every request, response, retry and state, with secrets cut; what it throws is swallowed. */
  readonly onEvent?: (event: ReimageEvent) => void;
}

/** The options, checked and completed: what every part of the client works with. */
export interface Core {
  readonly endpoint: string;
  readonly origins: ReadonlySet<string>;
  readonly tokens: TokenSource;
  readonly send: Send;
  readonly fetch: typeof globalThis.fetch;
  readonly pollIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly timeoutMs: number;
  readonly onEvent: ((event: ReimageEvent) => void) | undefined;
}

/** Checks the options of a client and completes them (S4, S5). */
export function createCore(options: ReimageClientOptions): Core {
  const {
    credential,
    cloud = "public",
    scope,
    onEvent,
    allowedPollOrigins = [],
    allowInsecureLoopback = false,
  } = options ?? {};
  const { pollIntervalMs = 10_000, requestTimeoutMs = 60_000, timeoutMs = 7_200_000 } = options ?? {};
  const callable = (value: unknown) => typeof value === "function";
  const getToken = (credential as { readonly getToken?: unknown } | undefined)?.getToken;
  refuse([
    ...timeIssues({ pollIntervalMs, requestTimeoutMs, timeoutMs }),
    ...unless(callable(credential) || callable(getToken), "credential", "must have getToken(), or be a function"),
    ...unless(Object.hasOwn(clouds, cloud), "cloud", `must be one of ${Object.keys(clouds).join(", ")}`),
    ...callbackIssues({ fetch: options?.fetch, onEvent }),
    ...unless(Array.isArray(allowedPollOrigins), "allowedPollOrigins", "must be a list of origins"),
    ...unless(scope === undefined || (typeof scope === "string" && /^\S+$/.test(scope)), "scope", "must be one word"),
  ]);

  const origin = (raw: unknown, path: string): URL => {
    const verdict = judgeEndpoint(raw, allowInsecureLoopback);
    if (typeof verdict === "string") throw new InvalidInputError([{ path, rule: verdict }]);
    return verdict;
  };
  const endpoint = origin(options.endpoint === undefined ? clouds[cloud] : options.endpoint, "endpoint");
  const polled = allowedPollOrigins.map((raw, i) => {
    const url = origin(raw, `allowedPollOrigins.${i}`);
    refuse(unless(url.pathname === "/", `allowedPollOrigins.${i}`, "must be an origin, without a path"));
    return url.origin;
  });
  const tokens = createTokenSource(credential, scope ?? `${endpoint.origin}/.default`, requestTimeoutMs);
  return {
    endpoint: endpoint.href.replace(/\/+$/, ""),
    origins: new Set([endpoint.origin, ...polled]),
    tokens,
    send: createSend(tokens, onEvent),
    fetch: (input, init) => (options.fetch ?? globalThis.fetch)(input, init),
    pollIntervalMs,
    requestTimeoutMs,
    timeoutMs,
    onEvent,
  };
}
