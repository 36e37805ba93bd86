import {
  type AnyReimageError,
  isReimageError,
  OutcomeUnknownError,
  type SucceededState,
  type VirtualMachineId,
} from "../index.js";

/** How one VM of a fleet ended. */
export type FleetResult =
  | { readonly vm: VirtualMachineId; readonly outcome: "succeeded"; readonly state: SucceededState }
  | {
      /** The VM. Of one that could not be read, `vmName` is what was given, and the other names are empty. */
      readonly vm: VirtualMachineId;
      readonly outcome:
        | "failed"
        | "canceled"
        | "rejected"
        | "unknown"
        | "invalid"
        | "not-sent"
        | "authentication"
        | "timeout"
        | "aborted";
      /** What happened; `started` says whether the disk was touched, `resume` is there when it may go on. */
      readonly error: AnyReimageError;
    };

/** How far a fleet is. */
export interface FleetTotals {
  /** VMs that were taken from the list and wait for their POST. */
  readonly waiting: number;
  /** VMs whose POST is under way, or whose reimage runs. */
  readonly running: number;
  /** VMs that are over, well or not. */
  readonly ended: number;
  /** How many of those that ended had each outcome; one that nobody had is absent. */
  readonly outcomes: Readonly<Partial<Record<FleetResult["outcome"], number>>>;
  /** POSTs that the service answered with 429 so far; each was sent again later, or its VM rejected. */
  readonly throttled: number;
}

const OUTCOMES = {
  InvalidInputError: "invalid",
  AuthenticationError: "authentication",
  NotSentError: "not-sent",
  RequestRejectedError: "rejected",
  OperationFailedError: "failed",
  OperationCanceledError: "canceled",
  OutcomeUnknownError: "unknown",
  WaitTimeoutError: "timeout",
  AbortError: "aborted",
} as const satisfies Record<AnyReimageError["name"], FleetResult["outcome"]>;

/** The result of a VM whose call rejected. What is no error of this package says nothing: its outcome is unknown. */
export function resultOf(vm: VirtualMachineId, error: unknown): FleetResult {
  const told = isReimageError(error)
    ? error
    : new OutcomeUnknownError({
        what: "ended in an unexpected error",
        started: "maybe",
        reason: "no-answer",
        vm,
        cause: error,
      });
  return { vm, outcome: OUTCOMES[told.name], error: told };
}

/** Calls back into the caller's code; what it throws or rejects with is its own affair. */
export function quietly(call: () => unknown): void {
  (async () => call())().catch(() => {});
}
