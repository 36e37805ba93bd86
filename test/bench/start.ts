/** What a short-lived process pays: a function, a command, a test. */
import type { Measure } from "./measure.js";
import { processes, processesOverTls, summary } from "./rounds.js";

export const coldStart: Measure = {
  name: "cold-start",
  async measure(bench) {
    const candidates = ["empty", "openapi-fetch", "arm-compute", "ours"] as const;
    const all = await processes<number>(bench, bench.quick ? 3 : 11, candidates, { file: "cold-start" });
    return [
      {
        ...{ name: "cold-start", what: "cold start: import and construct, over an empty module", unit: "ms" },
        ...summary(all, "empty", (ms) => ms),
        budget: { of: "over the floor", most: 8 },
      },
    ];
  },
};

export const firstReimage: Measure = {
  name: "first-reimage",
  async measure(bench) {
    const candidates = ["fetch", "openapi-fetch", "arm-compute", "ours"] as const;
    const all = await processesOverTls<number>(bench, bench.quick ? 3 : 31, candidates, { file: "first-reimage" });
    return [
      {
        ...{ name: "first-reimage", what: "first reimage of a cold process, over TLS", unit: "ms" },
        ...summary(all, "fetch", (ms) => ms),
        budget: { of: "x the floor", most: 1.15 },
      },
    ];
  },
};
