// The best that anyone could do who knows the buckets and the distribution of durations, but not how long any one VM takes.
// Shares nothing with src/: seconds, fluid, and duality instead of a policy.
import { endedBy } from "./durations.js";

interface Size {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** When each of so many POSTs can be sent at the earliest, in seconds, through buckets that are full at 0. */
export function admissions(count: number, buckets: readonly Size[]): number[] {
  return Array.from({ length: count }, (_, i) =>
    Math.max(0, ...buckets.map(({ capacity, refillPerSecond }) => (i + 1 - capacity) / refillPerSecond)),
  );
}

/** No run can end before: every POST at its earliest, every end noticed at once. */
export function makespanBound(admitted: readonly number[], durations: readonly number[]): number {
  return Math.max(...admitted.map((at, i) => at + (durations[i] ?? 0)));
}

/** When the service lets an operation be read: seconds after the 202, and after each answer that it runs. */
export interface Gaps {
  readonly first: number;
  readonly next: number;
}

const BLOCK = 5;
const OLDEST = 200;

/**
 * A lower bound of the mean time from an end to its notice, in seconds, over all schedules that keep the bucket of reads.
 *
 * Put a price on the reads of each five seconds. Then each VM's best schedule stands alone: its expected delay and what its reads
 * cost. The sum of these, less the most that the bucket's tokens could fetch at those prices, is below what any schedule can reach
 * (weak duality), whatever the prices; a search makes them good.
 */
export function bestMeanDelay(admitted: readonly number[], reads: Size, gaps: Gaps, rounds = 300): number {
  const blocks = Math.ceil(((admitted.at(-1) ?? 0) + OLDEST + gaps.next + BLOCK) / BLOCK) + 1;
  const cohorts = new Float64Array(blocks);
  for (const at of admitted) cohorts[Math.floor(at / BLOCK)] = (cohorts[Math.floor(at / BLOCK)] ?? 0) + 1;
  const judge = (prices: Float64Array) => {
    const wanted = new Float64Array(blocks);
    let cost = 0;
    cohorts.forEach((size, block) => {
      if (size > 0) cost += size * cheapest(block, size, prices, gaps, wanted);
    });
    const { value, used } = mostFor(prices, reads);
    return { bound: (cost - value) / admitted.length, excess: wanted.map((count, t) => count - (used[t] ?? 0)) };
  };
  // Up where more reads are wanted than there are, down where fewer; the mean of the prices on the way is better than the last.
  let prices = new Float64Array(blocks).fill(2);
  const mean = new Float64Array(blocks);
  let best = judge(new Float64Array(blocks)).bound;
  for (let round = 1; round <= rounds; round += 1) {
    const { bound, excess } = judge(prices);
    best = Math.max(best, bound);
    const step = 1 / Math.sqrt(round);
    prices = prices.map((price, t) =>
      Math.max(price + step * Math.min(Math.max((excess[t] ?? 0) / refillOf(reads), -1), 1), 0),
    );
    for (let t = 0; t < blocks; t += 1)
      mean[t] = (mean[t] ?? 0) + ((prices[t] ?? 0) - (mean[t] ?? 0)) * (2 / (round + 1));
    if (round % 10 === 0) best = Math.max(best, judge(mean).bound);
  }
  return best;
}

const refillOf = ({ refillPerSecond }: Size) => refillPerSecond * BLOCK;

const shares = Float64Array.from({ length: OLDEST + 61 }, (_, age) => endedBy(age));
/** The sum over the ages of the share that has ended. */
const sums = shares.reduce(
  (all, share, i) => {
    all[i + 1] = (all[i] ?? 0) + (share + endedBy(i + 1)) / 2;
    return all;
  },
  new Float64Array(shares.length + 1),
);

/** The least that a VM costs which was accepted in this block; adds the reads of that schedule to what is wanted. */
function cheapest(block: number, size: number, prices: Float64Array, gaps: Gaps, wanted: Float64Array): number {
  const begun = (block + 0.5) * BLOCK;
  const oldest = OLDEST + gaps.next;
  const cost = new Float64Array(oldest + 1);
  const next = new Int32Array(oldest + 1);
  const priceOf = (age: number) => prices[Math.floor((begun + age) / BLOCK)] ?? 0;
  for (let seen = OLDEST - 1; seen >= 0; seen -= 1) {
    const [ended = 0, sum = 0] = [shares[seen], sums[seen]];
    let least = Number.POSITIVE_INFINITY;
    for (let at = seen + (seen === 0 ? gaps.first : gaps.next); at <= oldest; at += 1) {
      const here = (sums[at] ?? 0) - sum - ended * (at - seen) + priceOf(at) * (1 - ended) + (cost[at] ?? 0);
      if (here < least) {
        least = here;
        next[seen] = at;
      }
      if (at >= OLDEST + gaps.next) break;
    }
    cost[seen] = least;
  }
  for (let seen = 0; seen < OLDEST; seen = next[seen] ?? OLDEST) {
    const t = Math.floor((begun + (next[seen] ?? 0)) / BLOCK);
    wanted[t] = (wanted[t] ?? 0) + size * (1 - (shares[seen] ?? 0));
  }
  return cost[0] ?? 0;
}

/** The most that a bucket's tokens fetch at prices, and how they are spent for it: the dearest blocks first, as far as they reach. */
function mostFor(prices: Float64Array, { capacity, refillPerSecond }: Size) {
  const n = prices.length;
  const used = new Float64Array(n);
  let value = 0;
  const order = [...prices.keys()].sort((a, b) => (prices[b] ?? 0) - (prices[a] ?? 0));
  for (const t of order) {
    if ((prices[t] ?? 0) <= 0) break;
    // Every stretch of blocks around this one: capacity and refill, less what is spent in it already. The least slack decides.
    // slack(from, to) = capacity + refill * (to + 1 - from) - spent(from..to) = capacity + right(to) - left(from)
    let left = 0;
    let right = 0;
    for (let i = t, sum = 0; i >= 0; i -= 1) {
      sum += refillPerSecond * BLOCK - (used[i] ?? 0);
      left = i === t ? sum : Math.min(left, sum);
    }
    for (let i = t + 1, sum = 0; i < n; i += 1) {
      sum += refillPerSecond * BLOCK - (used[i] ?? 0);
      right = Math.min(right, sum);
    }
    const most = Math.max(capacity + left + right, 0);
    used[t] = most;
    value += most * (prices[t] ?? 0);
  }
  return { value, used };
}
