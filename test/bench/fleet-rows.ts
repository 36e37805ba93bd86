/** How near the fleet comes to what no schedule could better; the whole table is `npm run bench:fleet`. */
import { pace, told } from "./fleet-pace.js";
import type { Measure } from "./measure.js";

export const fleet: Measure = {
  name: "fleet",
  async measure({ quick }) {
    const count = quick ? 1_000 : 10_000;
    const { makespan, bound, mean, best, throttled } = await pace(count, { seed: 1, options: { retryAfter: told } });
    const what = "fleet of 10 000 VMs under ARM's limits, in virtual time";
    return [
      {
        ...{ name: "fleet-makespan", what: `${what}: its end, of the bound`, unit: "x" },
        values: { ours: makespan / bound },
        budget: { of: "value", most: 1.05 },
      },
      {
        ...{ name: "fleet-delay", what: "the same: mean time from an end to its notice, of the best", unit: "x" },
        values: { ours: mean / best },
        budget: { of: "value", most: 1.3 },
      },
      {
        ...{ name: "fleet-throttled", what: "the same: requests that are answered with 429", unit: "" },
        values: { ours: throttled },
        budget: { of: "value", most: 0 },
      },
    ];
  },
};
