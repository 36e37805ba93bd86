// Why: the figures of the fleet's pace, in virtual time, against a service and a model of its own. `npm run bench:fleet [-- COUNT]`
// prints one Markdown table.
import { pace, type Scenario, told } from "./fleet-pace.js";

const count = Number(process.argv[2] ?? 10_000);
const scenarios: readonly (Scenario & { readonly name: string })[] = [
  ...[1, 2, 3].map((seed) => ({ name: "alone", seed, options: { retryAfter: told } })),
  { name: "alone, 200 ms each way at most", seed: 1, options: { retryAfter: told, latency: 200 } },
  ...[1, 2, 3].map((seed) => ({ name: "alone, no Retry-After", seed, options: { retryAfter: null } })),
  ...[1, 2, 3].map((seed) => ({
    name: "others use half",
    seed,
    options: { retryAfter: told, others: 0.5, latency: 100 },
  })),
  {
    name: "others use half, no rate-limit headers",
    seed: 1,
    options: { retryAfter: told, others: 0.5, headers: false },
  },
  { name: "others use half, no Retry-After", seed: 1, options: { retryAfter: null, others: 0.5, latency: 100 } },
  { name: "naive", seed: 1, options: { retryAfter: told }, naive: true as const },
  { name: "naive, no Retry-After", seed: 1, options: { retryAfter: null }, naive: true as const },
];
const fixed = (value: number, digits = 1) => value.toFixed(digits);

console.log(
  `| ${count} VMs | seed | makespan, s (of bound) | delay mean (of best) | p50 | p99 | reads/VM | 429 (of requests) | POSTs/VM, most | outcomes |`,
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const { name, ...scenario } of scenarios) {
  const { makespan, bound, mean, best, p50, p99, reads, throttled, requests, mostPosts, outcomes } = await pace(
    count,
    scenario,
  );
  console.log(
    `| ${[
      name,
      scenario.seed,
      `${fixed(makespan)} (${fixed(makespan / bound, 3)})`,
      `${fixed(mean, 2)} (${fixed(mean / best, 3)})`,
      fixed(p50),
      fixed(p99),
      fixed(reads / count, 2),
      `${throttled} (${fixed((100 * throttled) / requests, 2)} %)`,
      mostPosts,
      JSON.stringify(outcomes).replaceAll('"', ""),
    ].join(" | ")} |`,
  );
}
