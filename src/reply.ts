import type { ApiErrorBase, InnerError } from "../generated/schema.js";
import { isObject } from "../generated/validate.js";
import { defined, fromBase64, own, ownTexts } from "./json.js";
import { type Judged, judgeUrl } from "./trust.js";

/** One answer of the service, as far as it could be read. @internal */
export interface Reply {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** The body, without a byte order mark; undefined when it was cut off or too large. */
  readonly text: string | undefined;
  /** Did the connection or the time end within the body? */
  readonly cut: boolean;
}

/** What the service said about a failure, in the words of its error contract (CloudError). */
export interface ServiceError {
  /** For a program, such as `OSProvisioningTimedOut`. */
  readonly code?: string;
  /** For a reader; 4096 characters at most. */
  readonly message?: string;
  /** What it is about. */
  readonly target?: string;
  /** The errors behind it, twenty at most. */
  readonly details?: readonly ApiErrorBase[];
  /** What the service says of its inside. */
  readonly innererror?: InnerError;
}

/** A status URL, and which of ARM's two ways of telling an end it follows: a status document, or the HTTP status alone. */
export interface StatusUrl {
  readonly url: string;
  readonly kind: "document" | "location";
}

/** A status URL from outside, and whether it may be followed. @internal */
export type JudgedUrl = Judged & Pick<StatusUrl, "kind">;

/** L1: the status headers in their order of preference. */
const STATUS_HEADERS = ["azure-asyncoperation", "operation-location", "location"] as const;

/** L1, S2: the first status header that parses; one that parses but is not trusted ends the search. @internal */
export function statusUrl(reply: Reply, origins: readonly string[]): JudgedUrl | undefined {
  for (const name of STATUS_HEADERS) {
    const judged = judgeUrl(reply.headers.get(name), reply.url, origins);
    if (judged) return { ...judged, kind: name === "location" ? name : "document" };
  }
  return undefined;
}

/** An IMF-fixdate in epoch milliseconds; NaN for every other form of a date. */
function fixdate(text: string): number {
  const ms = Date.parse(text);
  return new Date(ms).toUTCString() === text ? ms : Number.NaN;
}

/** L8: a usable Retry-After in milliseconds, unclamped: whole seconds, or an IMF-fixdate against the reply's own Date. @internal */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after");
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : fixdate(text) - (fixdate(headers.get("date") ?? "") || now);
  return ms > 0 ? Math.min(ms, 1e15) : undefined;
}

/** ARM's id of the request. @internal */
export function requestIdOf({ headers }: Reply, redact: (text: string) => string): string | undefined {
  return redact(headers.get("x-ms-request-id") ?? "") || undefined;
}

/** The claims that a 401 asks for (continuous access evaluation); authorities named beside them are ignored. @internal */
export function claimsOf(headers: Headers): string | undefined {
  const encoded = /\bclaims="([\w+/=-]+)"/i.exec(headers.get("www-authenticate") ?? "")?.[1];
  return encoded && fromBase64(encoded.replace(/-/g, "+").replace(/_/g, "/"));
}

/** The rate limits that a reply tells: what is left, by limiter. @internal */
export function rateLimits(
  headers: Headers,
  redact: (text: string) => string,
): Readonly<Record<string, number>> | undefined {
  const left: [string, number][] = [];
  // A fetch of the caller's own may know headers by their names alone.
  headers.forEach?.((value, header) => {
    const name = header.split("x-ms-ratelimit-remaining-")[1];
    // `subscription-reads: 249`, and `resource: Microsoft.Compute/HighCostGet;499,…`.
    if (name)
      for (const [, limiter = "", count] of redact(`${name};${value}`).matchAll(/([^,;\s]+);\s*(\d{1,15})\b/g))
        left.push([limiter, Number(count)]);
  });
  return left.length > 0 ? defined(Object.fromEntries(left)) : undefined;
}

/**
 * Reads the service's error from `{error: {…}}` or from the bare object; a body that is no JSON is never quoted (S6).
 *
 * @param redact - cuts what must not leave, applied to every text
 * @internal
 */
export function serviceError(body: unknown, redact: (text: string) => string): ServiceError | undefined {
  const envelope = own(body, "error");
  const source = isObject(envelope) ? envelope : body;
  const base = (from: unknown): ApiErrorBase => ownTexts(from, redact, "code", "message", "target");
  const details = own(source, "details");
  const inner = own(source, "innererror");
  const error: ServiceError = Object.freeze({
    ...base(source),
    ...(Array.isArray(details) && { details: Object.freeze(details.slice(0, 20).map(base)) }),
    ...(isObject(inner) && { innererror: ownTexts(inner, redact, "exceptiontype", "errordetail") }),
  });
  return Object.keys(error).length > 0 ? error : undefined;
}
