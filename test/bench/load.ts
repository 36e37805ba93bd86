/** What many reimages at once cost: CPU, heap, and how late their ends are noticed. */
import type { Candidate, Measure } from "./measure.js";
import { processes, processesOverTls, summary } from "./rounds.js";

const CANDIDATES: readonly Candidate[] = ["fetch", "openapi-fetch", "arm-compute", "ours"];

export const cpuInProcess: Measure = {
  name: "cpu-in-process",
  async measure(bench) {
    const workload = { file: "cpu", args: [bench.quick ? 2_000 : 8_000] };
    const all = await processes<number>(bench, bench.quick ? 2 : 5, CANDIDATES, workload);
    return [
      {
        ...{ name: "cpu-in-process", what: "CPU of a POST and 3 polls, 50 at once, in process", unit: "µs" },
        ...summary(all, "fetch", (us) => us),
        budget: { of: "x the floor", most: 2.5 },
      },
    ];
  },
};

export const cpuOverTls: Measure = {
  name: "cpu-over-tls",
  async measure(bench) {
    const workload = { file: "cpu", args: [bench.quick ? 400 : 3_000] };
    const candidates = [...CANDIDATES, "fetch-ruled"] as const;
    const all = await processesOverTls<number>(bench, bench.quick ? 2 : 5, candidates, workload);
    return [
      {
        ...{ name: "cpu-over-tls", what: "the same over loopback TLS", unit: "µs" },
        ...summary(all, "fetch", (us) => us),
        budget: { of: "x the floor", most: 1.1 },
      },
    ];
  },
};

export const heap: Measure = {
  name: "heap",
  async measure(bench) {
    const workload = { file: "heap", args: [bench.quick ? 2_000 : 10_000], node: ["--expose-gc"] };
    const all = await processes<number>(bench, bench.quick ? 1 : 3, CANDIDATES, workload);
    return [
      {
        ...{ name: "heap", what: "heap of one reimage of 10 000 in flight, without its status URL", unit: "kB" },
        ...summary(all, "fetch", (bytes) => bytes / 1000),
        budget: { of: "value", most: 3 },
      },
    ];
  },
};

export const delay: Measure = {
  name: "delay",
  async measure(bench) {
    const workload = { file: "delay", args: [bench.quick ? 2_000 : 10_000] };
    const all = await processes<{ p50: number; p99: number; stall: number }>(
      bench,
      bench.quick ? 1 : 3,
      ["fetch", "arm-compute", "ours"],
      workload,
    );
    const noticed = "from an end to its notice, 10 000 in flight, polled each 500 ms";
    return [
      {
        ...{ name: "delay-p50", what: `${noticed}: p50`, unit: "ms" },
        ...summary(all, "fetch", ({ p50 }) => p50),
        budget: { of: "x the floor", most: 1.1 },
      },
      {
        ...{ name: "delay-p99", what: "the same: p99", unit: "ms" },
        ...summary(all, "fetch", ({ p99 }) => p99),
        budget: { of: "x the floor", most: 1.1 },
      },
      {
        ...{ name: "stall", what: "the same: the longest time that nothing else ran", unit: "ms" },
        ...summary(all, "fetch", ({ stall }) => stall),
        budget: { of: "value", most: 100 },
      },
    ];
  },
};
