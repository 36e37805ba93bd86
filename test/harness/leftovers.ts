// Finds what code leaves behind: timers, sockets and handles, unhandled rejections, process warnings, and abort
// listeners. The harness's own servers and timers are unref'd or marked, so they do not count.
import { type EventEmitter, getEventListeners } from "node:events";
import { pause, realNow } from "./clock.js";
import { watchTimers } from "./timers.js";

/** How many abort listeners a signal has. */
export function abortListeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

/** What is being watched. */
export interface Watch {
  /** What there is now beyond what there was at the beginning, in words. */
  leftovers(): string[];
  stop(): void;
}

// Timers are watched one by one, with the place where each was made; immediates pass by themselves.
const seenElsewhere = new Set(["Timeout", "Immediate"]);

/** Begins to watch; call `stop` in the end. */
export function watchLeftovers(signals: readonly AbortSignal[] = []): Watch {
  const before = countResources();
  const listenersBefore = signals.map(abortListeners);
  const timers = watchTimers();
  const noise: string[] = [];
  const onRejection = (reason: unknown): void => {
    noise.push(`unhandled rejection: ${reason}`);
  };
  const onWarning = (warning: Error): void => {
    noise.push(`warning: ${warning.name}: ${warning.message}`);
  };
  // The listeners that were there would fail the whole run, or print; here the one test is to fail.
  const giveBack = [takeOver("unhandledRejection", onRejection), takeOver("warning", onWarning)];
  return {
    leftovers: () => {
      const now = [...countResources()].flatMap(([name, count]) => {
        const more = count - (before.get(name) ?? 0);
        return more > 0 ? `${more} × ${name}` : [];
      });
      const listeners = signals.flatMap((signal, n) => {
        const more = abortListeners(signal) - (listenersBefore[n] ?? 0);
        return more > 0 ? `${more} × abort listener on signal ${n}` : [];
      });
      return [...now, ...timers.alive(), ...listeners, ...noise];
    },
    stop: () => {
      timers.stop();
      for (const restore of giveBack) restore();
    },
  };
}

function takeOver<T>(event: "unhandledRejection" | "warning", listener: (what: T) => void): () => void {
  const emitter: EventEmitter = process;
  const others = emitter.listeners(event) as (() => void)[];
  emitter.removeAllListeners(event).on(event, listener);
  return () => {
    emitter.off(event, listener);
    for (const other of others) emitter.on(event, other);
  };
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (!seenElsewhere.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What is watched besides the process. */
export interface LeftoverOptions {
  signals?: readonly AbortSignal[];
  /** How long things may take to go away. @default 200 */
  withinMs?: number;
}

/** Runs the code, gives back what it returns, and rejects if it left anything behind, however it ended. */
export async function expectNoLeftovers<T>(run: () => Promise<T> | T, options: LeftoverOptions = {}): Promise<T> {
  const { signals = [], withinMs = 200 } = options;
  const watch = watchLeftovers(signals);
  try {
    return await run();
  } finally {
    const end = realNow() + withinMs;
    // Twice at least: an unhandled rejection is told only after the microtasks.
    do await pause(5);
    while (watch.leftovers().length > 0 && realNow() < end);
    const left = watch.leftovers();
    watch.stop();
    // biome-ignore lint/correctness/noUnsafeFinally: what was left behind matters more than how the code ended
    if (left.length > 0) throw new Error(`left behind:\n${left.join("\n")}`);
  }
}
