import type { ApiErrorBase, InnerError } from "../generated/schema.js";
import { judgeUrl } from "./trust.js";

/** One answer of the service, as far as it could be read. */
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
  readonly code?: string;
  readonly message?: string;
  readonly target?: string;
  readonly details?: readonly ApiErrorBase[];
  readonly innererror?: InnerError;
}

/** Which of ARM's two ways of telling an end a status URL follows: a status document, or the HTTP status alone. */
export type StatusKind = "document" | "location";
export interface StatusUrl {
  readonly url: string;
  readonly kind: StatusKind;
}

/** L1: the status headers in their order of preference. */
const STATUS_HEADERS = [
  ["azure-asyncoperation", "document"],
  ["operation-location", "document"],
  ["location", "location"],
] as const;

/** L1, S2: the first status header that parses; one that parses but is not trusted ends the search. */
export function statusUrl(reply: Reply, origins: ReadonlySet<string>): StatusUrl | "none" | "untrusted" {
  for (const [name, kind] of STATUS_HEADERS) {
    const verdict = judgeUrl(reply.headers.get(name) ?? "", reply.url, origins);
    if (verdict === "untrusted") return "untrusted";
    if (verdict !== "unusable") return { url: verdict.url, kind };
  }
  return "none";
}

/** Reads a body as JSON; undefined when it is none (the value may itself be null). */
export function readJson(text: string | undefined): { readonly value: unknown } | undefined {
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** S11: reads an own property of a JSON object; undefined for anything else. */
export function own(value: unknown, key: string): unknown {
  const readable = typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
  return readable ? (value as Record<string, unknown>)[key] : undefined;
}

/** A copy without the undefined properties, so that a state is what its JSON is. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as Defined<T>;
}
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const fixdate = (text: string | null): number => (IMF_FIXDATE.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN);

/** L8: a usable Retry-After in milliseconds, unclamped: whole seconds, or an IMF-fixdate against the reply's own Date. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after") ?? "";
  const sent = fixdate(headers.get("date"));
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : fixdate(text) - (Number.isNaN(sent) ? now : sent);
  return ms > 0 ? Math.min(ms, Number.MAX_SAFE_INTEGER / 4) : undefined;
}

/** The rate limits that a reply tells: what is left, by limiter. */
export function rateLimits(headers: Headers): Readonly<Record<string, number>> | undefined {
  const prefix = "x-ms-ratelimit-remaining-";
  const left: [string, number][] = [];
  headers.forEach((value, name) => {
    if (!name.startsWith(prefix)) return;
    const short = name.slice(prefix.length);
    const items = short === "resource" ? value.split(",").map((item) => item.split(";")) : [[short, value]];
    for (const [limiter = "", count = ""] of items)
      if (/^\s*\d{1,15}\s*$/.test(count)) left.push([limiter.trim(), Number(count)]);
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/**
 * Reads the service's error from `{error: {…}}` or from the bare object; a body that is no JSON is never quoted (S6).
 *
 * @param redact - cuts what must not leave, applied to every text
 */
export function serviceError(body: unknown, redact: (text: string) => string): ServiceError | undefined {
  const envelope = own(body, "error");
  const source = typeof envelope === "object" && envelope !== null ? envelope : body;
  const text = (from: unknown, key: string): string | undefined => {
    const value = own(from, key);
    return typeof value === "string" ? redact(value) : undefined;
  };
  const base = (from: unknown) =>
    defined({ code: text(from, "code"), message: text(from, "message"), target: text(from, "target") });
  const details = own(source, "details");
  const inner = own(source, "innererror");
  const error: ServiceError = defined({
    ...base(source),
    details: Array.isArray(details) ? details.slice(0, 20).map(base) : undefined,
    innererror:
      typeof inner === "object" && inner !== null
        ? defined({ exceptiontype: text(inner, "exceptiontype"), errordetail: text(inner, "errordetail") })
        : undefined,
  });
  return Object.keys(error).length > 0 ? error : undefined;
}
