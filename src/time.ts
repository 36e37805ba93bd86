/** The longest time that a timer takes without overflowing (L8). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Why a task, or a wait for one, was ended by its time. */
export const EXPIRED: Error = new Error("The time limit has passed.");

/** A clock for durations: it never jumps (L19). */
export function monotonic(): number {
  return performance.now();
}

/** Who follows a signal; one listener serves them all, since runtimes warn of a leak at the eleventh. */
const followers = new WeakMap<EventTarget, Set<() => void>>();

function relay({ target }: Event): void {
  const all = followers.get(target as EventTarget) ?? [];
  followers.delete(target as EventTarget);
  for (const follower of all) follower();
}

/** Runs a callback when the signal aborts, at once if it has; returns what takes that back. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal?.aborted) run();
  if (!signal || signal.aborted) return () => {};
  const all = followers.get(signal) ?? new Set();
  followers.set(signal, all.add(run));
  signal.addEventListener("abort", relay, { once: true });
  return () => {
    all.delete(run);
    if (all.size === 0) signal.removeEventListener("abort", relay);
  };
}

/** Calls back after a time, however long; one that is over is over at once. */
function after(ms: number, run: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(run, Math.min(Math.max(Math.ceil(ms), 0), LONGEST_TIMER));
}

/**
 * Follows a promise until the signal aborts, or the time is over ({@link EXPIRED}); what the promise does after that is
 * nobody's concern any more. Leaves no timer and no listener behind.
 */
export function abortable<T>(promise: T | PromiseLike<T>, signal?: AbortSignal, ms?: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let release = () => {};
    const end = () => {
      clearTimeout(timer);
      release();
    };
    const leave = (reason: unknown) => {
      end();
      reject(reason);
    };
    const timer = ms === undefined ? undefined : after(ms, () => leave(EXPIRED));
    release = onAbort(signal, () => leave(signal?.reason));
    Promise.resolve(promise).then(resolve, reject).then(end);
  });
}

/** Waits; rejects with `signal.reason` at once when it aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_TIMER) {
    await abortable(new Promise<never>(() => {}), signal, left).catch((reason) => {
      if (reason !== EXPIRED) throw reason;
    });
  }
}

/** Gives a task a signal that follows the caller's and aborts with {@link EXPIRED} after a time (S10). */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = after(ms, () => controller.abort(EXPIRED));
  const release = onAbort(signal, () => controller.abort(signal?.reason));
  return task(controller.signal).finally(() => {
    clearTimeout(timer);
    release();
  });
}

/**
 * Shares one run of a task between all who ask while it is under way (L17).
 *
 * Each waits under a signal and a time of its own; the task's own signal aborts when the last of them has left.
 */
export function singleFlight<T>(
  task: (signal: AbortSignal) => Promise<T>,
): (signal?: AbortSignal, ms?: number) => Promise<T> {
  let flight: { readonly promise: Promise<T>; readonly controller: AbortController; waiters: number } | undefined;
  return async (signal, ms) => {
    signal?.throwIfAborted();
    if (!flight) {
      const controller = new AbortController();
      const promise = task(controller.signal).finally(() => {
        if (flight === mine) flight = undefined;
      });
      flight = { promise, controller, waiters: 0 };
    }
    const mine = flight;
    mine.waiters += 1;
    try {
      return await abortable(mine.promise, signal, ms);
    } finally {
      mine.waiters -= 1;
      if (mine.waiters === 0 && flight === mine) {
        flight = undefined;
        mine.controller.abort();
      }
    }
  };
}

/** Calls back into the caller's code; what it throws or rejects with is its own affair. */
export function quietly<T>(callback: ((value: T) => unknown) | undefined, value: T): void {
  (async () => callback?.(value))().catch(() => {});
}
