/** The size of a token bucket: `capacity` requests at once, then `refillPerSecond`. */
export interface Limit {
  /** How many requests it takes at once, when it is full. */
  readonly capacity: number;
  /** How many more it takes, each second. */
  readonly refillPerSecond: number;
}

/** The token buckets that stand between a caller and a VM. */
export interface Limits {
  /** Writes to Azure Resource Manager, by subscription. */
  readonly armWrites: Limit;
  /** Reads of Azure Resource Manager, polls among them, by subscription. */
  readonly armReads: Limit;
  /** Updates of a VM, reimages among them, by VM. */
  readonly vmUpdates: Limit;
  /** The same by subscription and region. */
  readonly subscriptionVmUpdates: Limit;
  /** Polls, by operation. */
  readonly operationReads: Limit;
  /** The same by subscription and region. */
  readonly subscriptionOperationReads: Limit;
}

/** ARM's documented sizes. */
export const ARM_LIMITS: Limits = {
  armWrites: { capacity: 200, refillPerSecond: 10 },
  armReads: { capacity: 250, refillPerSecond: 25 },
  vmUpdates: { capacity: 12, refillPerSecond: 4 / 60 },
  subscriptionVmUpdates: { capacity: 1500, refillPerSecond: 500 / 60 },
  operationReads: { capacity: 45, refillPerSecond: 15 / 60 },
  subscriptionOperationReads: { capacity: 15_000, refillPerSecond: 5000 / 60 },
};

/** One bucket of a limit: that of a subscription, a VM or an operation. */
export interface Bucket {
  readonly limit: keyof Limits;
  readonly of: string;
}

/** What taking from buckets brought: what is left in each, or which of them is empty and for how long. */
export type Taken = { readonly left: readonly number[] } | { readonly empty: keyof Limits; readonly waitMs: number };

/** Takes one token from each bucket, or none at all when one of them is empty. */
export type Take = (buckets: readonly Bucket[], now: number) => Taken;

/** Makes the buckets, all full. When not `enforced` an empty one lets requests pass. */
export function createTake(limits: Limits, enforced: boolean): Take {
  const levels = new Map<string, { readonly tokens: number; readonly at: number }>();
  return (buckets, now) => {
    const found = buckets.map(({ limit, of }) => {
      const { capacity, refillPerSecond } = limits[limit];
      const key = `${limit} ${of.toLowerCase()}`;
      const { tokens, at } = levels.get(key) ?? { tokens: capacity, at: now };
      const refilled = Math.min(capacity, tokens + (Math.max(now - at, 0) / 1000) * refillPerSecond);
      return { key, limit, refillPerSecond, tokens: refilled };
    });
    // Refills add up in floating point: a token short of a billionth is a token.
    const empty = found.find(({ tokens }) => tokens < 1 - 1e-9);
    if (enforced && empty) {
      return { empty: empty.limit, waitMs: ((1 - empty.tokens) / empty.refillPerSecond) * 1000 };
    }
    for (const { key, tokens } of found) levels.set(key, { tokens: Math.max(tokens - 1, 0), at: now });
    return { left: found.map(({ tokens }) => Math.max(Math.floor(tokens - 1 + 1e-9), 0)) };
  };
}
