/** What a user's compiler takes longer for our types, each time that it runs. */
import { join } from "node:path";
import type { Measure, Row } from "./measure.js";
import { beyond, processes, summary } from "./rounds.js";

export const consumer: Measure = {
  name: "consumer",
  async measure(bench) {
    const typescript = join(bench.root, "node_modules/typescript");
    const compile = (count: number, skip: boolean) => {
      const workload = { file: "consumer", args: [typescript, String(skip)] };
      return processes<number>(bench, count, ["empty", "arm-compute", "ours"], workload);
    };
    const row = async (skip: boolean, most: number): Promise<Row> => {
      const all = beyond(await compile(bench.quick ? 1 : 9, skip), "empty");
      const { floor, values } = summary(all, "empty", (ms) => ms);
      return {
        name: skip ? "consumer-skip" : "consumer-check",
        what: `CPU of a user's tsc 5.9 for one file, over an empty one, skipLibCheck ${skip ? "on" : "off"}`,
        unit: "ms",
        ...{ floor, values },
        budget: { of: "over the floor", most },
      };
    };
    // Once for nothing: what the disk takes for files that were never read is not the compiler's.
    await compile(1, false);
    return [await row(true, 90), await row(false, 120)];
  },
};
