import type { Core } from "./core.js";
import { AbortedError, OutcomeUnknownError, RequestRejectedError } from "./errors.js";
import {
  beginIssues,
  callbackIssues,
  checkHeaders,
  checkParameters,
  correlationIssues,
  type OsType,
  type ReimageParameters,
  refuse,
  signalIssues,
  timeIssues,
} from "./input.js";
import { readPost, type SucceededState, type Tracking } from "./lro.js";
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

/** What was accepted: the end, or what to poll, and when to poll first on the monotonic clock. */
export interface Begun {
  readonly identity: Identity;
  readonly begun: SucceededState | Tracking;
  readonly due: number;
}

/** Checks everything and has the POST sent. */
export async function begin(
  core: Core,
  virtualMachine: VirtualMachine,
  parameters: ReimageParameters | undefined,
  options: BeginOptions,
): Promise<Begun> {
  const { signal, timeoutMs = 300_000, throttleRetries = 2, osType, validate = true, beforeSend, onAccepted } = options;
  refuse(signalIssues(signal));
  signal?.throwIfAborted();
  const vm = toVirtualMachineId(virtualMachine);
  const headers = checkHeaders(options.headers, vm);
  const correlationId = headers["x-ms-correlation-request-id"] ?? options.correlationId ?? crypto.randomUUID();
  refuse(
    [
      ...timeIssues({ timeoutMs }),
      ...beginIssues(throttleRetries, osType, validate),
      ...callbackIssues({ beforeSend, onAccepted }),
      ...correlationIssues(correlationId),
    ],
    vm,
  );
  const body = checkParameters(parameters, vm, osType, validate);
  const secrets = new Set(secretsIn(body));
  const redact = createRedact(secrets);
  const identity = { vm, correlationId, headers, redact, secrets };

  const deadline = monotonic() + timeoutMs;
  const reply = await post(core, identity, { body, signal, deadline, throttleRetries, beforeSend });
  const now = Date.now();
  const verdict = readPost(reply, correlationId, { ...core, redact, now, random: 0 });
  if (verdict.kind === "done") return { identity, begun: verdict.state, due: 0 };
  if (verdict.kind === "accepted") {
    const due = monotonic() + verdict.tracking.waitMs;
    await record(identity, verdict.tracking, options);
    return { identity, begun: verdict.tracking, due };
  }
  const { started, reason, what } =
    verdict.kind === "unknown"
      ? { ...verdict, what: `has an unknown outcome: ${verdict.reason}` }
      : { started: "no" as const, what: "was refused by the service" };
  const facts = { what, started, vm, correlationId };
  if (signal?.aborted && reply.cut) throw new AbortedError({ ...facts, cause: signal.reason });
  const told = { ...facts, ...serviceFieldsOf(reply, now, redact) };
  throw reason ? new OutcomeUnknownError({ ...told, reason }) : new RequestRejectedError(told);
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
