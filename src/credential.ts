import { abortable, limit, singleFlight } from "./time.js";

/** What `@azure/core-auth` calls a TokenCredential, structurally: any credential of `@azure/identity` fits. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; claims?: string; enableCae?: boolean },
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** A TokenCredential, or a function that gives a token for each request. */
export type Credential = TokenCredential | (() => string | Promise<string>);

/** Why a token that was held may not do. */
export interface Refusal {
  /** The token that the service refused. */
  readonly token: string;
  /** The claims that it wants in the next one, as its challenge names them. */
  readonly claims: string | undefined;
}

/** Where each request gets its token. */
export interface TokenSource {
  /** A token that a header can carry; after a refusal another one, if the credential has it. */
  get(signal: AbortSignal, refusal?: Refusal): Promise<string>;
  /** Gives up a token that the service refused. */
  forget(token: string): void;
  /** The latest tokens, for redaction. */
  known(): readonly string[];
}

const RENEW_BEFORE_END = 120_000;
/** How many tokens redaction looks for: requests under way may still carry earlier ones. */
const TOKENS_REMEMBERED = 8;

/**
 * Makes the source of tokens (S5): one request for a new token at a time, renewed two minutes before the old one ends.
 *
 * @param limitMs - how long the credential may take
 */
export function createTokenSource(credential: Credential, scope: string, limitMs: number): TokenSource {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  let claims: string | undefined;
  let recent: readonly string[] = [];

  const check = (token: unknown): string => {
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
      throw new TypeError(
        'The credential gave no token that a header can carry (one word of printable ASCII, without "Bearer").',
      );
    }
    if (!recent.includes(token)) recent = [token, ...recent].slice(0, TOKENS_REMEMBERED);
    return token;
  };
  const known = () => recent;

  if (typeof credential === "function") {
    return { get: async (signal) => check(await abortable(Promise.resolve(credential()), signal)), forget() {}, known };
  }

  const renew = singleFlight(async (left) => {
    const time = limit(limitMs, left);
    const options = { abortSignal: time.signal, enableCae: true, ...(claims === undefined ? {} : { claims }) };
    claims = undefined;
    try {
      const answer = await abortable(credential.getToken(scope, options), time.signal);
      const token = check(answer?.token);
      held = { token, renewAt: Number(answer?.expiresOnTimestamp) - RENEW_BEFORE_END };
      return token;
    } finally {
      time.clear();
    }
  });

  return {
    async get(signal, refusal) {
      if (refusal !== undefined && held?.token === refusal.token) {
        held = undefined;
        claims = refusal.claims;
      }
      return held && Date.now() < held.renewAt ? held.token : renew(signal);
    },
    forget(token) {
      if (held?.token === token) held = undefined;
    },
    known,
  };
}

/** The claims that a 401 asks for (continuous access evaluation); authorities named beside them are ignored. */
export function claimsOf(headers: Headers): string | undefined {
  const encoded = /\bclaims="([\w+/=-]{1,16384})"/i.exec(headers.get("www-authenticate") ?? "")?.[1];
  try {
    const bytes =
      encoded && Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    return bytes ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : undefined;
  } catch {
    return undefined;
  }
}
