import { expect, test, vi } from "vitest";
import { AGES, createDurations, placeOf } from "../../src/fleet/durations.js";
import { createInspection, PRICES } from "../../src/fleet/inspection.js";
import { dice, drawDurations, endedBy } from "./durations.js";

// Seconds of work on a machine that has time for it, but not on one that is busy.
vi.setConfig({ testTimeout: 30_000 });

const truth = Float64Array.from(AGES, (age) => 1 - endedBy(age));
/** What a schedule costs, by the distribution itself: the mean delay, and the mean number of looks. */
function judge(looks: readonly number[]) {
  let [seen, delay, count] = [0, 0, 0];
  for (const at of looks) {
    count += 1 - endedBy(seen);
    for (let x = seen + 0.05; x < at; x += 0.1) delay += (endedBy(x) - endedBy(seen)) * 0.1;
    seen = at;
  }
  return { delay, count };
}
const scheduleOf = (price: number, gap: number) => {
  const plan = createInspection(truth, gap);
  const looks = [plan.nextLook(price, 0)];
  while ((looks.at(-1) ?? 0) < 200) looks.push(plan.nextLook(price, looks.at(-1) ?? 0));
  return looks;
};

test("the place of an age is the last of the grid that is not beyond it", () => {
  for (let age = 0; age < 5000; age += 0.7) {
    const place = placeOf(age);
    expect(AGES[place]).toBeLessThanOrEqual(age);
    expect(AGES[place + 1] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(age);
  }
});

test.each([6, 10, 14])(
  "at the price of place %i no schedule that chance finds nearby costs less by a twentieth",
  (price) => {
    const cost = ({ delay, count }: ReturnType<typeof judge>) => delay + (PRICES[price] ?? 0) * count;
    const looks = scheduleOf(price, 0);
    const own = cost(judge(looks));
    const random = dice(price);
    let best = looks;
    let least = own;
    for (let i = 0; i < 400; i += 1) {
      const other = best.map((at) => at + (random() - 0.5) * 8).sort((a, b) => a - b);
      const kept = random() < 0.2 ? other.slice(0, -1) : other;
      const all = [...kept.slice(0, -1), Math.max(kept.at(-1) ?? 0, 200)];
      if (cost(judge(all)) < least) [best, least] = [all, cost(judge(all))];
    }
    expect(own).toBeLessThan(least * 1.05);
  },
);

test.each([0, 6, 12, 20])(
  "at the price of place %i no look would better come at any other age of the grid",
  (price) => {
    const { nextLook } = createInspection(truth, 0);
    const [ages, left] = [[...AGES], [...truth]] as const;
    const at = (values: readonly number[], i: number) => values[i] ?? 0;
    /** How long the ends between two ages go unnoticed, those of the operations that run at the first. */
    const delay = (from: number, to: number) => {
      let sum = 0;
      for (let i = from; i < to; i += 1)
        sum += (at(left, from) - (at(left, i) + at(left, i + 1)) / 2) * (at(ages, i + 1) - at(ages, i));
      return sum;
    };
    const cost = ages.map(() => 0);
    const worse: number[] = [];
    for (let i = ages.length - 2; i >= 0; i -= 1) {
      const of = (k: number) => delay(i, k) + (PRICES[price] ?? 0) * at(left, i) + at(cost, k);
      cost[i] = of(placeOf(nextLook(price, at(ages, i))));
      for (let k = i + 1; k < ages.length; k += 1) if (of(k) < at(cost, i) - 1e-9) worse.push(at(ages, i));
    }
    expect(worse).toEqual([]);
  },
);

test("looks are dense where ends are likely, and none is made before one can be", () => {
  const looks = scheduleOf(8, 0);
  expect(looks[0]).toBeGreaterThan(60);
  const gaps = looks.slice(1).map((at, i) => at - (looks[i] ?? 0));
  const around = (age: number) => gaps[looks.findIndex((at) => at > age)] ?? 0;
  expect(around(90)).toBeLessThan(around(65) * 2);
  expect(Math.max(...gaps)).toBeLessThan(20);
});

test("a dearer look comes later, and fewer are made", () => {
  const first = PRICES.map((_, price) => scheduleOf(price, 0)[0] ?? 0);
  expect(first).toEqual([...first].sort((a, b) => a - b));
  expect(judge(scheduleOf(4, 0)).count).toBeGreaterThan(judge(scheduleOf(12, 0)).count * 2);
});

test("where the service asks for 30 s between two looks, the first is placed so that the row of them costs least", () => {
  const looks = scheduleOf(0, 30);
  for (const [i, at] of looks.entries()) expect(at - (looks[i - 1] ?? 0)).toBeGreaterThanOrEqual(30 - 1e-6);
  const rows = Array.from({ length: 40 }, (_, i) => judge([60, 90, 120, 150, 180, 210].map((at) => at + i)).delay);
  expect(judge(looks).delay).toBeLessThan(Math.min(...rows) * 1.02);
});

test("what is older than any that was planned for is looked at ever more seldom, not all the time", () => {
  for (const gap of [0, 30, 600]) {
    const plan = createInspection(truth, gap);
    for (const seenAt of [3700, 4000, 7000])
      for (const price of [0, 20])
        expect(plan.nextLook(price, seenAt)).toBeCloseTo(seenAt + Math.max(seenAt / 10, gap));
    for (let seenAt = 0; seenAt < 3700; seenAt += 7)
      expect(plan.nextLook(3, seenAt) - seenAt).toBeGreaterThanOrEqual(gap - 1e-6);
  }
});

test("a look is worth the price at which it is due", () => {
  const plan = createInspection(truth, 0);
  for (const price of [3, 9, 15]) {
    const due = plan.nextLook(price, 70);
    expect(plan.worth(70, due + 1e-6)).toBeGreaterThanOrEqual(price);
    expect(plan.worth(70, due - 0.5)).toBeLessThan(price);
  }
  expect(plan.worth(70, 70)).toBe(-1);
});

test("the looks that are likely to be wanted are those of the schedule, each if the one before found it running", () => {
  const plan = createInspection(truth, 0);
  const { count } = judge(scheduleOf(12, 0));
  expect(plan.looks(12, 0, 0, 1000)).toBeCloseTo(count, 0);
  expect(plan.looks(12, 0, 0, 50)).toBe(0);
});

test("ends that were seen take the place of what was believed, and those that still run count too", () => {
  const durations = createDurations();
  for (const seconds of drawDurations(4000, 7)) {
    // Looked at once at 100 s, then not before 300: half of what is known is that it had not ended by then.
    if (seconds > 100) durations.ran(0, 100);
    else durations.ended(0, seconds, seconds);
    if (seconds > 100 && seconds % 2 > 1) durations.ended(100, seconds, seconds);
  }
  const survival = durations.survival();
  for (const age of [70, 80, 90, 100, 120, 150])
    expect(survival[placeOf(age)]).toBeCloseTo(1 - endedBy(AGES[placeOf(age)] ?? 0), 1);
});

test("of an end between two looks only that is known; many of them tell the rest", () => {
  const durations = createDurations();
  const random = dice(3);
  for (const seconds of drawDurations(4000, 8)) {
    const seen = Math.max(seconds - random() * 30, 0);
    durations.ran(0, seen);
    durations.ended(seen, seen, seconds + random() * 30);
  }
  const survival = durations.survival();
  for (const age of [80, 100, 120, 150])
    expect(Math.abs((survival[placeOf(age)] ?? 0) - (1 - endedBy(age)))).toBeLessThan(0.08);
});

test("before anything was seen hardly a reimage is expected to take less than a minute, most one to three", () => {
  const survival = createDurations().survival();
  expect(survival[placeOf(60)]).toBeGreaterThan(0.96);
  expect(survival[placeOf(180)]).toBeLessThan(0.2);
  expect(survival[placeOf(600)]).toBeGreaterThan(0.01);
});
