/** What takes the place of runtime.ts in a browser, which does not say whether a connection stood, nor warn of many listeners. */
import type * as everywhere from "./runtime.js";

export const onAbort: typeof everywhere.onAbort = (signal, run) => {
  signal.addEventListener("abort", run);
  return () => signal.removeEventListener("abort", run);
};

/** What got no answer counts as sent (S1). */
export const neverConnected: typeof everywhere.neverConnected = () => false;
