/** A token bucket of the service as seen from here, on a clock of milliseconds that the caller reads. */
import type { FleetLimit } from "./limits.js";

/** One bucket: what we took is counted here, what others took is learned from what the service says is left. */
export interface Bucket {
  /** When a request may be sent: `now`, or later; infinite until the first answer is there. */
  readyAt(now: number): number;
  /** What is in it, as far as we know. */
  level(now: number): number;
  /** What flows in and is left to us, in tokens a millisecond. */
  inflow(): number;
  /** Takes a token for a request. */
  take(now: number): void;
  /** Gives it back: the request was not sent. */
  refund(now: number): void;
  /** The request came to its end, and the service may have said what was left after it. */
  answered(now: number, remaining?: number): void;
  /** The service said that it is empty, and until when to keep quiet. */
  pause(until: number): void;
}

/** How much later than another a request may arrive that was sent before it. */
const JITTER = 500;
/** For how long the appetite of others is provided for. */
const FORESIGHT = 2_000;
/** How fast the appetite of others is learned and forgotten. */
const MEMORY = 10_000;
/** What is left to us at least of what flows in, however much others take: else nothing would ever be asked again. */
const SHARE = 0.05;

/** How many requests go ahead of the first answer, which may tell that others have emptied it. */
const SCOUTS = 10;

/** Makes a bucket, full. */
export function createBucket({ capacity, refillPerSecond }: FleetLimit): Bucket {
  const refill = refillPerSecond / 1000;
  /** If only we took from it: it never holds more than that. */
  let alone = capacity;
  /** As the service said last, and we took since. */
  let seen = capacity;
  let at = Number.NEGATIVE_INFINITY;
  /** What others take, in tokens a millisecond. */
  let others = 0;
  let seenAt: number | undefined;
  let unanswered = 0;
  let heard = false;

  const inflow = () => Math.max(refill - others, refill * SHARE);
  const advance = (now: number) => {
    const passed = now - at;
    if (passed <= 0) return;
    at = now;
    alone = Math.min(alone + passed * refill, capacity);
    seen = Math.min(seen + passed * inflow(), alone);
  };
  /** What must be in it before we take: one, and what may be gone by the time that the request arrives. */
  const needed = () => Math.min(1 + refill * JITTER + Math.min(others * FORESIGHT, capacity / 4), capacity);

  return {
    inflow,
    readyAt(now) {
      advance(now);
      if (!heard && unanswered >= SCOUTS) return Number.POSITIVE_INFINITY;
      const lacking = needed() - seen;
      return Math.max(at, now) + (lacking > 1e-9 ? lacking / inflow() : 0);
    },
    level(now) {
      advance(now);
      return Math.max(seen, 0);
    },
    take(now) {
      advance(now);
      alone -= 1;
      seen -= 1;
      unanswered += 1;
    },
    refund(now) {
      advance(now);
      unanswered -= 1;
      alone = Math.min(alone + 1, capacity);
      seen = Math.min(seen + 1, alone);
    },
    answered(now, remaining) {
      unanswered -= 1;
      heard = true;
      if (remaining === undefined) return;
      advance(now);
      // What is under way still is not in that answer.
      const left = Math.min(Math.max(remaining - unanswered, 0), alone);
      if (seenAt !== undefined) {
        others += (seen - left) / Math.max(now - seenAt, MEMORY);
        others = Math.min(Math.max(others, 0), refill);
      }
      seenAt = now;
      seen = left;
    },
    pause(until) {
      advance(until);
      seen = 0;
    },
  };
}
