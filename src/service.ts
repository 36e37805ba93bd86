import type { ServiceFields } from "./errors.js";
import { defined, type Reply, readJson, requestIdOf, retryAfterMs, type ServiceError, serviceError } from "./reply.js";

/** What is known about the refusals and failures of this operation, by their status, code or words; the first that fits is told. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/custom ?data/i, "customData must equal the value given when the VM was created."],
  [/tempDisk/i, "tempDisk is only for VMs with an ephemeral OS disk."],
  [/^401/, "The token was not accepted: check its tenant and its audience."],
  [/^403/, "The identity needs Microsoft.Compute/virtualMachines/reimage/action."],
  [/^404/, "Check the names, the subscription and the cloud."],
  [/^409/, "Another operation holds the VM: wait for its end."],
  [/OperationPreempted/, "A later operation on the VM took its place."],
  [/OSProvisioningTimedOut/, "The OS did not report that it is up: look at the VM's boot diagnostics."],
];

/** What the service said, as errors carry it, with what is known about it. */
export function serviceFields(
  status: number,
  error: ServiceError | undefined,
  requestId?: string,
  retryAfterMs?: number,
): ServiceFields {
  const { message: serviceMessage, ...rest } = error ?? {};
  const known = HINTS.find(([pattern]) => pattern.test(`${status} ${rest.code} ${serviceMessage}`))?.[1];
  const hint =
    status === 429 ? `Throttled${retryAfterMs ? `: try again in ${Math.ceil(retryAfterMs / 1000)} s` : ""}.` : known;
  return defined({ status, ...rest, serviceMessage, requestId, retryAfterMs, hint });
}

/** The same, read from an answer. */
export function serviceFieldsOf(reply: Reply, now: number, redact: (text: string) => string): ServiceFields {
  const error = serviceError(readJson(reply.text)?.value, redact);
  return serviceFields(reply.status, error, requestIdOf(reply, redact), retryAfterMs(reply.headers, now));
}
