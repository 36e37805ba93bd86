/** When to send what to one subscription: no clock and no network, only times that are handed in. */
import { type Bucket, createBucket } from "./bucket.js";
import { createDurations } from "./durations.js";
import { createGate, type Ticket } from "./gate.js";
import { createInspection, type Inspection, PRICES } from "./inspection.js";
import type { FleetLimits } from "./limits.js";

/** An operation as the pacer knows it. */
export interface Watch {
  /** When it was accepted, or is taken to have been; in milliseconds on the monotonic clock. */
  since: number;
  /** Is that so, or was it resumed? */
  readonly sinceKnown: boolean;
  /** When it was seen running last; undefined when it was resumed and not looked at yet. */
  seenAt: number | undefined;
  /** Before this the service, or a back-off, forbids to look. */
  notBefore: number;
  region: string | undefined;
  /** When to look at it, by the price that stands; never while a look is under way. */
  dueAt: number;
  /** The bucket of its own that the service keeps. */
  readonly own: Bucket;
}

/** What a look at an operation brought. */
export interface Sight {
  readonly status: "running" | "ended" | "unread";
  /** The wait that the service asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The wait before another try, after a look that brought nothing. */
  readonly backOffMs?: number | undefined;
  readonly region?: string | undefined;
  readonly rateLimits?: Readonly<Record<string, number>> | undefined;
  /** How long the service says that it took, in milliseconds. */
  readonly durationMs?: number | undefined;
}

/** What to look at now, and when to ask again. */
export interface Looks {
  readonly now: readonly { readonly watch: Watch; readonly ticket: Ticket }[];
  readonly wakeAt: number;
}

/** The pace of one subscription. */
export interface Pacer {
  /** When the next POST may be sent. */
  postAt(now: number): number;
  post(now: number): Ticket;
  /** The POST came to its end. */
  posted(ticket: Ticket, now: number, answer: Pick<Sight, "region" | "rateLimits">): void;
  /** Nothing was sent. */
  unposted(ticket: Ticket, now: number): void;
  /** The service refuses POSTs for a time. */
  throttled(until: number): void;
  /** Follows an operation from now on; one that was resumed may have begun at any time before. */
  watch(now: number, accepted?: Pick<Sight, "region" | "retryAfterMs">): Watch;
  looks(now: number): Looks;
  looked(watch: Watch, ticket: Ticket, now: number, sight: Sight): void;
  forget(watch: Watch): void;
}

/** What an operation that was resumed, and still runs, is taken to have behind it. */
const RESUMED_AGE = 60_000;
/** How far ahead the reads that are likely to be wanted are set against those that there will be. */
const HORIZON = 60_000;
/** For how long a price stands. */
const PRICE_STANDS = 1_000;

/** Makes the pacer of a subscription. */
export function createPacer(limits: FleetLimits): Pacer {
  const writes = createGate(limits.armWrites, limits.subscriptionVmUpdates, {
    arm: /^subscription-writes$/i,
    region: /UpdateVMSubscriptionMaximum$/i,
  });
  const reads = createGate(limits.armReads, limits.subscriptionOperationReads, {
    arm: /^subscription-reads$/i,
    region: /GetOperationSubscriptionMaximum$/i,
  });
  const durations = createDurations();
  const watches = new Set<Watch>();
  /** How long the service asks to wait between two looks, in seconds. */
  let gap = 0;
  let inspection: Inspection | undefined;
  let learned = { ends: 0, gap: 0 };
  let price = 0;
  let pricedAt = Number.NEGATIVE_INFINITY;

  /** The schedules; worked out anew when the ends that were learned from have grown by a tenth. */
  const schedules = (): Inspection => {
    if (!inspection || gap !== learned.gap || durations.ends > learned.ends * 1.1) {
      learned = { ends: durations.ends, gap };
      inspection = createInspection(durations.survival(), gap);
    }
    return inspection;
  };
  const age = (watch: Watch, at: number) => Math.max(at - watch.since, 0) / 1000;
  const plan = (watch: Watch) => {
    const { seenAt, since, notBefore } = watch;
    watch.dueAt = seenAt === undefined ? notBefore : since + schedules().nextLook(price, age(watch, seenAt)) * 1000;
    watch.dueAt = Math.max(watch.dueAt, notBefore);
  };
  /** The lowest price at which no more looks are wanted within the horizon than there will be. */
  const priceAt = (now: number): number => {
    const { looks } = schedules();
    const until = now + HORIZON;
    const supply = reads.supply(now, until);
    let [low, high] = [0, PRICES.length - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      let wanted = 0;
      for (const watch of watches) {
        const seenAt = watch.seenAt ?? watch.since;
        const earliest = Math.max(now, watch.notBefore);
        wanted += looks(middle, age(watch, seenAt), age(watch, earliest), age(watch, until));
      }
      if (wanted <= supply) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    postAt: (now) => writes.readyAt(now),
    post: (now) => writes.take(now),
    posted: (ticket, now, { region, rateLimits }) => writes.answered(ticket, now, region, rateLimits),
    unposted: (ticket, now) => writes.refund(ticket, now),
    throttled: (until) => writes.pause(until),
    watch(now, accepted) {
      const watch: Watch = {
        since: accepted ? now : now - RESUMED_AGE,
        sinceKnown: accepted !== undefined,
        seenAt: accepted && now,
        notBefore: now + (accepted?.retryAfterMs ?? 0),
        region: accepted?.region,
        dueAt: 0,
        own: createBucket(limits.operationReads),
      };
      plan(watch);
      watches.add(watch);
      return watch;
    },
    looks(now) {
      if (watches.size > 0 && now - pricedAt >= PRICE_STANDS) {
        price = priceAt(now);
        pricedAt = now;
        for (const watch of watches) if (watch.dueAt < Number.POSITIVE_INFINITY) plan(watch);
      }
      let wakeAt = Number.POSITIVE_INFINITY;
      const due: { readonly watch: Watch; readonly worth: number }[] = [];
      for (const watch of watches) {
        const { dueAt, seenAt } = watch;
        if (dueAt > now) wakeAt = Math.min(wakeAt, dueAt);
        else {
          const worth = seenAt === undefined ? PRICES.length : schedules().worth(age(watch, seenAt), age(watch, now));
          due.push({ watch, worth });
        }
      }
      due.sort((a, b) => b.worth - a.worth || a.watch.dueAt - b.watch.dueAt);
      const chosen = [];
      for (const { watch } of due) {
        const readyAt = reads.readyAt(now, watch.region);
        if (readyAt > now) {
          wakeAt = Math.min(wakeAt, readyAt);
          continue;
        }
        watch.dueAt = Number.POSITIVE_INFINITY;
        watch.own.take(now);
        chosen.push({ watch, ticket: reads.take(now, watch.region) });
      }
      return { now: chosen, wakeAt };
    },
    looked(watch, ticket, now, { status, retryAfterMs, backOffMs, region, rateLimits, durationMs }) {
      watch.region = region ?? watch.region;
      watch.own.answered(now);
      reads.answered(ticket, now, watch.region, rateLimits);
      if (status === "unread") {
        if (retryAfterMs) reads.pause(now + retryAfterMs);
        watch.notBefore = now + (retryAfterMs ?? backOffMs ?? 0);
        plan(watch);
        return;
      }
      const from = age(watch, watch.seenAt ?? watch.since);
      const to = age(watch, now);
      if (status === "ended") {
        const took = durationMs && durationMs / 1000;
        if (took && watch.sinceKnown) durations.ended(from, Math.max(took * 0.95, from), Math.min(took * 1.05, to));
        else if (took) durations.ended(0, took * 0.95, took * 1.05);
        else if (watch.sinceKnown) durations.ended(from, from, to);
        watches.delete(watch);
        return;
      }
      if (watch.sinceKnown) durations.ran(from, to);
      else if (watch.seenAt === undefined) watch.since = now - RESUMED_AGE;
      watch.seenAt = now;
      watch.notBefore = Math.max(now + (retryAfterMs ?? 0), watch.own.readyAt(now));
      gap = (retryAfterMs ?? 0) / 1000;
      plan(watch);
    },
    forget(watch) {
      watches.delete(watch);
    },
  };
}
