import { virtualMachinesReimageOperation } from "../generated/operations.js";
import { requestOf } from "../generated/request.js";
import type { BeginOptions } from "./begin.js";
import type { Core } from "./core.js";
import { AuthenticationError, aborted, NotSentError, OutcomeUnknownError } from "./errors.js";
import type { ReimageParameters } from "./input.js";
import { LONGEST_TIMER } from "./limits.js";
import { redactor, rootOf, safeCause } from "./redact.js";
import { claimsOf, type Reply, retryAfterMs } from "./reply.js";
import type { Identity, Unanswered } from "./send.js";
import { monotonic, sleep } from "./time.js";

/**
 * Sends THE POST, once (S1), and gives the service's answer.
 *
 * It is sent again only when the service said that it did not take it: after a 401 with claims, once, and after a 429 with a
 * Retry-After inside the deadline, `throttleRetries` times; never after an answer that was cut. Without an answer it throws what
 * is known.
 *
 * @param deadline - on the monotonic clock
 */
export async function post(
  core: Core,
  identity: Identity,
  body: ReimageParameters | undefined,
  deadline: number,
  { signal, throttleRetries = 2, beforeSend }: BeginOptions,
): Promise<Reply> {
  const { owner } = identity;
  const { correlationId } = owner;
  const { endpoint, tell } = core;
  const request = requestOf(virtualMachinesReimageOperation, owner.vm, endpoint, body);
  const intend = beforeSend && (() => beforeSend({ ...owner, at: new Date().toISOString() }));
  let answered: string | undefined;
  for (let throttled = 0, first = true; ; first = false) {
    const sent = await core.send(identity, {
      request,
      signal,
      deadline,
      before: first ? intend : undefined,
      claims: answered,
    });
    if (!sent.reply) throw unanswered(identity, sent, first, signal);
    const { status, headers, cut } = sent.reply;
    const claims = status === 401 && !cut && !answered && claimsOf(headers);
    const asked = status === 429 && !cut && retryAfterMs(headers, Date.now());
    const again = asked ? throttled < throttleRetries && asked < deadline - monotonic() : claims;
    if (!again) return sent.reply;
    tell?.({ type: "retry", reason: asked ? "throttled" : "challenged", correlationId, delayMs: asked || 0 });
    if (claims) answered = claims;
    if (!asked) continue;
    throttled += 1;
    // No timer is as long as some of these.
    for (let rest = asked; rest > 0; rest -= LONGEST_TIMER)
      await sleep(rest, signal).catch((reason) => {
        throw aborted({ ...owner, started: "no" }, reason);
      });
  }
}

/** What is known when no answer came: not a byte was sent, or it may have arrived. */
function unanswered(
  identity: Identity,
  { kind, cause: raw }: Unanswered,
  first: boolean,
  signal: AbortSignal | undefined,
): unknown {
  const lost = kind === "lost";
  const facts = { ...identity.owner, started: lost ? ("maybe" as const) : ("no" as const) };
  if (signal?.aborted) return first && !lost ? signal.reason : aborted(facts, signal.reason);
  const safe = safeCause(raw, redactor(identity));
  const cause = kind === "before" ? raw : safe;
  const told = { ...facts, what: `${UNANSWERED[kind]}: ${rootOf(safe).message}`, cause };
  if (lost) return new OutcomeUnknownError({ ...told, reason: "no-answer" });
  return kind === "token" ? new AuthenticationError(told) : new NotSentError(told);
}

const UNANSWERED = {
  lost: "got no answer",
  token: "was not sent, no usable token",
  before: "was not sent, beforeSend failed",
  connection: "was not sent, no connection",
};
