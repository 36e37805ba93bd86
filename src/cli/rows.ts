import type { FleetResult } from "../fleet/index.js";
import {
  type AnyReimageError,
  formatVirtualMachineId,
  type SerializedOperation,
  type ServiceFields,
  type Started,
  type UnknownReason,
  type VirtualMachineId,
} from "../index.js";
import { INTERRUPTED } from "./io.js";

/** How one VM ended, as it is printed and written down: plain JSON. */
export interface Row {
  /** The ARM resource id. */
  readonly vm: string;
  /** As a fleet has it; `accepted` with --no-wait, `refused` by --old-disk or a look that failed. */
  readonly outcome: FleetResult["outcome"] | "accepted" | "refused";
  /** Was the disk touched? */
  readonly started: Started;
  /** The service's error code. */
  readonly code?: string;
  /** Why an outcome is not known. */
  readonly reason?: UnknownReason;
  readonly message?: string;
  readonly correlationId?: string;
  readonly requestId?: string;
  /** It may go on: what `--resume` takes. To be kept like a secret. */
  readonly resume?: SerializedOperation;
  /** It ended in an earlier run of the same journal. */
  readonly earlier?: true;
}

/** The row of a VM that a fleet is through with. */
export function rowOf(result: FleetResult): Row {
  if (result.outcome !== "succeeded") return rowOfError(result.vm, result.outcome, result.error);
  const { correlationId, requestId } = result.state;
  return {
    vm: formatVirtualMachineId(result.vm),
    outcome: "succeeded",
    started: "yes",
    correlationId,
    ...(requestId !== undefined && { requestId }),
  };
}

/** The row of a VM whose call rejected. */
export function rowOfError(vm: VirtualMachineId, outcome: Row["outcome"], error: AnyReimageError): Row {
  const { code, requestId }: ServiceFields = error as ServiceFields;
  const { started, correlationId, resume } = error;
  const row: Row = {
    vm: formatVirtualMachineId(vm),
    outcome,
    started,
    ...(code !== undefined && { code }),
    ...("reason" in error && { reason: error.reason }),
    // What the library advises its callers, in the words of a command line.
    message: error.message.replace("client.resume(error.resume)", "--resume follows it"),
    ...(correlationId !== undefined && { correlationId }),
    ...(requestId !== undefined && { requestId }),
    ...(resume && { resume }),
  };
  return isLost(row.reason) ? withoutSequel(row) : row;
}

/** Reasons after which nobody can follow it from here: there is no record any more, or the status URL leads where nobody may ask. */
export function isLost(reason: UnknownReason | undefined): boolean {
  return reason === "status-gone" || isStray(reason);
}

/** The status URL is of an origin that may not see the token. */
export function isStray(reason: UnknownReason | undefined): boolean {
  return reason === "untrusted-status-url";
}

/** The row of a VM that nobody can follow from here: its message does not say that it may go on. */
export function withoutSequel(row: Row): Row {
  return row.message === undefined ? row : { ...row, message: row.message.replace(/It may go on: [^.]*\. /, "") };
}

const OUTCOME_CODES: Readonly<Record<Row["outcome"], number>> = {
  succeeded: 0,
  accepted: 0,
  failed: 1,
  canceled: 1,
  rejected: 1,
  refused: 1,
  "not-sent": 1,
  invalid: 1,
  authentication: 3,
  unknown: 4,
  timeout: 4,
  aborted: INTERRUPTED,
};
const STARTED: readonly unknown[] = ["no", "maybe", "yes"] satisfies Started[];

const TEXTS = ["code", "reason", "message", "correlationId", "requestId"] as const;

/** Is what was read a row, as far as it counts? */
export function isRow(row: Row): boolean {
  const { outcome, started } = row;
  const reads = TEXTS.every((name) => row[name] === undefined || typeof row[name] === "string");
  return Object.hasOwn(OUTCOME_CODES, outcome) && STARTED.includes(started) && reads;
}

const WORST_FIRST = [INTERRUPTED, 4, 3, 1];

/** The exit code of all of them: that of the gravest end. */
export function exitCodeOf(rows: Iterable<Row>): number {
  const codes = new Set(Array.from(rows, ({ outcome }) => OUTCOME_CODES[outcome]));
  return WORST_FIRST.find((code) => codes.has(code)) ?? 0;
}
