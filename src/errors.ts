import type { ApiErrorBase, InnerError } from "../generated/schema.js";
import type { Issue } from "../generated/validate.js";
import { defined } from "./json.js";
import type { UnknownReason } from "./lro.js";
import type { SerializedOperation } from "./saved.js";
import type { VirtualMachineId } from "./vm-id.js";

/** Was the disk touched? `maybe`: the service may have taken the request; `yes`: it accepted it. */
export type Started = "no" | "maybe" | "yes";

/** What the service said about a failure, as errors carry it. */
export interface ServiceFields {
  /** The HTTP status of the answer. */
  readonly status?: number;
  /** The service's error code, such as `OSProvisioningTimedOut`. */
  readonly code?: string;
  /** What the service said, for a reader; 4096 characters at most. */
  readonly serviceMessage?: string;
  /** What the service said its error is about. */
  readonly target?: string;
  /** The service's errors behind it. */
  readonly details?: readonly ApiErrorBase[];
  /** What the service said of its inside. */
  readonly innererror?: InnerError;
  /** ARM's id of the request, for a support case. */
  readonly requestId?: string;
  /** How long the service asked to wait, in milliseconds; absent where its answer was cut. */
  readonly retryAfterMs?: number;
  /** What is known about this refusal, in a sentence. */
  readonly hint?: string;
}

/** What every error is made of; the message is put together from it. */
export interface ErrorFacts extends ServiceFields {
  /** What happened, as the predicate of a sentence about a reimage. */
  readonly what: string;
  readonly started: Started;
  readonly vm?: VirtualMachineId | undefined;
  readonly correlationId?: string | undefined;
  readonly resume?: SerializedOperation | undefined;
  readonly cause?: unknown;
  readonly reason?: UnknownReason;
  readonly issues?: readonly Issue[];
}

const BRAND = Symbol.for("azure-vm-reimage.error");

/** What all errors of this package share; not exported, since the union {@link AnyReimageError} narrows and this does not. */
abstract class ReimageError extends Error {
  /** Was the disk touched? */
  declare readonly started: Started;
  /** The VM that the call was about, where it was named rightly. */
  declare readonly vm?: VirtualMachineId;
  /** The id that the VM's activity log knows the operation by. */
  declare readonly correlationId?: string;
  readonly #resume: SerializedOperation | undefined;

  constructor(facts: ErrorFacts) {
    const { what: _, cause: __, resume, ...told } = facts;
    super(messageOf(facts), facts);
    this.#resume = resume;
    Object.assign(this, defined(told));
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** The state to resume from, where there is one. A getter, so that no log of the error shows its signed URL. */
  get resume(): SerializedOperation | undefined {
    return this.#resume;
  }

  /** What is safe to log: everything but the resume state, the stack and the cause. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), message: this.message };
  }
}

/** What those share that tell what the service said: at run time nothing more. */
const ServiceReportedError: abstract new (facts: ErrorFacts) => ReimageError & ServiceFields = ReimageError;

/** Refused here, before this call sent anything. `issues` name what is wrong and the rule it breaks, never the value. */
export class InvalidInputError extends ReimageError {
  override readonly name = "InvalidInputError" as const;
  declare readonly started: "no";
  /** The rules that were broken, and where. */
  declare readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[], vm?: VirtualMachineId) {
    const rules = issues.map(({ path, rule }) => `${path || "parameters"}: ${rule}`).join("; ");
    super({ what: `got bad input (${rules})`, started: "no", vm, issues });
  }
}

/** Throws when there is something to complain about. @internal */
export function refuse(issues: readonly Issue[], vm?: VirtualMachineId): void {
  if (issues.length > 0) throw new InvalidInputError(issues, vm);
}

/** No usable token: nothing was sent, or (`started` "yes") polling was refused with 401 for good; then resume later. */
export class AuthenticationError extends ReimageError {
  override readonly name = "AuthenticationError" as const;
  declare readonly started: "no" | "yes";
}

/** The service was never reached (connection refused, DNS, TLS), or `beforeSend` rejected: nothing was sent. Or a preflight got no answer. */
export class NotSentError extends ReimageError {
  override readonly name = "NotSentError" as const;
  declare readonly started: "no";
}

/** The service refused the POST, or answered a preflight with no VM: that call did not touch the disk. */
export class RequestRejectedError extends ServiceReportedError {
  override readonly name = "RequestRejectedError" as const;
  declare readonly started: "no";
}

/** The service says that the reimage failed. */
export class OperationFailedError extends ServiceReportedError {
  override readonly name = "OperationFailedError" as const;
  declare readonly started: "yes";
}

/** The service says that the reimage was canceled, for example preempted by a later operation on the VM. */
export class OperationCanceledError extends ServiceReportedError {
  override readonly name = "OperationCanceledError" as const;
  declare readonly started: "yes";
}

/** Nobody can say how it ended: the POST's answer was lost ("maybe"), or its status cannot be read or trusted ("yes"). */
export class OutcomeUnknownError extends ServiceReportedError {
  override readonly name = "OutcomeUnknownError" as const;
  declare readonly started: "maybe" | "yes";
  /** Why nobody can say, in one of a closed list of words. */
  declare readonly reason: UnknownReason;
}

/** Our own time limit passed; the reimage goes on and can be resumed. */
export class WaitTimeoutError extends ReimageError {
  override readonly name = "WaitTimeoutError" as const;
  declare readonly started: "yes";
}

/** The caller's signal ended the call, not the reimage: ARM has no cancel for it. `cause` is `signal.reason`. */
export class AbortedError extends ReimageError {
  override readonly name = "AbortError" as const;
}

/** What is told when the caller's signal ended a call, whatever it was about. @internal */
export function aborted(facts: Omit<ErrorFacts, "what" | "cause">, cause: unknown): AbortedError {
  return new AbortedError({ ...facts, what: "is no longer awaited by the caller", cause });
}

/** Every error that this package throws; `name` narrows it. */
export type AnyReimageError =
  | InvalidInputError
  | AuthenticationError
  | NotSentError
  | RequestRejectedError
  | OperationFailedError
  | OperationCanceledError
  | OutcomeUnknownError
  | WaitTimeoutError
  | AbortedError;

/** Tells this package's errors from others, also across copies of the package in one program. */
export function isReimageError(error: unknown): error is AnyReimageError {
  return error instanceof Error && BRAND in error;
}

/** What, which VM, what the service said, and what to do about it. */
function messageOf({ what, vm, started, correlationId, resume, status = 0, ...said }: ErrorFacts): string {
  const about = vm && `of ${vm.vmName} (${vm.resourceGroupName}, subscription ${vm.subscriptionId})`;
  const happened = ["Reimage", about, what].filter(Boolean).join(" ");
  const told = [happened, status >= 300 && `HTTP ${status}`, said.code, said.serviceMessage].filter(Boolean).join(": ");
  const advice = {
    no: "This call changed nothing.",
    maybe: "It may have been accepted: look at the VM.",
    yes: resume && said.reason !== "status-gone" && "It may go on: client.resume(error.resume).",
  }[started];
  const log =
    started !== "no" &&
    correlationId &&
    `Look at az monitor activity-log list --offset 7d --subscription ${vm?.subscriptionId} --correlation-id ${correlationId}`;
  return [told.replace(/\.?$/, "."), said.hint, advice, log].filter(Boolean).join(" ");
}
