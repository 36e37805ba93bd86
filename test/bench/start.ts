/** What a short-lived process pays: a function, a command, a test. */
import type { Measure } from "./measure.js";
import { rounds, spawn, summary } from "./rounds.js";
import { createTls, reimages } from "./server.js";

export const coldStart: Measure = {
  name: "cold-start",
  async measure(bench) {
    const all = await rounds(bench.quick ? 3 : 11, ["empty", "openapi-fetch", "arm-compute", "ours"], (candidate) =>
      spawn<number>(bench, candidate, { file: "cold-start" }),
    );
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
    const tls = await createTls();
    const server = await tls.serve(reimages());
    const workload = { file: "first-reimage", args: [server.url], env: tls.env };
    const all = await rounds(bench.quick ? 3 : 11, ["fetch", "openapi-fetch", "arm-compute", "ours"], (candidate) =>
      spawn<number>(bench, candidate, workload),
    );
    await server.close();
    await tls.remove();
    return [
      {
        ...{ name: "first-reimage", what: "first reimage of a cold process, over TLS", unit: "ms" },
        ...summary(all, "fetch", (ms) => ms),
        budget: { of: "x the floor", most: 1.15 },
      },
    ];
  },
};
