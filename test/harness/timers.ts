// Knows every timer made since it began and still alive, also unref'd ones such as that of AbortSignal.timeout, and
// where each was made. Timers of the runtime itself (its connection pools), of the test runner and of the harness are
// not counted.
import { createHook } from "node:async_hooks";

/** A watch on timers. */
export interface TimerWatch {
  /** One line for each living timer: the place in the code that made it. */
  alive(): string[];
  stop(): void;
}

const machinery = /^(?:node:internal\/(?:async_hooks|timers)|node:timers)/;
const notCounted = /^node:(?!internal\/abort_controller)|\/node_modules\/|\/harness\/(?:clock|timers)\./;

/** Begins to watch. */
export function watchTimers(): TimerWatch {
  const alive = new Map<number, string>();
  const hook = createHook({
    init: (id, type) => {
      if (type !== "Timeout") return;
      const place = whoMadeIt();
      if (place) alive.set(id, place);
    },
    destroy: (id) => {
      alive.delete(id);
    },
  }).enable();
  return {
    alive: () => [...alive.values()].map((place) => `a timer made at ${place}`),
    stop: () => {
      hook.disable();
    },
  };
}

function whoMadeIt(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const lines = new Error().stack?.split("\n").slice(1) ?? [];
  Error.stackTraceLimit = stackTraceLimit;
  const places = lines.map((line) => line.replace(/^\s*at (?:async )?(?:.*\()?(?:file:\/\/)?/, "").replace(/\)$/, ""));
  // The first frames are this hook and the making of the timer.
  const maker = places.slice(2).find((place) => !machinery.test(place));
  return maker && !notCounted.test(maker)
    ? places.slice(2).filter((place) => !place.startsWith("node:"))[0]
    : undefined;
}
