// The ways to see an operation through that the public API offers, as different programs would use them.
import type { OperationState, ReimageOperation } from "../../src/index.js";
import { pause, realNow } from "../harness/clock.js";
import { abortListeners } from "../harness/leftovers.js";
import type { World } from "./clients.js";
import type { Dice } from "./dice.js";

/** How an operation is followed. */
export type Way = "wait" | "wait impatiently" | "wait twice" | "iterate" | "poll";

/** An operation and how it is followed. */
export interface Following {
  readonly world: World;
  readonly dice: Dice;
  readonly operation: ReimageOperation;
  readonly signal: AbortSignal;
}

const OFTEN: Readonly<Record<Way, number>> = { wait: 6, "wait impatiently": 2, "wait twice": 1, iterate: 3, poll: 3 };

/**
 * Chooses a way.
 *
 * @param abortable - is it to be one that a signal ends at any time? An iteration has none, and between polls the caller sleeps
 */
export const chooseWay = (dice: Dice, abortable: boolean): Way =>
  dice.weigh(abortable ? { ...OFTEN, iterate: 0, poll: 0 } : OFTEN);

/** What the caller itself throws or aborts with; it knows when. */
export const own = (what: string): Error => Object.assign(new Error(`The caller's own: ${what}.`), { at: realNow() });

/** Follows an operation, to its end or to the first rejection. */
export const WAYS: Readonly<Record<Way, (following: Following) => Promise<OperationState>>> = {
  wait: ({ operation, signal, world }) => operation.wait({ signal, onProgress: (state) => world.log.add(state) }),

  "wait impatiently": ({ operation, signal, dice }) => operation.wait({ signal, timeoutMs: dice.int(100, 1_500) }),

  // One of two waiters leaves; the other must not notice.
  "wait twice": async ({ operation, signal, dice, world }) => {
    const leaver = new AbortController();
    const timer = setTimeout(() => leaver.abort(own("leaves")), dice.int(0, 1_000));
    const left = operation.wait({ signal: leaver.signal }).catch((error) => world.log.addError(error));
    try {
      return await operation.wait({ signal });
    } finally {
      clearTimeout(timer);
      leaver.abort(own("leaves"));
      await left;
      if (abortListeners(leaver.signal) > 0)
        world.problems.push("a listener stayed on the signal of a waiter who left");
    }
  },

  iterate: async ({ operation, world }) => {
    let last = operation.state;
    for await (const state of operation) {
      world.log.add(state);
      last = state;
    }
    return last;
  },

  // As durable engines do: one request at a time, and the state written down in between.
  poll: async ({ operation, signal, dice, world }) => {
    const begun = realNow();
    for (;;) {
      const state = await operation.poll({ signal });
      world.log.add(state);
      if (state.status !== "running") return state;
      world.log.addSaved(JSON.stringify(operation));
      if (realNow() - begun > 60_000) throw new Error("polled for a minute");
      await pause(Math.min(Math.max(state.nextPollAt - Date.now(), 0), dice.int(100, 1_000)));
    }
  },
};
