import { LONGEST_TIMER } from "./limits.js";
import { onAbort } from "./runtime.js";

/** Why a task, or a wait for one, was ended by its time. */
export const EXPIRED: Error = new Error("the time limit has passed");

/** A clock for durations: it never jumps (L19). */
export function monotonic(): number {
  return performance.now();
}

/** Calls back after a time above 0, cut to the longest that a timer takes. */
function after(ms: number, run: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(run, Math.min(Math.ceil(ms), LONGEST_TIMER));
}

/**
 * Runs a task until the caller's signal aborts, or its time is over ({@link EXPIRED}): then what becomes of it is nobody's
 * concern any more (L14, S10). The task's own signal aborts with that, and when it fails. Leaves no timer and no listener behind.
 *
 * @param ms - undefined for as long as it takes; when nothing is left of it, or the signal has aborted, the task is not begun
 */
export function within<T>(
  ms: number | undefined,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if ((ms as number) <= 0) throw EXPIRED;
    const controller = new AbortController();
    const end = () => {
      clearTimeout(timer);
      release?.();
    };
    const leave = (reason: unknown) => {
      end();
      reject(reason);
      controller.abort(reason);
    };
    const timer = ms && after(ms, () => leave(EXPIRED));
    const release = signal && onAbort(signal, () => leave(signal.reason));
    task(controller.signal).then((value) => {
      end();
      resolve(value);
    }, leave);
  });
}

/** Where those who sleep can be woken. */
export interface Bed {
  rise?: (() => void) | undefined;
}

/** Waits, at most as long as a timer can, or until it is woken; rejects with `signal.reason` at once when it aborts. */
export function sleep(ms: number, signal?: AbortSignal, bed: Bed = {}): Promise<void> {
  const nap = (inner?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const alarm = after(ms, resolve);
      const others = bed.rise;
      bed.rise = () => {
        clearTimeout(alarm);
        resolve(others?.());
      };
      if (inner) onAbort(inner, () => clearTimeout(alarm));
    });
  // Without a signal it holds a timer and the way to be woken, and nothing else.
  return signal ? within(undefined, signal, nap) : nap();
}

/** Wakes all who sleep there. Who leaves before it is time calls it too: the others lie down again, and nothing is left of the one. */
export function wake(bed: Bed): void {
  bed.rise?.();
  bed.rise = undefined;
}

/** Where a run that is shared is kept while it is under way. */
export interface Shared<T> {
  flight?:
    | { readonly promise: Promise<T>; readonly controller: AbortController | undefined; waiters: number }
    | undefined;
}

/**
 * Shares one run of a task between all who ask while it is under way (L17).
 *
 * Each waits under a signal and a time of its own; the task's own signal aborts when the last of them has left.
 */
export async function singleFlight<T>(
  shared: Shared<T>,
  task: (signal: AbortSignal | undefined) => Promise<T>,
  signal?: AbortSignal,
  ms?: number,
): Promise<T> {
  signal?.throwIfAborted();
  if (!shared.flight) {
    // Who has neither a signal nor a time stays to the end.
    const controller = signal || ms ? new AbortController() : undefined;
    const promise = task(controller?.signal);
    const land = () => {
      if (shared.flight === mine) shared.flight = undefined;
    };
    promise.then(land, land);
    shared.flight = { promise, controller, waiters: 0 };
  }
  const mine = shared.flight;
  mine.waiters += 1;
  try {
    return await (signal || ms ? within(ms, signal, () => mine.promise) : mine.promise);
  } finally {
    mine.waiters -= 1;
    if (mine.waiters === 0 && shared.flight === mine) {
      shared.flight = undefined;
      mine.controller?.abort();
    }
  }
}

/** Calls back into the caller's code; what it throws or rejects with is its own affair. */
export function quietly<T>(callback: ((value: T) => unknown) | undefined, value: T): void {
  (async () => callback?.(value))().catch(() => {});
}
