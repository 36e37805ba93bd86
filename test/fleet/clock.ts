// Virtual time: hours pass in seconds. Stands in for both clocks and the timers, as vitest's fake timers do, without their pause
// of a real millisecond before each timer.

const turnOfRealTime = setImmediate;

export interface Clock {
  /** Milliseconds since it was installed. */
  now(): number;
  /** Lets time pass until a promise is settled. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Lets so many milliseconds pass. */
  pass(ms: number): Promise<void>;
  /** Timers that are set. */
  timers(): number;
  uninstall(): void;
}

/** Replaces setTimeout, clearTimeout, performance.now and Date.now. */
export function installClock(): Clock {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: performance.now,
    date: Date.now,
  };
  const epoch = Date.UTC(2025, 2, 19, 0, 32, 2);
  let now = 0;
  let serial = 0;
  const waiting = new Map<number, { readonly at: number; readonly run: () => void }>();
  /** A heap of timers by their time, then by their order; those that were cleared stay until they come up. */
  const heap: { readonly at: number; readonly id: number }[] = [];
  const before = (a: number, b: number) => {
    const [one, two] = [heap[a], heap[b]];
    return one !== undefined && two !== undefined && (one.at - two.at || one.id - two.id) < 0;
  };
  const swap = (a: number, b: number) => {
    const [one, two] = [heap[a], heap[b]];
    if (one && two) [heap[a], heap[b]] = [two, one];
  };
  const push = (at: number, id: number) => {
    heap.push({ at, id });
    for (let i = heap.length - 1, up = (i - 1) >> 1; i > 0 && before(i, up); i = up, up = (i - 1) >> 1) swap(i, up);
  };
  const pop = () => {
    const first = heap[0];
    const last = heap.pop();
    if (last && heap.length > 0) heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const least = before(left + 1, left) ? left + 1 : left;
      if (!before(least, i)) return first;
      swap(i, least);
      i = least;
    }
  };
  const next = () => {
    while (heap[0] && !waiting.has(heap[0].id)) pop();
    return heap[0];
  };
  const idle = async () => {
    for (let i = 0; i < 3; i += 1) await new Promise<void>((resolve) => turnOfRealTime(() => resolve()));
  };
  /** Runs what is due at one moment. */
  const step = async () => {
    const first = next();
    if (!first) return;
    now = Math.max(now, first.at);
    for (let due = next(); due && due.at <= now; due = next()) {
      pop();
      const timer = waiting.get(due.id);
      waiting.delete(due.id);
      timer?.run();
    }
    await idle();
  };

  globalThis.setTimeout = ((run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    if (ms > 2 ** 31 - 1) throw new RangeError(`no timer holds ${ms} ms: a real one would end at once`);
    serial += 1;
    const at = now + Math.max(Math.trunc(ms), 1);
    waiting.set(serial, { at, run: () => run(...args) });
    push(at, serial);
    return serial;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((id: number) => void waiting.delete(id)) as unknown as typeof clearTimeout;
  performance.now = () => now;
  Date.now = () => epoch + now;

  return {
    now: () => now,
    async until(promise) {
      let settled = false;
      const note = () => {
        settled = true;
      };
      promise.then(note, note);
      await idle();
      while (!settled) {
        if (!next()) throw new Error("nothing is waited for, and it has not settled");
        await step();
      }
      return promise;
    },
    async pass(ms) {
      const end = now + ms;
      await idle();
      for (let first = next(); first && first.at <= end; first = next()) await step();
      now = end;
    },
    timers: () => waiting.size,
    uninstall() {
      globalThis.setTimeout = real.setTimeout;
      globalThis.clearTimeout = real.clearTimeout;
      performance.now = real.now;
      Date.now = real.date;
    },
  };
}
