import {
  type BeginOptions,
  InvalidInputError,
  type ReimageClient,
  type SerializedOperation,
  type VirtualMachine,
} from "../index.js";
import { ARM_LIMITS, type FleetLimits } from "./limits.js";
import type { FleetTotals } from "./results.js";

/** How a fleet is reimaged. */
export interface FleetOptions {
  /**
   * How many VMs are in hand at most: waiting for their POST, running, or ended and not taken from the iterator yet.
   *
   * @default 5000
   */
  readonly maxInFlight?: number;
  /**
   * How long each operation is followed, in milliseconds: from its acceptance, or from when this run took it up again. One that
   * still runs then ends as "timeout", with its resume state. How long a VM waits for its POST is not bounded.
   *
   * @default 7_200_000
   */
  readonly timeoutMs?: number;
  /** The token buckets to stay within, where they differ from those that Azure documents. */
  readonly limits?: Partial<FleetLimits>;
  /** Ends the fleet: what is in flight is yielded as "aborted", with its resume state; the reimages go on. */
  readonly signal?: AbortSignal;
  /**
   * Operations of an earlier run, followed beside the new ones. Their VMs are not POSTed, also when they are named again; beside one
   * that is too damaged to say of which VM it is nothing is POSTed, and the fleet throws in the end.
   */
  readonly resume?: Iterable<SerializedOperation>;
  /** Awaited right before each VM's POST, once for each VM: write the intent down. If it rejects, nothing is sent to that VM. */
  readonly beforeSend?: BeginOptions["beforeSend"];
  /** Awaited right after each VM's 202: write the resume state down. */
  readonly onAccepted?: BeginOptions["onAccepted"];
  /** Told whenever a VM was accepted, throttled or ended; what it throws is swallowed. */
  readonly onProgress?: (totals: FleetTotals) => void;
}

/** The options, checked and completed. */
export type Settings = Omit<FleetOptions, "limits"> &
  Required<Pick<FleetOptions, "maxInFlight" | "timeoutMs" | "resume">> & { readonly limits: FleetLimits };

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
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new InvalidInputError([{ path: "options", rule: "must be an object" }]);
  const { maxInFlight = 5000, timeoutMs = 7_200_000, resume = [], signal, limits = {} } = options;
  if (typeof limits !== "object" || limits === null)
    throw new InvalidInputError([{ path: "limits", rule: "must be an object" }]);
  const all = Object.fromEntries(
    Object.entries(ARM_LIMITS).map(([name, limit]) => [name, limits[name as keyof FleetLimits] ?? limit]),
  ) as unknown as FleetLimits;
  const iterates = (value: unknown, ...how: symbol[]) =>
    typeof value === "object" && value !== null && how.some((key) => key in value);
  const wrong = [
    typeof client?.beginReimage !== "function" && { path: "client", rule: "must come from createReimageClient" },
    !iterates(vms, Symbol.iterator, Symbol.asyncIterator) && { path: "vms", rule: "must be an iterable of VMs" },
    !iterates(resume, Symbol.iterator) && { path: "resume", rule: "must be an iterable of saved operations" },
    !(Number.isInteger(maxInFlight) && maxInFlight > 0) && {
      path: "maxInFlight",
      rule: "must be a whole number, 1 or more",
    },
    !(Number.isFinite(timeoutMs) && timeoutMs > 0) && {
      path: "timeoutMs",
      rule: "must be a positive number of milliseconds",
    },
    signal !== undefined &&
      typeof signal?.throwIfAborted !== "function" && { path: "signal", rule: "must be an AbortSignal" },
    ...(["beforeSend", "onAccepted", "onProgress"] as const).map(
      (name) =>
        options[name] !== undefined &&
        typeof options[name] !== "function" && { path: name, rule: "must be a function" },
    ),
    ...Object.entries(all).map(
      ([name, { capacity, refillPerSecond }]) =>
        !(isAmount(capacity) && capacity >= 1 && isAmount(refillPerSecond)) && {
          path: `limits.${name}`,
          rule: "must have a capacity of 1 or more and a refillPerSecond above 0",
        },
    ),
  ].filter((issue) => issue !== false);
  if (wrong.length > 0) throw new InvalidInputError(wrong);
  return { ...options, maxInFlight, timeoutMs, resume, limits: all };
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
