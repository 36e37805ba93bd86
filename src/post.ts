import { virtualMachinesReimage } from "../generated/client.js";
import { virtualMachinesReimageOperation } from "../generated/operations.js";
import type { BeginOptions } from "./begin.js";
import type { Core } from "./core.js";
import { claimsOf, type Refusal } from "./credential.js";
import { AbortedError, AuthenticationError, NotSentError, OutcomeUnknownError, type Started } from "./errors.js";
import type { ReimageParameters } from "./input.js";
import type { Identity } from "./operation.js";
import { safeCause } from "./redact.js";
import { type Reply, retryAfterMs } from "./reply.js";
import type { Sent } from "./send.js";
import { monotonic, quietly, sleep } from "./time.js";
import type { VirtualMachineId } from "./vm-id.js";

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
  const { vm, correlationId, headers, redact } = identity;
  const retry = (reason: "challenged" | "throttled", delayMs: number) =>
    quietly(core.onEvent, { type: "retry", reason, correlationId, delayMs });
  let refusal: Refusal | undefined;
  for (let attempt = 0, throttled = 0; ; attempt += 1) {
    const sent = await core.send({
      method: "POST",
      url: `${core.endpoint}${pathOf(vm)}`,
      dispatch: (init) =>
        virtualMachinesReimage(vm, { ...init, ...(body && { body }), endpoint: core.endpoint, fetch: core.fetch }),
      headers,
      correlationId,
      redact,
      signal,
      limitMs: Math.min(core.requestTimeoutMs, deadline - monotonic()),
      before:
        attempt === 0 && beforeSend ? () => beforeSend({ vm, correlationId, at: new Date().toISOString() }) : undefined,
      refusal,
    });
    if (sent.kind !== "reply") throw unanswered(identity, sent, attempt, signal);
    const { reply, token } = sent;
    const claims = reply.status === 401 ? claimsOf(reply.headers) : undefined;
    const asked = reply.status === 429 ? retryAfterMs(reply.headers, Date.now()) : undefined;
    if (claims !== undefined && refusal === undefined) {
      retry("challenged", 0);
      refusal = { token, claims };
    } else if (asked !== undefined && throttled < throttleRetries && asked < deadline - monotonic()) {
      retry("throttled", asked);
      throttled += 1;
      await sleep(asked, signal).catch(() => {
        throw endedByCaller(
          identity,
          "no",
          "was throttled, and the caller ended the call before it was sent again",
          signal,
        );
      });
    } else {
      if (reply.status === 401) core.tokens.forget(token);
      return reply;
    }
  }
}

/** What is known when no answer came: not a byte was sent, or it may have arrived. */
function unanswered(
  identity: Identity,
  sent: Exclude<Sent, { kind: "reply" }>,
  attempt: number,
  signal: AbortSignal | undefined,
): unknown {
  const { vm, correlationId, redact } = identity;
  const facts = <S extends Started>(started: S, what: string) => ({
    what,
    started,
    vm,
    correlationId,
    cause: safeCause(sent.cause, redact),
  });
  if (sent.kind === "lost") {
    if (signal?.aborted)
      return endedByCaller(identity, "maybe", "was sent, and the caller ended the call before an answer came", signal);
    return new OutcomeUnknownError({ ...facts("maybe", "was sent, but no answer came"), reason: "no-answer" });
  }
  if (signal?.aborted) {
    return attempt === 0
      ? signal.reason
      : endedByCaller(identity, "no", "was refused, and the caller ended the call before it was sent again", signal);
  }
  if (sent.stage === "token")
    return new AuthenticationError(facts("no", "was not sent, the credential gave no usable token"));
  if (sent.stage === "before")
    return new NotSentError({ ...facts("no", "was not sent, beforeSend rejected"), cause: sent.cause });
  return new NotSentError(facts("no", "was not sent, the service was not reached"));
}

function endedByCaller(
  { vm, correlationId }: Identity,
  started: Started,
  what: string,
  signal: AbortSignal | undefined,
): AbortedError {
  return new AbortedError({ what, started, vm, correlationId, cause: signal?.reason });
}

function pathOf(vm: VirtualMachineId): string {
  const names = vm as unknown as Readonly<Record<string, string>>;
  return virtualMachinesReimageOperation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(names[name] ?? ""),
  );
}
