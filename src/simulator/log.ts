import { secretPaths } from "../../generated/operations.js";
import type { Incoming } from "./request.js";

/** A request that a simulator got, without its token, its secrets and the signature of its URL. */
export interface RecordedRequest {
  /** When it came, in epoch milliseconds by the simulator's clock. */
  readonly at: number;
  /** As it was sent. */
  readonly method: string;
  /** The whole URL; what signs it is masked. */
  readonly url: string;
  /** By names in lower case; tokens and cookies are masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON that was sent, secrets masked; absent for an empty body, and for one that is no JSON. */
  readonly body?: unknown;
  /** The HTTP status that it was answered with; absent while it is not, and when no answer arrived. */
  readonly status?: number;
}

const MASK = "***";
const CREDENTIALS = /authorization|cookie|token|secret|password|key/;
/** What may be shown of a query; all else may sign it. */
const PLAIN_QUERY = /^(api-version|monitor|p|\$expand)$/i;
const secretNames = new Set(secretPaths.map((path) => path.at(-1)?.toLowerCase()));
/** What secrets stand in: the body itself, and the names on the way. */
const holderNames = new Set(secretPaths.flatMap((path) => path.slice(0, -1)).map((name) => name.toLowerCase()));

/** Makes the entry for a request. */
export function record({ method, url, headers, body }: Incoming, at: number): RecordedRequest {
  const parsed = parse(body);
  return Object.freeze({
    at,
    method,
    url: url.href.replace(/([?&])([^=&#]+)=[^&#]*/g, (whole, mark, name) =>
      PLAIN_QUERY.test(name) ? whole : `${mark}${name}=${MASK}`,
    ),
    headers: Object.fromEntries(
      [...headers].map(([name, value]) => [name, CREDENTIALS.test(name) ? maskedHeader(value) : value]),
    ),
    ...(parsed === undefined ? {} : { body: masked(parsed, true) }),
  });
}

/** A token without its value: `Bearer ***`. */
function maskedHeader(value: string): string {
  return /^Bearer /i.test(value) ? `Bearer ${MASK}` : MASK;
}

/**
 * A copy of a JSON value without secrets, wherever they stand and in whichever case they are written. A text in the place
 * of what holds them, such as JSON that was encoded twice, is masked whole.
 */
function masked(value: unknown, holds: boolean): unknown {
  if (typeof value === "string") return holds ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => masked(item, holds));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const key = name.toLowerCase();
      return [name, secretNames.has(key) ? MASK : masked(inner, holderNames.has(key))];
    }),
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
