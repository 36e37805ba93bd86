import type { Operation } from "./operation.js";
import { base64Url, guid, numbersFrom } from "./random.js";
import { fill, STATUS_PATH } from "./routes.js";

/**
 * Gives the path and query of one of an operation's two status URLs, always the same.
 *
 * @param monitor - is it the one of the header Location?
 */
export type Sign = (operation: Operation, monitor: boolean) => string;

/** The lengths of the certificate, the signature and the hash in recorded URLs: with them a URL has about 3.2 kB. */
const LENGTHS = { c: 2560, s: 342, h: 43 };

/**
 * Makes the signer of status URLs.
 *
 * A signature is checked by signing again and comparing; nothing is stored, and nothing here is cryptography.
 *
 * @param signed - do they have t, c, s and h?
 */
export function createSign(signed: boolean): Sign {
  const certificate = `MII${base64Url(numbersFrom("certificate"), LENGTHS.c - 3)}`;
  return ({ id, subscriptionId, location, apiVersion, startedAt }, monitor) => {
    const path = fill(STATUS_PATH, { subscriptionId, location: encodeURIComponent(location), operationId: id });
    const version = `api-version=${encodeURIComponent(apiVersion)}`;
    const unsigned = `${path}?p=${proofOf(id)}${monitor ? "&monitor=true" : ""}&${version}`;
    if (!signed) return unsigned;
    const claim = `${unsigned}&t=${ticks(startedAt)}`;
    const next = numbersFrom(claim);
    return `${claim}&c=${certificate}&s=${base64Url(next, LENGTHS.s)}&h=${base64Url(next, LENGTHS.h)}`;
  };
}

/** Was this status URL made by a simulator, whichever? Its `p` follows from the id of the operation. */
export function isOurs({ pathname, searchParams }: URL): boolean {
  const id = /[^/]+$/.exec(pathname)?.[0] ?? "";
  return searchParams.get("p") === proofOf(id.toLowerCase());
}

function proofOf(operationId: string): string {
  return guid(numbersFrom(operationId));
}

/** A time as .NET counts it: in tenths of a microsecond since the year 1. */
function ticks(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * 10_000n + 621_355_968_000_000_000n;
}
