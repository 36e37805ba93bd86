import type { ServiceFields } from "./errors.js";
import { defined, readJson } from "./json.js";
import { type Reply, requestIdOf, retryAfterMs, type ServiceError, serviceError } from "./reply.js";

/** The refusals of this operation that do not explain themselves. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/custom ?data/i, "customData must equal that given at creation."],
  [/tempDisk/i, "tempDisk is for ephemeral OS disks."],
];

/** What the service said, as errors carry it, with what is known about it. */
export function serviceFields(
  status: number,
  error: ServiceError | undefined,
  requestId?: string,
  retryAfterMs?: number,
): ServiceFields {
  const { message: serviceMessage, ...rest } = error ?? {};
  const known = HINTS.find(([pattern]) => pattern.test(`${rest.code} ${serviceMessage}`))?.[1];
  const hint = status === 429 && retryAfterMs ? `Throttled: try again in ${Math.ceil(retryAfterMs / 1000)} s.` : known;
  return defined({ status, ...rest, serviceMessage, requestId, retryAfterMs, hint });
}

/** The same, read from an answer. One that was cut asks for nothing: what it refused is not sent again (S1). */
export function serviceFieldsOf(reply: Reply, now: number, redact: (text: string) => string): ServiceFields {
  const error = serviceError(readJson(reply.text), redact);
  const asked = reply.cut ? undefined : retryAfterMs(reply.headers, now);
  return serviceFields(reply.status, error, requestIdOf(reply, redact), asked);
}
