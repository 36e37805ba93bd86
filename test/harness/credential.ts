// A credential that follows a script and writes down how it was asked.
import { pause } from "./clock.js";
import { type Always, makeScript } from "./script.js";

/** Structurally what @azure/core-auth calls an AccessToken. */
export interface FakeAccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** One call of `getToken`. */
export interface TokenCall {
  readonly scopes: string | string[];
  readonly options: Readonly<Record<string, unknown>> | undefined;
  readonly signal: AbortSignal | undefined;
  readonly at: number;
}

/** What a call of `getToken` yields: a token (as text, valid for an hour), null, or whatever a function does. */
export type TokenScript = string | null | ((call: TokenCall) => unknown);

/** A credential for tests. */
export interface FakeCredential {
  getToken(scopes: string | string[], options?: object): Promise<FakeAccessToken | null>;
  readonly calls: readonly TokenCall[];
}

const hour = 3_600_000;

/** Follows the script and then fails; without one it gives "token-1", "token-2" and so on. */
export function fakeCredential(...script: (TokenScript | Always<TokenScript>)[]): FakeCredential {
  const calls: TokenCall[] = [];
  const tokens = makeScript<TokenScript>();
  tokens.add(script.length > 0 ? script : [{ always: () => token(`token-${calls.length}`)() }]);
  return {
    calls,
    // Not async: a script may throw at once or return what is no promise, as a careless credential would.
    getToken: (scopes, options) => {
      const given: Readonly<Record<string, unknown>> | undefined = options && { ...options };
      const signal = given?.abortSignal instanceof AbortSignal ? given.abortSignal : undefined;
      const call = { scopes, options: given, signal, at: performance.now() };
      calls.push(call);
      const next = tokens.next();
      if (!next) return Promise.reject(new Error(`call ${calls.length} of the fake credential is not scripted`));
      const { item } = next;
      const result = typeof item === "function" ? item(call) : item === null ? Promise.resolve(null) : token(item)();
      return result as Promise<FakeAccessToken | null>;
    },
  };
}

/** A token that ends after so long. */
export function token(value: string, expiresInMs: number = hour): () => Promise<FakeAccessToken> {
  return async () => ({ token: value, expiresOnTimestamp: Date.now() + expiresInMs });
}

/** Rejects. */
export function rejects(error: unknown): TokenScript {
  return () => Promise.reject(error);
}

/** Throws instead of returning a promise. */
export function throws(error: unknown): TokenScript {
  return () => {
    throw error;
  };
}

/** Resolves to anything: for what is no token. */
export function resolvesTo(value: unknown): TokenScript {
  return () => Promise.resolve(value);
}

/** Does not settle, not even when its signal aborts. */
export function neverSettles(): TokenScript {
  return () => new Promise(() => {});
}

/** Does not settle until its signal aborts; then rejects with the signal's reason. */
export function waitsForAbort(): TokenScript {
  return ({ signal }) =>
    new Promise((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
}

/** Settles when so many milliseconds have passed or the promise has resolved. */
export function late(time: number | Promise<unknown>, value: string): TokenScript {
  return async () => {
    await (typeof time === "number" ? pause(time) : time);
    return token(value)();
  };
}
