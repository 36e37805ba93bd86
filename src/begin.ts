import { virtualMachinesReimage } from "../generated/client.js";
import { virtualMachinesReimageOperation } from "../generated/operations.js";
import type { Core } from "./core.js";
import { claimsOf, type Refusal } from "./credential.js";
import {
  AbortedError,
  AuthenticationError,
  NotSentError,
  OutcomeUnknownError,
  RequestRejectedError,
  type Started,
} from "./errors.js";
import {
  checkHeaders,
  checkParameters,
  correlationIssues,
  type OsType,
  osTypeIssues,
  type ReimageParameters,
  refuse,
  retryIssues,
  timeIssues,
} from "./input.js";
import { type PostReason, readPost, type SucceededState, type Tracking } from "./lro.js";
import type { Identity } from "./operation.js";
import { createRedact, safeCause, secretsIn } from "./redact.js";
import { retryAfterMs } from "./reply.js";
import { type SerializedOperation, serialize } from "./saved.js";
import type { Sent } from "./send.js";
import { serviceFieldsOf } from "./service.js";
import { abortable, monotonic, quietly, sleep } from "./time.js";
import { toVirtualMachineId, type VirtualMachine, type VirtualMachineId } from "./vm-id.js";

/** What is about to happen to a VM, to be written down before it does; there is no secret in it. */
export interface ReimageIntent {
  readonly vm: VirtualMachineId;
  readonly correlationId: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** How the POST is sent. */
export interface BeginOptions {
  /** Ends the call; a reimage that was accepted goes on. */
  readonly signal?: AbortSignal;
  /**
   * The time for the POST with its waits after a 429, in milliseconds.
   *
   * @default 300_000
   */
  readonly timeoutMs?: number;
  /**
   * How often the POST may be sent again after a 429 that names a Retry-After.
   *
   * @default 2
   */
  readonly throttleRetries?: number;
  /** Headers of your own for the POST and every status request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The id that the VM's activity log will know the operation by; a random UUID unless given. */
  readonly correlationId?: string;
  /** Checks adminPassword by the rule of this operating system instead of by either. */
  readonly osType?: OsType;
  /**
   * Checks the parameters against the contract before anything is sent.
   *
   * @default true
   */
  readonly validate?: boolean;
  /** Awaited right before the POST: write the intent down. If it rejects, nothing is sent. */
  readonly beforeSend?: (intent: ReimageIntent) => void | Promise<void>;
  /** Awaited right after the 202, before the first status request: write the resume state down. */
  readonly onAccepted?: (saved: SerializedOperation) => void | Promise<void>;
}

const WHY: Readonly<Record<PostReason, string>> = {
  "server-error": "was answered with an error that does not say whether it was taken",
  redirect: "was answered with a redirect, which is never followed",
  "unreadable-answer": "was answered with 200 and something that is no answer of Azure Resource Manager",
  "no-status-url": "was accepted, without a status URL to follow",
  "untrusted-status-url":
    "was accepted, but its status URL leads to an origin that must not see the token; it was not contacted",
};

/** Sends THE POST, once (S1), and gives what was accepted: the end, or what to poll. */
export async function begin(
  core: Core,
  virtualMachine: VirtualMachine,
  parameters: ReimageParameters | undefined,
  options: BeginOptions,
): Promise<Identity & { readonly begun: SucceededState | Tracking }> {
  const { signal, timeoutMs = 300_000, throttleRetries = 2, osType, validate = true, beforeSend, onAccepted } = options;
  signal?.throwIfAborted();
  const vm = toVirtualMachineId(virtualMachine);
  const headers = checkHeaders(options.headers, vm);
  const correlationId = headers["x-ms-correlation-request-id"] ?? options.correlationId ?? crypto.randomUUID();
  refuse(
    [
      ...timeIssues({ timeoutMs }),
      ...correlationIssues(correlationId),
      ...retryIssues(throttleRetries),
      ...osTypeIssues(osType),
    ],
    vm,
  );
  const body = checkParameters(parameters, vm, osType, validate);

  const redact = createRedact(secretsIn(body), core.tokens.known);
  const identity: Identity = { vm, correlationId, headers, redact };
  const facts = <S extends Started>(started: S, what: string) => ({ what, started, vm, correlationId });
  const deadline = monotonic() + timeoutMs;
  const url = `${core.endpoint}${pathOf(vm)}`;
  const post = (attempt: number, refusal: Refusal | undefined): Promise<Sent> =>
    core.send({
      method: "POST",
      url,
      dispatch: (init) =>
        virtualMachinesReimage(vm, {
          ...init,
          endpoint: core.endpoint,
          fetch: core.fetch,
          ...(body === undefined ? {} : { body }),
        }),
      headers,
      correlationId,
      redact,
      signal,
      limitMs: Math.min(core.requestTimeoutMs, deadline - monotonic()),
      before:
        attempt === 0 && beforeSend ? () => beforeSend({ vm, correlationId, at: new Date().toISOString() }) : undefined,
      refusal,
    });

  let refusal: Refusal | undefined;
  let throttled = 0;
  for (let attempt = 0; ; attempt += 1) {
    const sent = await post(attempt, refusal);
    if (sent.kind === "unsent") {
      if (signal?.aborted)
        throw attempt === 0
          ? signal.reason
          : abortedAs("no", "was refused, and the caller ended the call before it was sent again");
      if (sent.stage === "token") {
        throw new AuthenticationError({
          ...facts("no", "was not sent, the credential gave no usable token"),
          cause: safeCause(sent.cause, redact),
        });
      }
      if (sent.stage === "before")
        throw new NotSentError({ ...facts("no", "was not sent, beforeSend rejected"), cause: sent.cause });
      throw new NotSentError({
        ...facts("no", "was not sent, the service was not reached"),
        cause: safeCause(sent.cause, redact),
      });
    }
    if (sent.kind === "lost") {
      if (signal?.aborted) throw abortedAs("maybe", "was sent, and the caller ended the call before an answer came");
      throw new OutcomeUnknownError({
        ...facts("maybe", "was sent, but no answer came"),
        reason: "no-answer",
        cause: safeCause(sent.cause, redact),
      });
    }

    const { reply, token } = sent;
    const now = Date.now();
    if (reply.status === 401) {
      core.tokens.forget(token);
      const claims = claimsOf(reply.headers);
      if (claims !== undefined && refusal === undefined) {
        refusal = { token, claims };
        quietly(core.onEvent, { type: "retry", reason: "challenged", correlationId, delayMs: 0 });
        continue;
      }
    }
    const asked = retryAfterMs(reply.headers, now);
    if (reply.status === 429 && asked !== undefined && throttled < throttleRetries && asked < deadline - monotonic()) {
      throttled += 1;
      quietly(core.onEvent, { type: "retry", reason: "throttled", correlationId, delayMs: asked });
      await sleep(asked, signal).catch(() => {
        throw abortedAs("no", "was throttled, and the caller ended the call before it was sent again");
      });
      continue;
    }

    const verdict = readPost(reply, correlationId, { ...core, redact, now, random: 0 });
    if (verdict.kind === "done") return { ...identity, begun: verdict.state };
    if (verdict.kind === "accepted") {
      await record(verdict.tracking);
      return { ...identity, begun: verdict.tracking };
    }
    const started = verdict.kind === "rejected" ? "no" : verdict.started;
    if (signal?.aborted && reply.cut)
      throw abortedAs(started, "was answered, and the caller ended the call within the answer");
    const service = serviceFieldsOf(reply, now, redact);
    if (verdict.kind === "rejected")
      throw new RequestRejectedError({ ...facts("no", "was refused by the service"), ...service });
    const { reason } = verdict;
    throw new OutcomeUnknownError({ ...facts(verdict.started, WHY[reason]), reason, ...service });
  }

  function abortedAs(started: Started, what: string): AbortedError {
    return new AbortedError({ ...facts(started, what), cause: signal?.reason });
  }

  /** Hands the resume state over before anything else can go wrong; whatever does then carries it too. */
  async function record(tracking: Tracking): Promise<void> {
    const resume = serialize(identity, "running", tracking);
    try {
      await abortable(Promise.resolve(resume).then(onAccepted), signal);
    } catch (cause) {
      if (signal?.aborted)
        throw new AbortedError({ ...facts("yes", "was accepted, and the caller stopped waiting"), resume, cause });
      throw new OutcomeUnknownError({
        ...facts("yes", "was accepted, but onAccepted rejected"),
        reason: "not-recorded",
        resume,
        cause,
      });
    }
  }
}

function pathOf(vm: VirtualMachineId): string {
  const names = vm as unknown as Readonly<Record<string, string>>;
  return virtualMachinesReimageOperation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(names[name] ?? ""),
  );
}
