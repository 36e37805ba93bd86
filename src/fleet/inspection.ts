/**
 * When to look at an operation: optimal inspection.
 *
 * A look costs a price; an end that nobody noticed costs a second for each second. For one price the best schedule follows by
 * going backwards over the ages. A low price looks often, a high one seldom: the price that the reads of a subscription can just
 * pay is the one to look by.
 */
import { AGES, placeOf } from "./durations.js";

/** What a look may cost, in seconds of delay: from where reads are plenty to where they are dear. */
export const PRICES: readonly number[] = Array.from({ length: 26 }, (_, i) => 0.02 * 1.5 ** i);

const OLDEST = AGES[AGES.length - 1] as number;
/** Of what is older than any that was planned for, nothing is known: each look comes a tenth of the age after the one before. */
const BEYOND = 1.1;

/** The best schedules for a distribution of durations; ages in seconds, a price by its place in {@link PRICES}. */
export interface Inspection {
  /** The age at which to look, when it was seen running at an age last. */
  nextLook(price: number, seenAt: number): number;
  /** The highest price that a look at this age is worth; -1 if it is worth none. */
  worth(seenAt: number, age: number): number;
  /** How many looks an operation is likely to take until an age, looked at from one on. */
  looks(price: number, seenAt: number, age: number, until: number): number;
}

/**
 * Works out the schedules.
 *
 * @param survival - for each of {@link AGES} the share of operations that go on beyond it
 * @param gap - the least time between two looks, in seconds, as the service asked for it
 */
export function createInspection(survival: Float64Array, gap: number): Inspection {
  const schedules = PRICES.map((price) => schedule(survival, gap, price));
  // By the theory a higher price never looks earlier; by the grid it might.
  schedules.forEach((later, i) => {
    const earlier = schedules[i - 1];
    if (earlier) for (let k = 0; k < later.length; k += 1) later[k] = Math.max(later[k] ?? 0, earlier[k] ?? 0);
  });

  const nextLook = (price: number, seenAt: number) =>
    seenAt < OLDEST ? between(schedules[price] as Float64Array, seenAt) : Math.max(seenAt * BEYOND, seenAt + gap);
  const goesOn = (age: number) => survival[placeOf(age)] ?? 0;

  return {
    nextLook,
    worth(seenAt, age) {
      let [low, high] = [-1, PRICES.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (nextLook(middle, seenAt) <= age) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    looks(price, seenAt, age, until) {
      let sum = 0;
      const running = goesOn(seenAt) || 1;
      let last = seenAt;
      for (let at = Math.max(nextLook(price, seenAt), age); at < until && sum < 100; at = nextLook(price, last)) {
        sum += goesOn(last) / running;
        last = at;
      }
      return sum;
    },
  };
}

/** For each age at which an operation was seen running, the age at which to look next, at a price. */
function schedule(survival: Float64Array, gap: number, price: number): Float64Array {
  const n = AGES.length;
  const [cost, looks] = [new Float64Array(n), new Float64Array(n)];
  /** The sum of the share that has ended over the ages up to each: what waiting costs is a difference of two. */
  const waited = new Float64Array(n);
  for (let i = 1; i < n; i += 1) {
    const [a = 0, b = 0, from = 0, to = 0] = [survival[i - 1], survival[i], AGES[i - 1], AGES[i]];
    waited[i] = (waited[i - 1] ?? 0) + (1 - (a + b) / 2) * (to - from);
  }
  looks[n - 1] = Math.max(OLDEST * BEYOND, OLDEST + gap);
  // The costs are a Monge array: who was seen earlier is looked at next no later, so that none beyond `last` need be tried.
  for (let i = n - 2, first = n - 1, last = n - 1; i >= 0; i -= 1) {
    const [age = 0, left = 0, before = 0] = [AGES[i], survival[i], waited[i]];
    while (first - 1 > i && (AGES[first - 1] ?? 0) >= age + gap) first -= 1;
    // As early as the gap allows, between two ages of the grid, or at one of those beyond.
    looks[i] = age + gap;
    let best =
      gap > 0
        ? between(waited, age + gap) - before - (1 - left) * gap + between(cost, age + gap)
        : Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let k = first, most = last; k <= most; k += 1) {
      const total = (waited[k] ?? 0) - before - (1 - left) * ((AGES[k] ?? 0) - age) + (cost[k] ?? 0);
      if (total < least) {
        least = total;
        last = k;
      }
    }
    if (least < best) {
      best = least;
      looks[i] = AGES[last] ?? 0;
    }
    cost[i] = best + price * left;
  }
  return looks;
}

/** The value at an age that lies between two of {@link AGES}. */
function between(values: Float64Array, age: number): number {
  const i = placeOf(age);
  const [from = 0, to = Number.POSITIVE_INFINITY] = [AGES[i], AGES[i + 1]];
  const [early = 0, late = early] = [values[i], values[i + 1]];
  return early + (late - early) * ((age - from) / (to - from));
}
