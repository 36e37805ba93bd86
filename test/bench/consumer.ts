/** What a user's compiler takes longer for our types, each time that it runs. */
import { join } from "node:path";
import type { Measure, Row } from "./measure.js";
import { processes, summary } from "./rounds.js";

export const consumer: Measure = {
  name: "consumer",
  async measure(bench) {
    const typescript = join(bench.root, "node_modules/typescript");
    const row = async (skip: boolean, most: number): Promise<Row> => {
      const workload = { file: "consumer", args: [typescript, String(skip)] };
      const all = await processes<number>(bench, bench.quick ? 1 : 7, ["empty", "arm-compute", "ours"], workload);
      return {
        name: skip ? "consumer-skip" : "consumer-check",
        what: `CPU of a user's tsc 5.9 for one file, over an empty one, skipLibCheck ${skip ? "on" : "off"}`,
        unit: "ms",
        ...summary(all, "empty", (ms) => ms),
        budget: { of: "over the floor", most },
      };
    };
    return [await row(true, 90), await row(false, 120)];
  },
};
