import { afterEach, beforeEach, expect } from "vitest";
import { type Clock, installClock } from "./clock.js";

/** Gives each test of a file virtual time; none of them may leave a timer or an unhandled rejection behind. */
export function virtualTime(): Clock {
  let clock: Clock;
  let unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    unhandled = [];
    process.on("unhandledRejection", note);
    clock = installClock();
  });
  afterEach(async () => {
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    const left = clock.timers();
    clock.uninstall();
    expect({ left, unhandled }).toEqual({ left: 0, unhandled: [] });
  });
  return {
    now: () => clock.now(),
    until: (promise) => clock.until(promise),
    pass: (ms) => clock.pass(ms),
    timers: () => clock.timers(),
    uninstall: () => clock.uninstall(),
  };
}
