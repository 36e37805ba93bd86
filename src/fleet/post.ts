import {
  AbortedError,
  type AnyReimageError,
  isReimageError,
  type ReimageClient,
  type ReimageOperation,
  type ReimageParameters,
  type ServiceFields,
  type VirtualMachineId,
} from "../index.js";
import type { Bucket } from "./bucket.js";
import type { Settings } from "./options.js";
import type { Pacer } from "./pacer.js";
import { type FleetResult, resultOf } from "./results.js";
import { sightOf } from "./sight.js";

/** A VM that waits for its POST. */
export interface Job {
  readonly vm: VirtualMachineId;
  /** The POSTs that it may still take. */
  readonly updates: Bucket;
  /** That of its first POST, if it was throttled: then its intent is written down already. */
  readonly correlationId?: string | undefined;
  /** How often it was throttled. */
  readonly throttled?: number | undefined;
}

/** How often a VM's POST is sent again after a 429 (S1), and how long a Retry-After may be that all POSTs wait for, in milliseconds. */
const THROTTLE_RETRIES = 2;
const LONGEST_PAUSE = 3_600_000;

/** What became of a POST: accepted, ended, or not taken by the service and to be sent again. */
export type Posted =
  | { readonly operation: ReimageOperation }
  | { readonly result: FleetResult }
  | { readonly again: Job; readonly result: FleetResult };

/** Sends a VM's POST, once. */
export async function post(
  client: ReimageClient,
  parameters: ReimageParameters | undefined,
  { signal, beforeSend, onAccepted }: Settings,
  pacer: Pacer,
  job: Job,
): Promise<Posted> {
  const { vm, updates, correlationId, throttled = 0 } = job;
  const sentAt = performance.now();
  updates.take(sentAt);
  updates.answered(sentAt);
  const ticket = pacer.post(sentAt);
  try {
    const operation = await client.beginReimage(vm, parameters, {
      throttleRetries: 0,
      ...(signal && { signal }),
      ...(correlationId !== undefined ? { correlationId } : beforeSend && { beforeSend }),
      ...(onAccepted && { onAccepted }),
    });
    pacer.posted(ticket, performance.now(), sightOf(operation.state));
    return { operation };
  } catch (error) {
    const now = performance.now();
    const mine = isReimageError(error);
    if (signal?.aborted && !mine) {
      pacer.unposted(ticket, now);
      return { result: unsent(vm, error) };
    }
    const result = resultOf(vm, error);
    if (mine && error.started === "no" && error.name !== "RequestRejectedError") {
      pacer.unposted(ticket, now);
      return { result };
    }
    pacer.posted(ticket, now, {});
    const { status, retryAfterMs } = result.outcome === "rejected" ? (error as ServiceFields) : {};
    if (status !== 429 || !retryAfterMs || retryAfterMs > LONGEST_PAUSE) return { result };
    pacer.throttled(now + retryAfterMs);
    // S1: the service said that it did not take it.
    if (throttled >= THROTTLE_RETRIES || updates.readyAt(now) > now) return { result };
    return {
      again: { ...job, correlationId: (error as AnyReimageError).correlationId, throttled: throttled + 1 },
      result,
    };
  }
}

/** The result of a VM that was in hand, but not POSTed, when the caller ended it all. */
export function unsent(vm: VirtualMachineId, cause: unknown): FleetResult {
  const what = "was ended by the caller before it was sent";
  return { vm, outcome: "aborted", error: new AbortedError({ what, started: "no", vm, cause }) };
}
