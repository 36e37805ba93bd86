/**
 * The long-running operation as a pure state machine: (state, reply) -> state.
 *
 * Nothing here waits, sends or looks at a clock; CONTRIBUTING.md has the rules by the numbers (L1 to L13) used below.
 */
import { defined, own, ownText, ownTexts, readJson } from "./json.js";
import { FIRST_BACK_OFF, LONGEST_BACK_OFF, LONGEST_RETRY_AFTER, USELESS_ANSWERS } from "./limits.js";
import {
  type JudgedUrl,
  type Reply,
  rateLimits,
  requestIdOf,
  retryAfterMs,
  type ServiceError,
  type StatusUrl,
  serviceError,
  statusUrl,
} from "./reply.js";
import { UNTRUSTED } from "./trust.js";

interface CommonState {
  /** The id of the whole operation, sent with every request: what to look for in the VM's activity log. */
  readonly correlationId: string;
  /** ARM's id of the last request that was answered. */
  readonly requestId?: string;
  /** The Azure region that runs the operation, where the status URL names it. */
  readonly location?: string;
  /** Status requests answered or failed so far. */
  readonly polls: number;
  /** What is left of the subscription's rate limits, by limiter, as the last reply told. */
  readonly rateLimits?: Readonly<Record<string, number>>;
}

/** The reimage goes on, as far as the service told. */
export interface RunningState extends CommonState {
  readonly status: "running";
  /** The service's own word, such as `InProgress`. */
  readonly serviceStatus?: string;
  /** How far it is, where the service tells. */
  readonly percentComplete?: number;
  /** When the next status request is due, in epoch milliseconds. */
  readonly nextPollAt: number;
  /** The wait that the last answer asked for, in milliseconds; absent when it named none: then `nextPollAt` is our own choice. */
  readonly retryAfterMs?: number;
  /** Status requests in a row that brought no readable status; 0 after a good one. */
  readonly readFailures: number;
}

/** The VM was reimaged: the service said so. */
export interface SucceededState extends CommonState {
  readonly status: "succeeded";
  /** When it began, in the words of the service. */
  readonly startTime?: string;
  /** When it ended, in the words of the service. */
  readonly endTime?: string;
}

/** The reimage ended without success: the service said so. */
export interface EndedState extends CommonState {
  readonly status: "failed" | "canceled";
  /** When it began, in the words of the service. */
  readonly startTime?: string;
  /** When it ended, in the words of the service. */
  readonly endTime?: string;
  /** The HTTP status of the answer that told the end. */
  readonly httpStatus: number;
  /** What the service said about it. */
  readonly error?: ServiceError;
}

/** What is known of a reimage: immutable, plain JSON. */
export type OperationState = RunningState | SucceededState | EndedState;

/** Why the answer to a POST leaves the outcome unknown. */
export type PostReason = "server-error" | "redirect" | "unreadable-answer" | "no-status-url" | "untrusted-status-url";

/** Why the status of an accepted reimage cannot be read. */
export type StatusReason =
  | "redirect"
  | "untrusted-status-url"
  | "unreadable-status"
  | "status-forbidden"
  | "status-gone";

/** Why an outcome is not known: a closed list of words. */
export type UnknownReason = "no-answer" | PostReason | StatusReason | "not-recorded";

/** A running operation: its state, the URL to ask next, and what the rules count. @internal */
export interface Tracking extends StatusUrl {
  readonly state: RunningState;
  /** Why reading was given up; that never ends the operation. */
  readonly stop?: Stop | undefined;
  /** How long to wait before the next status request, from now. */
  readonly waitMs: number;
  /** Answers in a row that a 404, another 4xx or an unreadable body made useless (L11). */
  readonly useless: number;
}

/** What the rules need to know of the world. @internal */
export interface Surroundings {
  /** The wall clock, in epoch milliseconds. */
  readonly now: number;
  /** From 0 to 1, for the jitter of a back-off. */
  readonly random: number;
  readonly pollIntervalMs: number;
  readonly origins: readonly string[];
  readonly redact: (text: string) => string;
}

/** An operation that has ended, and the URL that told so; none when the POST itself was answered with the end. @internal */
export interface Ended extends Partial<StatusUrl> {
  readonly stop?: undefined;
  readonly state: SucceededState | EndedState;
}

/** What an answer led to. @internal */
export type Step = Tracking | Ended;
type Stop = StatusReason | "unauthorized";

/** What the answer to a POST means that nothing can be followed after; without a reason the service refused it. @internal */
export interface Unfollowed {
  readonly started: "no" | "maybe" | "yes";
  readonly reason?: PostReason;
  /** The URL that is not followed, where there is one. */
  readonly at?: JudgedUrl | undefined;
}

/** L2, L3, S1: reads the answer to the POST. A 4xx is the service's refusal, save 408, which says nothing of the kind. @internal */
export function readPost(reply: Reply, correlationId: string, around: Surroundings): Step | Unfollowed {
  const { status, text } = reply;
  const told = { correlationId, polls: 0, ...tell(reply, around) };
  if (status === 200) {
    if (text === "" || readJson(text) !== undefined)
      return { state: defined({ status: "succeeded" as const, ...told }) };
    return { started: "maybe", reason: "unreadable-answer" };
  }
  if (status > 200 && status < 300) {
    const at = statusUrl(reply, around.origins);
    return at?.trusted
      ? track(at, told, reply, around)
      : { started: "yes", reason: at ? UNTRUSTED : "no-status-url", at };
  }
  if (status >= 400 && status < 500 && status !== 408) return { started: "no" };
  return { started: "maybe", reason: status >= 400 ? "server-error" : "redirect" };
}

/** L16: what is tracked after a resume: running, whatever the saved state claims, and due at once. @internal */
export function trackSaved(at: StatusUrl, correlationId: string, now: number): Tracking {
  return track(at, { correlationId, polls: 0 }, undefined, { now, random: 0, redact: String, pollIntervalMs: 0 });
}

/**
 * L4 to L13: reads the answer to a status request.
 *
 * @param reply - undefined when none came: a reset, a time limit, no token for the moment
 * @internal
 */
export function readStatus(tracking: Tracking, reply: Reply | undefined, around: Surroundings): Step {
  const { correlationId, location, polls, readFailures } = tracking.state;
  const told = { correlationId, location, polls: polls + 1, ...(reply && tell(reply, around)) };
  /** Still running, with one failure more, and due after the back-off (L11, L13). */
  const unread = (stop?: Stop, useless = stop ? 0 : tracking.useless): Step => {
    const known = { ...tracking.state, ...defined(told) };
    return { ...track(tracking, known, reply, around, useless, readFailures + 1), stop };
  };
  if (!reply) return unread();
  const { status } = reply;
  if (status === 408 || status === 429 || status >= 500 || (status < 300 && reply.cut)) return unread();
  const stop = status < 200 || (status >= 300 && status < 400) ? "redirect" : STOPS[status];
  if (stop) return unread(stop);
  const body = readJson(reply.text);
  const word = status < 300 ? statusWord(tracking, reply, body) : undefined;
  if (word === undefined)
    return tracking.useless < USELESS_ANSWERS ? unread(undefined, tracking.useless + 1) : unread("unreadable-status");
  const { redact } = around;
  const ending = terminal(word);
  if (ending) {
    const { url, kind } = tracking;
    const times = ownTexts(body, redact, "startTime", "endTime");
    const failure = ending !== "succeeded" && { httpStatus: status, error: serviceError(body, redact) };
    return { url, kind, state: defined({ status: ending, ...told, ...times, ...failure }) as Ended["state"] };
  }
  const moved = statusUrl(reply, around.origins);
  if (moved?.trusted === false) return unread(UNTRUSTED);
  const percent = own(body, "percentComplete");
  const at = moved ?? tracking;
  const progress = {
    ...told,
    serviceStatus: redact(word) || undefined,
    // JSON writes a -0 as 0.
    percentComplete: Number.isFinite(percent) ? (percent as number) || 0 : undefined,
  };
  return track(at, progress, reply, around);
}

/** L11: the answers after which the status is not asked again. */
const STOPS: Readonly<Record<number, Stop>> = {
  401: "unauthorized",
  403: "status-forbidden",
  410: "status-gone",
};

/** L4, L5: the service's word on the operation; "" for a 202, which needs none; undefined for an unreadable answer. */
function statusWord({ kind }: StatusUrl, { status, text }: Reply, body: unknown): string | undefined {
  const word = ownText(body, "status", String);
  if (kind === "document") return word;
  if (status === 202) return "";
  const readable = (text === "" || body !== undefined) && [200, 201, 204].includes(status);
  return readable ? (word ?? "Succeeded") : undefined;
}

/** L6: the words that end an operation; everything else is running. */
function terminal(word: string): "succeeded" | "failed" | "canceled" | undefined {
  const [ending] = /^(succeeded|failed|cancell?ed)$/.exec(word.toLowerCase()) ?? [];
  return ending?.replace("ll", "l") as "succeeded" | "failed" | "canceled" | undefined;
}

/** What is followed from now on: due after the wait that was asked for, or else our own, which grows with the failures. */
function track(
  { url, kind }: StatusUrl,
  told: Told,
  reply: Reply | undefined,
  { now, random, redact, pollIntervalMs }: Omit<Surroundings, "origins">,
  useless = 0,
  readFailures = 0,
): Tracking {
  // The region, in ARM's form of a status URL: `/locations/westus/operations/…`.
  const region = /\/locations\/(\w+)\/operations/i.exec(url)?.[1];
  const backOff = Math.min(Math.min(pollIntervalMs, FIRST_BACK_OFF) * 2 ** (readFailures - 1), LONGEST_BACK_OFF);
  const ours = readFailures > 0 ? Math.ceil(backOff * (0.5 + random / 2)) : pollIntervalMs;
  const asked = reply && retryAfterMs(reply.headers, now);
  // L8: a 429 is never shortened, anything else is believed for ten minutes.
  const believed = reply?.status === 429 ? asked : asked && Math.min(asked, LONGEST_RETRY_AFTER);
  const waitMs = believed ?? ours;
  const state = {
    status: "running",
    ...told,
    location: region && redact(region),
    nextPollAt: now + waitMs,
    retryAfterMs: believed,
    readFailures,
  };
  return { url, kind, waitMs, useless, state: defined(state) as RunningState };
}
type Told = { readonly [K in keyof RunningState]?: RunningState[K] | undefined };

/** What every answer tells beside its meaning. */
function tell(reply: Reply, { redact }: Surroundings) {
  return { requestId: requestIdOf(reply, redact), rateLimits: rateLimits(reply.headers, redact) };
}
