// The harness's own timers. They are taken when this module loads, so fake timers that a test installs later do not
// stop a drip, and they never keep the process alive nor count as something the code under test left behind.
const { setTimeout: start, clearTimeout: stop, setImmediate: turn } = globalThis;

/** The real monotonic clock, in milliseconds. */
export const realNow: () => number = performance.now.bind(performance);

/** Runs `action` after so many real milliseconds; what it returns takes that back. */
export function later(ms: number, action: () => void): () => void {
  const timer = start(action, ms);
  timer.unref();
  return () => stop(timer);
}

/** Resolves after so many real milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    later(ms, resolve);
  });
}

/** Resolves after so many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise((resolve) => turn(resolve));
}

/** A door that a test opens by hand: `delayed(gate.opened, succeeded())` answers when `gate.open()` was called. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Makes a closed gate. */
export function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Resolves after as many microtasks: between which an abort can come, one by one. */
export async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await undefined;
}
