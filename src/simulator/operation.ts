import type { OperationStatus } from "../../generated/arm/schema.js";
import type { ApiErrorBase } from "../../generated/schema.js";
import { timestamp } from "./time.js";
import type { SimulatedFailure, SimulatedOutcome, SimulatedVm } from "./vm.js";

/** A reimage that was accepted. Its course is settled when it begins; only another one's preemption shortens it. */
export interface Operation {
  readonly id: string;
  readonly vmId: string;
  readonly subscriptionId: string;
  readonly location: string;
  /** What its status URLs say. */
  readonly apiVersion: string;
  /** In epoch milliseconds. */
  readonly startedAt: number;
  /** In epoch milliseconds; Infinity when it hangs. */
  readonly endsAt: number;
  readonly ending: Ending;
}

/** How an operation ends. */
export interface Ending {
  readonly status: "Succeeded" | "Failed" | "Canceled";
  readonly error?: Required<Pick<ApiErrorBase, "code" | "message">>;
  readonly replacesDisk: boolean;
}

const PROVISIONING_TIMED_OUT = "OSProvisioningTimedOut";
const PREEMPTED = "OperationPreempted";

/** The ending that an outcome means for a VM. */
export function endingOf(outcome: SimulatedOutcome, vm: SimulatedVm): Ending {
  if (outcome === "succeeded" || outcome === "hang") return { status: "Succeeded", replacesDisk: true };
  const failure: SimulatedFailure = typeof outcome === "string" ? { status: outcome } : outcome;
  const code = failure.code ?? (failure.status === "failed" ? PROVISIONING_TIMED_OUT : PREEMPTED);
  return {
    status: failure.status === "failed" ? "Failed" : "Canceled",
    error: { code, message: failure.message ?? messageOf(code, vm) },
    replacesDisk: failure.replacesDisk ?? code === PROVISIONING_TIMED_OUT,
  };
}

/** The operation when another one takes its place. */
export function preempted(operation: Operation, vm: SimulatedVm, now: number): Operation {
  return { ...operation, endsAt: now, ending: endingOf("canceled", vm) };
}

/** What a poll is told: exactly these members, in this order. */
export function statusDocument({ id, startedAt, endsAt, ending }: Operation, now: number): OperationStatus {
  if (now < endsAt) return { startTime: timestamp(startedAt), status: "InProgress", name: id };
  const times = { startTime: timestamp(startedAt), endTime: timestamp(endsAt) };
  return { ...times, status: ending.status, ...(ending.error && { error: ending.error }), name: id };
}

function messageOf(code: string, vm: SimulatedVm): string {
  if (code === PROVISIONING_TIMED_OUT)
    return `OS Provisioning for VM '${vm.vmName}' did not finish in the allotted time.`;
  if (code === PREEMPTED) return "Operation execution has been preempted by a more recent operation.";
  return `The reimage of VM '${vm.vmName}' did not succeed.`;
}
