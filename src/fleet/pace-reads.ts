import {
  formatVirtualMachineId,
  isReimageError,
  parseVirtualMachineId,
  type ServiceFields,
  type VirtualMachine,
} from "../index.js";
import { type Bucket, createBucket } from "./bucket.js";
import { checkIterable, checkSignal, refuse, refuseNonObject } from "./check.js";
import { ARM_LIMITS } from "./limits.js";
import { quietly } from "./results.js";
import { startTimer } from "./timer.js";

/** How the reads of many VMs are paced. */
export interface PaceReadsOptions {
  /** Ends the call, which rejects with `signal.reason`; a read under way ends by a signal of its own. */
  readonly signal?: AbortSignal | undefined;
  /** Told when the service asked for quiet, and for how many milliseconds; what it throws is swallowed. */
  readonly onThrottled?: ((waitMs: number) => void) | undefined;
}

/** How often a VM is read at most, where the service asks for quiet again and again. */
const TRIES = 5;

interface Turn<V> {
  readonly vm: V;
  readonly index: number;
  readonly tries: number;
}

/**
 * Reads many VMs, each by a call of `read`, at the pace that ARM allows a subscription: 250 at once, then 25 a second.
 *
 * A 429 with a Retry-After pauses all reads of its subscription for as long as it says; then that VM is read again, five times at
 * most in all. Every other error is the result of its VM. Resolves to the results in the order of the VMs.
 *
 * @throws {@link InvalidInputError} when an option breaks its rule or one of them is no VM: nothing was read
 * @throws `signal.reason` when the signal aborts
 * @example
 * ```ts
 * const looks = await paceReads(vms, (vm) => inspect(client, vm));
 * ```
 */
export async function paceReads<V extends VirtualMachine, T>(
  vms: Iterable<V>,
  read: (vm: V) => Promise<T>,
  options: PaceReadsOptions = {},
): Promise<PromiseSettledResult<T>[]> {
  refuseNonObject(options, "options");
  refuse([...checkSignal(options.signal), ...checkIterable(vms, "vms", "VMs", Symbol.iterator)]);
  const results: PromiseSettledResult<T>[] = [];
  const lanes = new Map<string, Turn<V>[]>();
  for (const [index, vm] of [...vms].entries()) {
    const { subscriptionId } = parseVirtualMachineId(typeof vm === "string" ? vm : formatVirtualMachineId(vm));
    const key = subscriptionId.toLowerCase();
    const turns = lanes.get(key) ?? [];
    lanes.set(key, turns);
    turns.push({ vm, index, tries: 0 });
  }
  const readOne = async ({ vm, index }: Turn<V>) => {
    try {
      results[index] = { status: "fulfilled", value: await read(vm) };
      return undefined;
    } catch (reason) {
      results[index] = { status: "rejected", reason };
      return throttleOf(reason);
    }
  };
  await Promise.all([...lanes.values()].map((turns) => drain(turns, readOne, options)));
  return results;
}

/** Reads the VMs of one subscription; `readOne` gives the wait that the service asked for. */
async function drain<V>(
  turns: Turn<V>[],
  readOne: (turn: Turn<V>) => Promise<number | undefined>,
  { signal, onThrottled }: PaceReadsOptions,
): Promise<void> {
  const bucket = createBucket(ARM_LIMITS.armReads);
  let underWay = 0;
  let wake = () => {};
  const onAbort = () => wake();
  const start = async (turn: Turn<V>) => {
    bucket.take(performance.now());
    underWay += 1;
    const waitMs = await readOne(turn);
    underWay -= 1;
    const now = performance.now();
    bucket.answered(now);
    if (waitMs !== undefined && turn.tries + 1 < TRIES) {
      bucket.pause(now + waitMs);
      turns.push({ ...turn, tries: turn.tries + 1 });
      if (onThrottled) quietly(() => onThrottled(waitMs));
    }
    wake();
  };
  /** Until it is time for the next read, or something happened. */
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? startTimer(Math.ceil(ms), resolve) : undefined;
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  signal?.addEventListener("abort", onAbort);
  try {
    while (turns.length + underWay > 0) {
      signal?.throwIfAborted();
      const waitMs = nextAt(bucket, turns) - performance.now();
      const next = waitMs <= 0 ? turns.shift() : undefined;
      if (next) start(next);
      else await pause(waitMs);
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function nextAt(bucket: Bucket, turns: readonly unknown[]): number {
  return turns.length > 0 ? bucket.readyAt(performance.now()) : Number.POSITIVE_INFINITY;
}

/** The quiet that the service asked for, in milliseconds, where that is why it did not answer. */
function throttleOf(error: unknown): number | undefined {
  if (!isReimageError(error)) return undefined;
  const { status, retryAfterMs } = error as ServiceFields;
  return status === 429 && retryAfterMs ? retryAfterMs : undefined;
}
