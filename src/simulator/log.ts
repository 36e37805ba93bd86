import { secretPaths } from "../../generated/operations.js";
import type { Incoming } from "./request.js";

/** A request that a simulator got, without its token, its secrets and the signature of its URL. */
export interface RecordedRequest {
  /** When it came, in epoch milliseconds by the simulator's clock. */
  readonly at: number;
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
const CREDENTIALS = /authorization|cookie/;

/** Makes the entry for a request. */
export function record({ method, url, headers, body }: Incoming, at: number): RecordedRequest {
  const parsed = parse(body);
  return Object.freeze({
    at,
    method,
    url: url.href.replace(/([?&][tcsh]=)[^&#]*/g, `$1${MASK}`),
    headers: Object.fromEntries(
      [...headers].map(([name, value]) => [name, CREDENTIALS.test(name) ? masked(value) : value]),
    ),
    ...(parsed === undefined ? {} : { body: secretPaths.reduce(withoutSecret, parsed) }),
  });
}

/** A token without its value: `Bearer ***`. */
function masked(authorization: string): string {
  return /^Bearer /i.test(authorization) ? `Bearer ${MASK}` : MASK;
}

/** A copy of a JSON value in which what stands at the path is masked. */
function withoutSecret(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return MASK;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  const copy: Readonly<Record<string, unknown>> = { ...value };
  return { ...copy, [name]: withoutSecret(copy[name], rest) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
