import { virtualMachinesReimage } from "../generated/client.js";
import { virtualMachinesReimageOperation } from "../generated/operations.js";
import type { BeginOptions } from "./begin.js";
import type { Core } from "./core.js";
import type { Refusal } from "./credential.js";
import { AbortedError, AuthenticationError, NotSentError, OutcomeUnknownError, type Started } from "./errors.js";
import type { ReimageParameters } from "./input.js";
import type { Identity } from "./operation.js";
import { safeCause } from "./redact.js";
import { claimsOf, type Reply, retryAfterMs } from "./reply.js";
import type { Sent } from "./send.js";
import { monotonic, quietly, sleep } from "./time.js";

/** What the POST carries, and its bounds. */
export interface Post {
  readonly body: ReimageParameters | undefined;
  readonly signal: AbortSignal | undefined;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly throttleRetries: number;
  readonly beforeSend: BeginOptions["beforeSend"];
}

/**
 * Sends THE POST, once (S1), and gives the service's answer.
 *
 * It is sent again only when the service said that it did not take it: after a 401 with claims, once, and after a 429 with a
 * Retry-After inside the deadline, `throttleRetries` times. Without an answer it throws what is known.
 */
export async function post(
  core: Core,
  identity: Identity,
  { body, signal, deadline, throttleRetries, beforeSend }: Post,
): Promise<Reply> {
  const { vm, correlationId, headers, redact, secrets } = identity;
  const { endpoint, fetch, requestTimeoutMs } = core;
  const names = vm as unknown as Readonly<Record<string, string>>;
  const path = virtualMachinesReimageOperation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(names[name] ?? ""),
  );
  let refusal: Refusal | undefined;
  for (let attempt = 0, throttled = 0; ; attempt += 1) {
    const sent = await core.send({
      method: "POST",
      url: endpoint + path,
      dispatch: (init) => virtualMachinesReimage(vm, { ...init, body, endpoint, fetch }),
      headers,
      correlationId,
      redact,
      secrets,
      signal,
      limitMs: Math.min(requestTimeoutMs, deadline - monotonic()),
      before:
        attempt === 0 && beforeSend ? () => beforeSend({ vm, correlationId, at: new Date().toISOString() }) : undefined,
      refusal,
    });
    if (sent.kind !== "reply") throw unanswered(identity, sent, attempt, signal);
    const { reply, token } = sent;
    const claims = reply.status === 401 ? claimsOf(reply.headers) : undefined;
    const asked = reply.status === 429 ? retryAfterMs(reply.headers, Date.now()) : undefined;
    if (claims && !refusal) {
      refusal = { token, claims };
      quietly(core.onEvent, { type: "retry", reason: "challenged", correlationId, delayMs: 0 });
    } else if (asked && throttled < throttleRetries && asked < deadline - monotonic()) {
      throttled += 1;
      quietly(core.onEvent, { type: "retry", reason: "throttled", correlationId, delayMs: asked });
      await sleep(asked, signal).catch((cause) => {
        throw new AbortedError({
          what: "was throttled, and the caller ended the call",
          started: "no",
          vm,
          correlationId,
          cause,
        });
      });
    } else {
      if (reply.status === 401) core.tokens.forget(token);
      return reply;
    }
  }
}

/** What is known when no answer came: not a byte was sent, or it may have arrived. */
function unanswered(
  { vm, correlationId, redact }: Identity,
  { kind, cause: raw }: Exclude<Sent, { kind: "reply" }>,
  attempt: number,
  signal: AbortSignal | undefined,
): unknown {
  const known = safeCause(raw, redact);
  const facts = <S extends Started>(started: S, what: string, cause: unknown = known) => ({
    what,
    started,
    vm,
    correlationId,
    cause,
  });
  if (signal?.aborted) {
    if (kind !== "lost" && attempt === 0) return signal.reason;
    return new AbortedError(
      facts(kind === "lost" ? "maybe" : "no", "got no answer before the caller ended the call", signal.reason),
    );
  }
  const why = rootOf(known).message;
  switch (kind) {
    case "lost":
      return new OutcomeUnknownError({
        ...facts("maybe", `was sent, but no answer came: ${why}`),
        reason: "no-answer",
      });
    case "token":
      return new AuthenticationError(facts("no", `was not sent, the credential gave no usable token: ${why}`));
    case "before":
      return new NotSentError(facts("no", "was not sent, beforeSend rejected", raw));
    case "connection":
      return new NotSentError(facts("no", `was not sent, the service was not reached: ${why}`));
  }
}

/** Where a chain of causes begins: there a runtime says what really happened. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
