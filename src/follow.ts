/** An accepted reimage: what is known of it, the requests that tell more, and when they are due (L13, L14, L17, L19). */
import type { Core } from "./core.js";
import { AuthenticationError, aborted, OutcomeUnknownError, WaitTimeoutError } from "./errors.js";
import { type OperationState, readStatus, type Step, type Tracking } from "./lro.js";
import type { ReimageOperation } from "./operation.js";
import { keep, redactor, signaturesIn } from "./redact.js";
import { type SerializedOperation, serialize } from "./saved.js";
import { type Identity, type Owner, sendRead } from "./send.js";
import { serviceFieldsOf } from "./service.js";
import { type Bed, EXPIRED, monotonic, type Shared, singleFlight, sleep, wake } from "./time.js";

/** An operation that is followed. A record, not closures: there may be ten thousand of them. */
export interface Followed extends Shared<void>, Bed {
  readonly core: Core;
  readonly identity: Identity;
  /** What the caller holds, where he does. The state is shown there, and never read from there. */
  shown?: (ReimageOperation & { state: OperationState; done: boolean }) | undefined;
  /** What is known: its end, or what to ask next. */
  step: Step;
  /** When the next status request is due, on the monotonic clock. */
  due: number;
}

/** Takes what a step led to: an end, or what to ask next. */
export function take(followed: Followed, step: Step): void {
  if ("waitMs" in step) {
    if (step.url !== followed.step?.url) keep(followed.identity, ...signaturesIn(step.url));
    followed.due = monotonic() + step.waitMs;
  }
  followed.step = step;
  if (followed.shown) Object.assign(followed.shown, { state: step.state, done: !isRunning(followed) });
  // A poll by hand tells those who wait for the next.
  wake(followed);
}

export function isRunning({ step }: Pick<Followed, "step">): boolean {
  return "waitMs" in step;
}

/** The state to resume from. */
export function savedOf({ identity, step }: Followed): SerializedOperation {
  return serialize(identity.owner, step.state.status, step);
}

/** What every error of an accepted operation tells. */
export function factsOf(followed: Followed): AcceptedFacts {
  const resume = isRunning(followed) ? savedOf(followed) : undefined;
  return { ...followed.identity.owner, started: "yes", resume };
}
type AcceptedFacts = Owner & { readonly started: "yes"; readonly resume: SerializedOperation | undefined };

/** Tells what ended a call: the caller's signal, the caller's time, or what it says itself. */
export function endedBy(error: unknown, followed: Followed, signal?: AbortSignal): unknown {
  if (signal?.aborted) return aborted(factsOf(followed), signal.reason);
  if (error !== EXPIRED) return error;
  return new WaitTimeoutError({ ...factsOf(followed), what: "was accepted; the time limit has passed" });
}

/** Sends one status request now; those who ask meanwhile share it. */
export function read(followed: Followed, signal?: AbortSignal, ms?: number): Promise<void> {
  return singleFlight(followed, (flight) => readOnce(followed, flight), signal, ms);
}

async function readOnce(followed: Followed, signal: AbortSignal | undefined): Promise<void> {
  const { core, identity } = followed;
  // Who asks has looked that it runs (L10).
  const before = followed.step as Tracking;
  const { reply } = await sendRead(core.send, identity, {
    request: { url: before.url },
    signal,
  });
  signal?.throwIfAborted();
  const now = Date.now();
  const redact = redactor(identity);
  // Not `...core`: to copy all of it takes a tenth of the CPU of a poll.
  const { origins, pollIntervalMs } = core;
  const step = readStatus(before, reply, { origins, pollIntervalMs, redact, now, random: Math.random() });
  take(followed, step);
  const { correlationId } = identity.owner;
  if (!step.stop && "waitMs" in step && step.state.readFailures > 0)
    core.tell?.({ type: "retry", reason: "read-failure", correlationId, delayMs: step.waitMs });
  core.tell?.({ type: "state", state: step.state });
  if (!step.stop) return;
  const told = {
    ...factsOf(followed),
    what: `was accepted; its status cannot be read: ${step.stop}`,
    ...(reply && serviceFieldsOf(reply, now, redact)),
  };
  if (step.stop === "unauthorized") throw new AuthenticationError(told);
  throw new OutcomeUnknownError({ ...told, reason: step.stop });
}

/**
 * Goes one step: sleeps until a status request is due, or sends it. {@link endedBy} tells why it could not.
 *
 * @param deadline - on the monotonic clock
 */
export function advance(followed: Followed, deadline: number, signal?: AbortSignal): Promise<void> {
  const now = monotonic();
  const left = deadline - now;
  const pause = followed.due - now;
  if (left <= 0) throw EXPIRED;
  if (pause > 0) return sleep(Math.min(pause, left), signal, followed);
  // A read is two requests at most, and each ends by itself: the time of the wait can end it only when less is left.
  return read(followed, signal, left > 2 * followed.core.requestTimeoutMs ? undefined : left);
}
