// The targets, with fewer VMs than `npm run bench:fleet` has: virtual time, a service and a model that know nothing of src/.
import { expect, test } from "vitest";
import { reimageFleet } from "../../src/fleet/index.js";
import { admissions, bestMeanDelay, makespanBound } from "./best.js";
import { collect, figuresOf, idOf, idsOf, newJournal, outcomesOf, runProcess, world } from "./fly.js";
import { type ServiceOptions, SIZES } from "./service.js";
import { virtualTime } from "./virtual-time.js";

const told = { first: 10, next: 30 };
const clock = virtualTime();

const fly = async (count: number, seed: number, options: Partial<ServiceOptions>) => {
  const { client, seen, durations } = world(count, seed, options);
  const results = await clock.until(collect(reimageFleet(client, idsOf(count))));
  return { results, seen, durations, figures: figuresOf(seen) };
};
const admitted = admissions(600, [SIZES.writes, SIZES.updates]);

test("alone a fleet meets no 429, ends as the buckets allow, and notices an end about as soon as can be", async () => {
  const { results, figures, durations } = await fly(600, 1, { retryAfter: told });
  expect(outcomesOf(results)).toEqual({ succeeded: 600 });
  expect(figures).toMatchObject({ throttled: 0, mostPosts: 1 });
  expect(figures.makespan).toBeLessThan(makespanBound(admitted, durations) + told.next + 2);
  expect(figures.mean).toBeLessThan(bestMeanDelay(admitted, SIZES.reads, told, 60) * 1.3);
}, 30_000);

test("where the service names no wait, the reads that there are find the ends sooner", async () => {
  const { figures, durations } = await fly(600, 2, { retryAfter: null });
  expect(figures).toMatchObject({ throttled: 0, mostPosts: 1 });
  expect(figures.makespan).toBeLessThan(makespanBound(admitted, durations) * 1.05);
  expect(figures.mean).toBeLessThan(bestMeanDelay(admitted, SIZES.reads, { first: 1, next: 1 }, 60) * 1.4);
}, 30_000);

test("requests that overtake each other on the way meet no 429 either", async () => {
  const { figures } = await fly(400, 3, { latency: 200 });
  expect(figures).toMatchObject({ throttled: 0, mostPosts: 1 });
}, 30_000);

test("beside others who use half of every bucket all end right, with hardly a 429", async () => {
  const { results, figures } = await fly(600, 4, { others: 0.5, latency: 100 });
  expect(outcomesOf(results)).toEqual({ succeeded: 600 });
  expect(figures.mostPosts).toBe(1);
  expect(figures.throttled).toBeLessThan(figures.requests / 100);
}, 30_000);

test("without a word of what is left a fleet learns of others from the 429s, and still all end right", async () => {
  const { results, figures } = await fly(400, 5, { others: 0.5, headers: false });
  expect(outcomesOf(results)).toEqual({ succeeded: 400 });
  expect(figures.mostPosts).toBe(1);
  expect(figures.throttled).toBeLessThan(figures.requests / 20);
}, 30_000);

test("whoever polls as the service asks drowns: the same service answers most of it with 429", async () => {
  const { client, seen } = world(600, 1, { retryAfter: told });
  const wait = (id: string) => client.reimage(id, undefined, { throttleRetries: 1000 });
  await clock.until(Promise.all(idsOf(600).map(wait)));
  expect(figuresOf(seen).throttled).toBeGreaterThan(seen.requests / 2);
}, 30_000);

test("no operation is read before the time that the service named, nor more often than its own bucket allows", async () => {
  const { seen } = await fly(200, 6, { retryAfter: { first: 10, next: 7 } });
  const last = new Map<string, number>();
  for (const { vm, at } of seen.polls) {
    expect(at - (last.get(vm) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(7000);
    last.set(vm, at);
  }
}, 30_000);

test("reimages that take ten minutes are learned of, and noticed as soon", async () => {
  const { results, figures } = await fly(100, 7, {
    retryAfter: null,
    durationOf: (name) => 600 + (Number(name.slice(2)) % 60),
  });
  expect(outcomesOf(results)).toEqual({ succeeded: 100 });
  expect(figures).toMatchObject({ throttled: 0 });
  expect(figures.mean).toBeLessThan(10);
}, 30_000);

test.each([5, 61, 90, 130])(
  "killed after %i s and started again, nobody is POSTed twice, and only those in doubt are left out",
  async (seconds) => {
    const { fetch, seen } = world(300, 9, { latency: 200 });
    const journal = newJournal();
    await runProcess(clock, fetch, idsOf(300), journal, seconds * 1000);
    const doubtful = [...journal.intended].filter((name) => !journal.accepted.has(name));
    expect(journal.intended.size).toBeGreaterThan(0);
    await runProcess(clock, fetch, idsOf(300), journal);
    expect(Math.max(...seen.posts.values())).toBe(1);
    const silent = idsOf(300).filter((_, i) => !journal.ended.has(`vm${i}`));
    expect(silent.map((id) => id.slice(id.lastIndexOf("/") + 1)).sort()).toEqual(doubtful.sort());
    expect(outcomesOf([...journal.ended.values()])).toEqual({ succeeded: 300 - doubtful.length });
    // The requests that the dead one had under way are given up.
    await clock.pass(120_000);
  },
  30_000,
);

test("two subscriptions are paced each by itself", async () => {
  const { client, seen } = world(200, 10);
  const other = "11111111-0000-4000-8000-000000000000";
  const ids = Array.from({ length: 600 }, (_, i) => idOf(i, i % 2 ? other : undefined));
  const results = await clock.until(collect(reimageFleet(client, ids)));
  expect(outcomesOf(results)).toEqual({ succeeded: 600 });
  expect(seen.throttled).toBe(0);
  const begun = [...seen.ends.keys()].length;
  expect(begun).toBe(600);
  // 300 each: 200 at once and 10 s more, where 600 in one would take 40.
  expect(figuresOf(seen).makespan).toBeLessThan(11 + 200 + 32);
}, 30_000);
