import { expect, test } from "vitest";
import { createBucket } from "../../src/fleet/bucket.js";
import { createGate } from "../../src/fleet/gate.js";

const size = { capacity: 100, refillPerSecond: 10 };
const names = { arm: /^arm$/, region: /^region$/ };
/** Takes while the bucket lets it, as answers come at once. */
const drain = (bucket: ReturnType<typeof createBucket>, now: number, told?: (taken: number) => number) => {
  let taken = 0;
  while (bucket.readyAt(now) <= now) {
    bucket.take(now);
    taken += 1;
    bucket.answered(now, told?.(taken));
  }
  return taken;
};

test("a full bucket gives what it holds, but for half a second's refill against requests that overtake each other", () => {
  expect(drain(createBucket(size), 0)).toBe(95);
});

test("an empty one gives a token whenever one has flowed in", () => {
  const bucket = createBucket(size);
  drain(bucket, 0);
  expect(bucket.readyAt(0)).toBeCloseTo(100);
  expect(drain(bucket, 1000)).toBe(10);
});

test("it holds no more than its capacity, however long nobody comes", () => {
  const bucket = createBucket(size);
  drain(bucket, 0);
  expect(drain(bucket, 3_600_000)).toBe(95);
});

test("a bucket of one token can be used", () => {
  const bucket = createBucket({ capacity: 1, refillPerSecond: 0.1 });
  expect(drain(bucket, 0)).toBe(1);
  expect(bucket.readyAt(0)).toBeCloseTo(10_000);
});

test("ten requests go ahead of the first answer, not more", () => {
  const bucket = createBucket(size);
  for (let i = 0; i < 10; i += 1) bucket.take(0);
  expect(bucket.readyAt(60_000)).toBe(Number.POSITIVE_INFINITY);
  bucket.answered(60_000);
  expect(bucket.readyAt(60_000)).toBe(60_000);
});

test("what the service says is left lowers what we believe", () => {
  const bucket = createBucket(size);
  expect(drain(bucket, 0, (taken) => 40 - taken)).toBe(35);
});

test("what the service says never raises it beyond what the limits allow", () => {
  expect(drain(createBucket(size), 0, () => 11_999)).toBe(95);
});

test("what is under way is not in the answer that came first", () => {
  const bucket = createBucket(size);
  for (let i = 0; i < 10; i += 1) bucket.take(0);
  bucket.answered(0, 50);
  expect(bucket.level(0)).toBe(41);
});

test("while others take their half, more is left in it for them; when they have gone, it recovers", () => {
  const bucket = createBucket(size);
  let level = 100;
  const pass = (from: number, seconds: number, theirs: number) => {
    let mine = 0;
    for (let now = from; now < from + seconds * 1000; now += 100) {
      level = Math.min(level + 1, 100) - theirs / 10;
      while (bucket.readyAt(now) <= now) {
        bucket.take(now);
        level -= 1;
        mine += 1;
        bucket.answered(now, Math.floor(level));
      }
    }
    return mine;
  };
  pass(0, 60, 5);
  expect(level).toBeGreaterThan(10);
  expect(pass(60_000, 60, 5)).toBeGreaterThan(270);
  expect(pass(60_000, 60, 5)).toBeLessThanOrEqual(305);
  pass(120_000, 60, 0);
  expect(pass(180_000, 60, 0)).toBeGreaterThan(590);
});

test("where others take all that flows in, it is still asked now and then", () => {
  const bucket = createBucket(size);
  for (const [now, left] of [
    [0, 99],
    [1000, 0],
  ] as const) {
    bucket.take(now);
    bucket.answered(now, left);
  }
  expect(bucket.inflow() * 1000).toBeCloseTo(0.5);
  expect(bucket.readyAt(1000)).toBeLessThan(61_000);
});

test("alone, nobody is thought to be there", () => {
  const bucket = createBucket(size);
  let level = 100;
  for (let now = 0; now < 100_000; now += 10) {
    level = Math.min(level + 0.1, 100);
    while (bucket.readyAt(now) <= now) {
      bucket.take(now);
      level -= 1;
      bucket.answered(now, Math.floor(level));
    }
  }
  expect(bucket.inflow() * 1000).toBeGreaterThan(9);
});

test("a pause lasts as long as it says, and begins with nothing", () => {
  const bucket = createBucket(size);
  bucket.pause(30_000);
  expect(bucket.readyAt(10_000)).toBeCloseTo(30_600);
  expect(drain(bucket, 30_600)).toBe(1);
});

test("a shorter pause does not end a longer one", () => {
  const bucket = createBucket(size);
  bucket.pause(30_000);
  bucket.pause(5_000);
  expect(bucket.readyAt(6_000)).toBeGreaterThan(30_000);
});

test("a request that was not sent costs nothing", () => {
  const bucket = createBucket(size);
  bucket.take(0);
  bucket.refund(0);
  expect(bucket.level(0)).toBe(100);
});

test("all is one region until answers show another, which then has a bucket of its own", () => {
  const gate = createGate({ capacity: 1e6, refillPerSecond: 1 }, size, names);
  const send = (region: string) => {
    let sent = 0;
    while (gate.readyAt(0) <= 0) {
      gate.answered(gate.take(0), 0, region);
      sent += 1;
    }
    return sent;
  };
  expect(send("west")).toBe(95);
  expect(gate.readyAt(0, "west")).toBeGreaterThan(0);
  expect(gate.readyAt(0, "east")).toBe(0);
});

test("a request of an unknown region waits for the emptiest, and is charged to its own alone", () => {
  const gate = createGate({ capacity: 1e6, refillPerSecond: 1 }, size, names);
  for (const region of ["west", "east"]) gate.answered(gate.take(0), 0, region);
  for (let i = 0; i < 90; i += 1) gate.answered(gate.take(0), 0, "east");
  const open = (region?: string) => gate.readyAt(0, region) <= 0;
  for (let i = 0; i < 4; i += 1) gate.answered(gate.take(0, "east"), 0, "east");
  expect([open("west"), open("east"), open()]).toEqual([true, false, false]);
  let west = 1;
  for (; open("west"); west += 1) gate.answered(gate.take(0, "west"), 0, "west");
  expect(west).toBe(95);
});

test("each bucket learns from its own name in the rate limits", () => {
  const gate = createGate({ capacity: 1000, refillPerSecond: 1 }, size, names);
  gate.answered(gate.take(0), 0, "west", { arm: 500, region: 20, other: 0 });
  expect(gate.supply(0, 0)).toBe(500);
  let sent = 0;
  for (; gate.readyAt(0) <= 0; sent += 1) gate.answered(gate.take(0), 0, "west");
  expect(sent).toBe(15);
});
