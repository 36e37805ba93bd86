import type { ServiceFields } from "./errors.js";
import { defined, type Reply, readJson, retryAfterMs, type ServiceError, serviceError } from "./reply.js";

/** The refusals of this operation that are known, and what they mean; the first that fits is told. */
const HINTS: readonly (readonly [(refusal: ServiceFields) => boolean, string])[] = [
  [
    ({ serviceMessage: said = "" }) => /custom ?data/i.test(said),
    "customData must equal the value given when the VM was created.",
  ],
  [({ serviceMessage: said = "" }) => /tempDisk/i.test(said), "tempDisk is only for VMs with an ephemeral OS disk."],
  [({ status }) => status === 401, "The token was not accepted: check its tenant and its audience."],
  [({ status }) => status === 403, "The identity needs Microsoft.Compute/virtualMachines/reimage/action on the VM."],
  [({ status }) => status === 404, "Check the names, the subscription and the cloud."],
  [({ status }) => status === 409, "Another operation holds the VM: wait for its end."],
  [({ code }) => code === "OperationPreempted", "A later operation on the VM took its place."],
  [
    ({ code }) => code === "OSProvisioningTimedOut",
    "The OS did not report that it is up: look at the VM's boot diagnostics.",
  ],
];

function hintFor(refusal: ServiceFields): string | undefined {
  if (refusal.status !== 429) return HINTS.find(([fits]) => fits(refusal))?.[1];
  return refusal.retryAfterMs === undefined
    ? "Throttled."
    : `Throttled: try again in ${Math.ceil(refusal.retryAfterMs / 1000)} s.`;
}

/** What the service said, as errors carry it, with what is known about it. */
export function serviceFields(
  status: number,
  error: ServiceError | undefined,
  requestId: string | undefined,
  retryAfter?: number,
): ServiceFields {
  const { message, ...rest } = error ?? {};
  const fields: ServiceFields = defined({
    status,
    ...rest,
    serviceMessage: message,
    requestId,
    retryAfterMs: retryAfter,
  });
  return defined({ ...fields, hint: hintFor(fields) });
}

/** The same, read from an answer. */
export function serviceFieldsOf(reply: Reply, now: number, redact: (text: string) => string): ServiceFields {
  const requestId = reply.headers.get("x-ms-request-id");
  return serviceFields(
    reply.status,
    serviceError(readJson(reply.text)?.value, redact),
    requestId === null ? undefined : redact(requestId),
    retryAfterMs(reply.headers, now),
  );
}
