import { type Bucket, createBucket } from "./bucket.js";
import type { FleetLimit } from "./limits.js";

/** The buckets that stand before one kind of request of a subscription: ARM's, and Compute's of each region. */
export interface Gate {
  /** When a request may be sent, to a region if it is known. */
  readyAt(now: number, region?: string): number;
  /** How many requests may be sent until a time. */
  supply(now: number, until: number): number;
  take(now: number, region?: string): Ticket;
  /** The request was not sent after all. */
  refund(ticket: Ticket, now: number): void;
  /** The request came to its end: in which region, and what the service said is left, where it did. */
  answered(ticket: Ticket, now: number, region?: string, left?: Readonly<Record<string, number>>): void;
  /** The service asked for quiet. */
  pause(until: number): void;
}

/** One request: the buckets that it was charged to. */
export type Ticket = readonly Bucket[];

/** By what names the service tells what is left. */
export interface Names {
  readonly arm: RegExp;
  readonly region: RegExp;
}

/**
 * Makes a gate.
 *
 * As if all were one region until answers show more. A request whose region is not known yet waits for every region's bucket
 * and is charged to each; when the answer names the region, the others get their token back.
 */
export function createGate(armLimit: FleetLimit, regionLimit: FleetLimit, names: Names): Gate {
  const arm = createBucket(armLimit);
  /** The first bucket is that of the region named first. */
  const regions: { name: string | undefined; readonly bucket: Bucket }[] = [
    { name: undefined, bucket: createBucket(regionLimit) },
  ];
  const bucketOf = (name: string, now: number): Bucket => {
    const known = regions.find((one) => one.name === name) ?? regions.find((one) => one.name === undefined);
    if (known) {
      known.name = name;
      return known.bucket;
    }
    const bucket = createBucket(regionLimit);
    bucket.level(now);
    regions.push({ name, bucket });
    return bucket;
  };
  const bucketsFor = (region: string | undefined, now: number) => [
    arm,
    ...(region === undefined ? regions.map(({ bucket }) => bucket) : [bucketOf(region, now)]),
  ];

  return {
    readyAt: (now, region) => Math.max(...bucketsFor(region, now).map((bucket) => bucket.readyAt(now))),
    supply: (now, until) => arm.level(now) + arm.inflow() * (until - now),
    take(now, region) {
      const ticket = bucketsFor(region, now);
      for (const bucket of ticket) bucket.take(now);
      return ticket;
    },
    refund(ticket, now) {
      for (const bucket of ticket) bucket.refund(now);
    },
    answered(ticket, now, region, left = {}) {
      const own = region === undefined ? undefined : bucketOf(region, now);
      const told = (pattern: RegExp) => Object.entries(left).find(([name]) => pattern.test(name))?.[1];
      for (const bucket of ticket) {
        if (bucket === arm) bucket.answered(now, told(names.arm));
        else if (bucket === own) bucket.answered(now, told(names.region));
        else if (own) bucket.refund(now);
        else bucket.answered(now);
      }
      if (!own || ticket.includes(own)) return;
      own.take(now);
      own.answered(now, told(names.region));
    },
    pause(until) {
      for (const bucket of [arm, ...regions.map((one) => one.bucket)]) bucket.pause(until);
    },
  };
}
