import { RENEW_BEFORE_END } from "./limits.js";
import { type Shared, singleFlight, within } from "./time.js";

/** What `@azure/core-auth` calls a TokenCredential, structurally: any credential of `@azure/identity` fits. */
export interface TokenCredential {
  /** Gives a token for these scopes; with the claims that a challenge asks for, where there was one. */
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; claims?: string; enableCae?: boolean },
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** A TokenCredential, or a function that gives a token for each request. */
export type Credential = TokenCredential | (() => string | Promise<string>);

/** Where each request gets its token. @internal */
export interface TokenSource {
  /** A token that a header can carry; with the claims that a challenge wants, where there was one. */
  get(signal: AbortSignal, claims?: string): Promise<string>;
  /** Gives up a token that the service refused. */
  forget(token: string): void;
}

/**
 * Makes the source of tokens (S5): one request for a new token at a time, renewed two minutes before the old one ends.
 *
 * @param limitMs - how long the credential may take
 * @internal
 */
export function createTokenSource(credential: Credential, scope: string, limitMs: number): TokenSource {
  let held: { readonly token: string; readonly renewAt: number; readonly claims: string | undefined } | undefined;
  const check = (token: unknown): string => {
    if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
    throw new TypeError("must be printable ASCII");
  };
  let renewal: Renewal = {};

  return {
    async get(signal, claims) {
      if (typeof credential === "function") return check(await credential());
      // Without the claims of a challenge neither a token nor a renewal under way answers it; with claims they serve whoever asks.
      if (held && Date.now() < held.renewAt && (!claims || held.claims === claims)) return held.token;
      if (claims ? renewal.claims !== claims : !renewal.flight) renewal = { claims };
      const renew = async (abortSignal: AbortSignal) => {
        const options = { abortSignal, enableCae: true, ...(claims && { claims }) };
        const answer = await credential.getToken(scope, options);
        const token = check(answer?.token);
        held = { token, renewAt: Number(answer?.expiresOnTimestamp) - RENEW_BEFORE_END, claims };
        return token;
      };
      return singleFlight(renewal, (left) => within(limitMs, left, renew), signal);
    },
    forget(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

interface Renewal extends Shared<string> {
  readonly claims?: string | undefined;
}
