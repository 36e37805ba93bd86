// Why: the figures of the fleet's pace, in virtual time, against a service and a model of its own. `npm run bench:fleet [-- COUNT]`
// prints one Markdown table.
import { reimageFleet } from "../../src/fleet/index.js";
import { admissions, bestMeanDelay, makespanBound } from "../fleet/best.js";
import { installClock } from "../fleet/clock.js";
import { collect, figuresOf, idsOf, outcomesOf, world } from "../fleet/fly.js";
import { type ServiceOptions, SIZES, type Size } from "../fleet/service.js";

const count = Number(process.argv[2] ?? 10_000);
const told = { first: 10, next: 30 };
const scenarios: readonly {
  readonly name: string;
  readonly seed: number;
  readonly options: Partial<ServiceOptions>;
  readonly naive?: true;
}[] = [
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
const bests = new Map<string, number>();
const fixed = (value: number, digits = 1) => value.toFixed(digits);

console.log(
  `| ${count} VMs | seed | makespan, s (of bound) | delay mean (of best) | p50 | p99 | reads/VM | 429 (of requests) | POSTs/VM, most | outcomes |`,
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const { name, seed, options, naive } of scenarios) {
  const clock = installClock();
  const { client, durations, seen } = world(count, seed, options);
  let outcomes: string;
  if (naive) {
    const wait = async (id: string) =>
      client.reimage(id, undefined, { throttleRetries: 1000 }).then(
        () => "succeeded",
        ({ name }) => name,
      );
    const counts: Record<string, number> = {};
    for (const outcome of await clock.until(Promise.all(idsOf(count).map(wait))))
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    outcomes = JSON.stringify(counts);
  } else outcomes = JSON.stringify(outcomesOf(await clock.until(collect(reimageFleet(client, idsOf(count))))));
  clock.uninstall();
  const mine = ({ capacity, refillPerSecond }: Size) => {
    const share = 1 - (options.others ?? 0);
    return { capacity: capacity * share, refillPerSecond: refillPerSecond * share };
  };
  const admitted = admissions(count, [mine(SIZES.writes), mine(SIZES.updates)]);
  const bound = makespanBound(admitted, durations);
  const silent = options.retryAfter === null;
  const key = `${silent} ${options.others}`;
  const best = bests.get(key) ?? bestMeanDelay(admitted, mine(SIZES.reads), silent ? { first: 1, next: 1 } : told);
  bests.set(key, best);
  const { makespan, mean, p50, p99, reads, throttled, requests, mostPosts } = figuresOf(seen);
  console.log(
    `| ${[
      name,
      seed,
      `${fixed(makespan)} (${fixed(makespan / bound, 3)})`,
      `${fixed(mean, 2)} (${fixed(mean / best, 3)})`,
      fixed(p50),
      fixed(p99),
      fixed(reads / count, 2),
      `${throttled} (${fixed((100 * throttled) / requests, 2)} %)`,
      mostPosts,
      outcomes.replaceAll('"', ""),
    ].join(" | ")} |`,
  );
}
