import type { BeginOptions, ReimageClient, SerializedOperation, VirtualMachine } from "../index.js";
import { check, checkIterable, checkSignal, refuse, refuseNonObject } from "./check.js";
import { ARM_LIMITS, type FleetLimits } from "./limits.js";
import type { FleetTotals } from "./results.js";

/** How a fleet is reimaged. */
export interface FleetOptions {
  /**
   * How many VMs are in hand at most: waiting for their POST, running, or ended and not taken from the iterator yet.
   *
   * @default 5000
   */
  readonly maxInFlight?: number | undefined;
  /**
   * How long each operation is followed, in milliseconds: from its acceptance, or from when this run took it up again. One that
   * still runs then ends as "timeout", with its resume state. How long a VM waits for its turn to be POSTed is not bounded.
   *
   * @default 7_200_000
   */
  readonly timeoutMs?: number | undefined;
  /** The token buckets to stay within, where they differ from those that Azure documents. */
  readonly limits?: Partial<FleetLimits> | undefined;
  /**
   * Ends the fleet: what is in flight is yielded as "aborted", with its resume state; the reimages go on. VMs that were not taken from
   * the list by then have no result.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Operations of an earlier run, followed beside the new ones. Their VMs are not POSTed, also when they are named again; beside one
   * that is too damaged to say of which VM it is nothing is POSTed, and the fleet throws in the end.
   */
  readonly resume?: Iterable<SerializedOperation> | undefined;
  /** Awaited right before each VM's POST, once for each VM: write the intent down. If it rejects, nothing is sent to that VM. */
  readonly beforeSend?: BeginOptions["beforeSend"] | undefined;
  /** Awaited right after each VM's 202: write the resume state down. */
  readonly onAccepted?: BeginOptions["onAccepted"] | undefined;
  /** Told whenever a VM was accepted, throttled or ended; what it throws is swallowed. */
  readonly onProgress?: ((totals: FleetTotals) => void) | undefined;
}

/** The options, checked and completed. */
export type Settings = FleetOptions & {
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  readonly resume: Iterable<SerializedOperation>;
  readonly limits: FleetLimits;
};

/**
 * Checks what concerns the fleet as a whole; the rest is checked by the client, for each VM.
 *
 * @throws {@link InvalidInputError}
 */
export function settle(
  client: ReimageClient,
  vms: Iterable<VirtualMachine> | AsyncIterable<VirtualMachine>,
  options: FleetOptions,
): Settings {
  refuseNonObject(options, "options");
  const { maxInFlight = 5000, timeoutMs = 7_200_000, resume = [], signal, limits = {} } = options;
  refuseNonObject(limits, "limits");
  const all: FleetLimits = { ...ARM_LIMITS, ...given(limits) };
  const isCallback = (name: "beforeSend" | "onAccepted" | "onProgress") =>
    check(options[name] === undefined || typeof options[name] === "function", name, "must be a function");
  refuse([
    ...check(typeof client?.beginReimage === "function", "client", "must come from createReimageClient"),
    ...checkIterable(vms, "vms", "VMs", Symbol.iterator, Symbol.asyncIterator),
    ...checkIterable(resume, "resume", "saved operations", Symbol.iterator),
    ...check(Number.isInteger(maxInFlight) && maxInFlight > 0, "maxInFlight", "must be a whole number, 1 or more"),
    ...check(isAmount(timeoutMs), "timeoutMs", "must be a positive number of milliseconds"),
    ...checkSignal(signal),
    ...isCallback("beforeSend"),
    ...isCallback("onAccepted"),
    ...isCallback("onProgress"),
    ...Object.entries(all).flatMap(([name, limit]) =>
      check(
        isAmount(limit?.capacity) && limit.capacity >= 1 && isAmount(limit.refillPerSecond),
        `limits.${name}`,
        "must have a capacity of 1 or more and a refillPerSecond above 0",
      ),
    ),
  ]);
  return { ...options, maxInFlight, timeoutMs, resume, limits: all };
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

/** What is undefined is not given. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
