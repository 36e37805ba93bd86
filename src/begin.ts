import type { Core } from "./core.js";
import { AbortedError, OutcomeUnknownError, RequestRejectedError, type Started } from "./errors.js";
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
import { post } from "./post.js";
import { createRedact, secretsIn } from "./redact.js";
import { type SerializedOperation, serialize } from "./saved.js";
import { serviceFieldsOf } from "./service.js";
import { abortable, monotonic } from "./time.js";
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

/** Checks everything, has the POST sent, and gives what was accepted: the end, or what to poll. */
export async function begin(
  core: Core,
  virtualMachine: VirtualMachine,
  parameters: ReimageParameters | undefined,
  options: BeginOptions,
): Promise<Identity & { readonly begun: SucceededState | Tracking }> {
  const { signal, timeoutMs = 300_000, throttleRetries = 2, osType, validate = true } = options;
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
  const identity: Identity = { vm, correlationId, headers, redact: createRedact(secretsIn(body), core.tokens.known) };

  const deadline = monotonic() + timeoutMs;
  const reply = await post(core, identity, { body, signal, deadline, throttleRetries, beforeSend: options.beforeSend });
  const now = Date.now();
  const verdict = readPost(reply, correlationId, { ...core, redact: identity.redact, now, random: 0 });
  if (verdict.kind === "done") return { ...identity, begun: verdict.state };
  if (verdict.kind === "accepted") {
    await record(identity, verdict.tracking, options);
    return { ...identity, begun: verdict.tracking };
  }
  const facts = <S extends Started>(started: S, what: string) => ({ what, started, vm, correlationId });
  if (signal?.aborted && reply.cut) {
    const started = verdict.kind === "rejected" ? "no" : verdict.started;
    throw new AbortedError({
      ...facts(started, "was answered, and the caller ended the call within the answer"),
      cause: signal.reason,
    });
  }
  const service = serviceFieldsOf(reply, now, identity.redact);
  if (verdict.kind === "rejected")
    throw new RequestRejectedError({ ...facts("no", "was refused by the service"), ...service });
  const { reason, started } = verdict;
  throw new OutcomeUnknownError({ ...facts(started, WHY[reason]), reason, ...service });
}

/** Hands the resume state over before anything else can go wrong; whatever does then carries it too. */
async function record(identity: Identity, tracking: Tracking, { signal, onAccepted }: BeginOptions): Promise<void> {
  const { vm, correlationId } = identity;
  const resume = serialize(identity, "running", tracking);
  const facts = { started: "yes", vm, correlationId, resume } as const;
  try {
    await abortable(Promise.resolve(resume).then(onAccepted), signal);
  } catch (cause) {
    if (signal?.aborted)
      throw new AbortedError({ ...facts, what: "was accepted, and the caller stopped waiting", cause });
    throw new OutcomeUnknownError({
      ...facts,
      what: "was accepted, but onAccepted rejected",
      reason: "not-recorded",
      cause,
    });
  }
}
