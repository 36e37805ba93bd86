/** The longest time that a timer takes without overflowing (L8). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A clock for durations: it never jumps (L19). */
export function monotonic(): number {
  return performance.now();
}

/** Waits; rejects with `signal.reason` at once when it aborts. Leaves no timer and no listener behind. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      },
      Math.min(Math.max(ms, 0), LONGEST_TIMER),
    );
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Follows a promise until the signal aborts; what the promise does after that is nobody's concern any more. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A signal that follows the caller's and also aborts after a time; `clear` takes both back. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Did the time run out, rather than the caller lose interest? */
  readonly expired: boolean;
  clear(): void;
}

/** Bounds what is done under its signal by the caller's signal and by a time (S10). */
export function limit(ms: number, signal?: AbortSignal): Limit {
  const controller = new AbortController();
  let expired = false;
  const follow = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => {
      expired = true;
      controller.abort(new DOMException("The time limit has passed.", "TimeoutError"));
    },
    Math.min(Math.max(ms, 0), LONGEST_TIMER),
  );
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", follow);
    },
  };
}

/**
 * Shares one run of a task between all who ask while it is under way (L17).
 *
 * Each waits under a signal of its own; the task's own signal aborts when the last of them has left.
 */
export function singleFlight<T>(task: (signal: AbortSignal) => Promise<T>): (signal?: AbortSignal) => Promise<T> {
  let flight: { readonly promise: Promise<T>; readonly controller: AbortController; waiters: number } | undefined;
  const start = () => {
    const controller = new AbortController();
    const mine = { promise: task(controller.signal), controller, waiters: 0 };
    const land = () => {
      if (flight === mine) flight = undefined;
    };
    mine.promise.then(land, land);
    return mine;
  };
  return async (signal) => {
    signal?.throwIfAborted();
    flight ??= start();
    const mine = flight;
    mine.waiters += 1;
    try {
      return await abortable(mine.promise, signal);
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
  try {
    const result = callback?.(value);
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // An observer's failure must not turn into the operation's.
  }
}
