import { expect, test, vi } from "vitest";
import { createPacer, type Watch } from "../../src/fleet/pacer.js";
import { drawDurations } from "./durations.js";
import { SIZES } from "./service.js";

vi.setConfig({ testTimeout: 30_000 });

const limits = {
  armWrites: SIZES.writes,
  armReads: SIZES.reads,
  vmUpdates: SIZES.updatesOfVm,
  subscriptionVmUpdates: SIZES.updates,
  operationReads: { capacity: 1000, refillPerSecond: 10 },
  subscriptionOperationReads: SIZES.operationReads,
};
type Pacer = ReturnType<typeof createPacer>;
/** When each operation is looked at, in seconds from a time on; each look finds it running. */
function looksOf(pacer: Pacer, from: number, until: number, retryAfterMs?: (watch: Watch) => number | undefined) {
  const at = new Map<Watch, number[]>();
  for (let now = from * 1000; now <= until * 1000; now += 250)
    for (const { watch, ticket } of pacer.looks(now).now) {
      at.set(watch, [...(at.get(watch) ?? []), now / 1000 - from]);
      pacer.looked(watch, ticket, now, { status: "running", retryAfterMs: retryAfterMs?.(watch) });
    }
  return [...at.values()];
}
/** Begins operations at 0, and sees them end after so many seconds each; gives the time when all have. */
function teach(pacer: Pacer, durations: readonly number[], told = true): number {
  const ends = new Map(durations.map((seconds) => [pacer.watch(0, {}), seconds * 1000]));
  let now = 0;
  for (; ends.size > 0; now += 1000)
    for (const { watch, ticket } of pacer.looks(now).now) {
      const durationMs = ends.get(watch) ?? 0;
      const ended = now >= durationMs;
      if (ended) ends.delete(watch);
      pacer.looked(
        watch,
        ticket,
        now,
        ended ? { status: "ended", ...(told && { durationMs }) } : { status: "running" },
      );
    }
  return now / 1000;
}
const begin = (pacer: Pacer, count: number, at = 0) => Array.from({ length: count }, () => pacer.watch(at * 1000, {}));

test("where reads are dear none is spent before an end is likely", () => {
  const pacer = createPacer({ ...limits, armReads: { capacity: 20, refillPerSecond: 2 } });
  begin(pacer, 100);
  const looks = looksOf(pacer, 0, 120);
  expect(Math.min(...looks.flat())).toBeGreaterThan(55);
  expect(looks.flat().length).toBeGreaterThan(20);
});

test("where reads are plenty a lone operation is looked at early too", () => {
  const pacer = createPacer(limits);
  begin(pacer, 1);
  expect(looksOf(pacer, 0, 60).flat()[0]).toBeLessThan(15);
});

test.each([
  ["the service tells how long it took", true],
  ["only the looks tell", false],
])("how long reimages take is learned, also that none ends before: %s", (_, told) => {
  const pacer = createPacer({ ...limits, armReads: { capacity: 100, refillPerSecond: 4 } });
  const from = teach(
    pacer,
    Array.from({ length: 400 }, (_, i) => 300 + (i % 10)),
    told,
  );
  begin(pacer, 400, from);
  const first = looksOf(pacer, from, from + 400).map((looks) => looks[0] ?? 0);
  expect(Math.min(...first)).toBeGreaterThan(200);
});

test("the wait that the service names between two looks puts off a first that would forbid a better one", () => {
  const first = (gap: number) => {
    const pacer = createPacer(limits);
    const from = teach(pacer, drawDurations(100, 1));
    const [scout] = begin(pacer, 1, from);
    const [look] = pacer.looks((from + 65) * 1000).now;
    if (!scout || !look) throw new Error("it was not looked at");
    pacer.looked(scout, look.ticket, (from + 65) * 1000, { status: "running", retryAfterMs: gap });
    pacer.forget(scout);
    begin(pacer, 1, from + 70);
    return pacer.looks((from + 70) * 1000).wakeAt / 1000 - from - 70;
  };
  expect(first(0)).toBeLessThan(15);
  expect(first(30_000)).toBeGreaterThan(25);
});

test("an operation is looked at no sooner than the service told it, whatever it tells others", () => {
  const pacer = createPacer(limits);
  const [slow] = begin(pacer, 10);
  const looks = looksOf(pacer, 0, 400, (watch) => (watch === slow ? 100_000 : 1000));
  const gaps = looks.map((at) => Math.min(...at.slice(1).map((time, i) => time - (at[i] ?? 0))));
  expect(gaps.filter((gap) => gap >= 100)).toHaveLength(1);
});

test("an operation is looked at no more often than its own bucket allows", () => {
  const pacer = createPacer({ ...limits, operationReads: { capacity: 2, refillPerSecond: 1 / 60 } });
  begin(pacer, 1);
  expect(looksOf(pacer, 0, 300).flat().length).toBeLessThanOrEqual(2 + 5);
});

test("those whose look is worth most go first, when not all can", () => {
  const pacer = createPacer(limits);
  begin(pacer, 20, 60);
  const old = begin(pacer, 2);
  // Ten go ahead of the first answer.
  const now = pacer.looks(160_000).now.map(({ watch }) => watch);
  expect(now).toHaveLength(10);
  expect(new Set(now.slice(0, 2))).toEqual(new Set(old));
});

test("an operation that was resumed may have begun at any time: its looks do not teach how long it took", () => {
  const pacer = createPacer(limits);
  const innocent = createPacer(limits);
  let resumed = Array.from({ length: 100 }, () => pacer.watch(0));
  while (resumed.length > 0)
    for (const { watch, ticket } of pacer.looks(0).now) {
      pacer.looked(watch, ticket, 0, { status: "ended" });
      resumed = resumed.filter((one) => one !== watch);
    }
  for (const one of [pacer, innocent]) begin(one, 1, 10);
  expect(pacer.looks(10_000).wakeAt).toBe(innocent.looks(10_000).wakeAt);
});
