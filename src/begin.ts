import type { Core } from "./core.js";
import { aborted, OutcomeUnknownError, RequestRejectedError, refuse } from "./errors.js";
import { type Followed, isRunning } from "./follow.js";
import { checkHeaders, checkParameters, type OsType, optionIssues, type ReimageParameters } from "./input.js";
import { LONGEST_BEGIN } from "./limits.js";
import { readPost } from "./lro.js";
import { handOver, takeUp } from "./operation.js";
import { post } from "./post.js";
import { keep, redactor, secretsIn } from "./redact.js";
import { type SerializedOperation, serialize } from "./saved.js";
import { serviceFieldsOf } from "./service.js";
import { monotonic } from "./time.js";
import { toVirtualMachineId, type VirtualMachine, type VirtualMachineId } from "./vm-id.js";

/** What is about to happen to a VM, to be written down before it does; there is no secret in it. */
export interface ReimageIntent {
  /** The VM whose disk is about to be wiped. */
  readonly vm: VirtualMachineId;
  /** The id that the VM's activity log will know the operation by. */
  readonly correlationId: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** How the POST is sent. */
export interface BeginOptions {
  /** Ends the call; a reimage that was accepted goes on. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time until the service has answered, in milliseconds: for `beforeSend`, the POST, and its waits after a 429.
   *
   * @default 300_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How often the POST may be sent again after a 429 that names a Retry-After.
   *
   * @default 2
   */
  readonly throttleRetries?: number | undefined;
  /** Headers of your own for the POST and every status request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The id that the VM's activity log will know the operation by; a random UUID unless given. */
  readonly correlationId?: string | undefined;
  /** Checks adminPassword by the rule of this operating system instead of by either. */
  readonly osType?: OsType | undefined;
  /**
   * Checks the parameters against the contract before anything is sent.
   *
   * @default true
   */
  readonly validate?: boolean | undefined;
  /** Awaited right before the POST: write the intent down. If it rejects, nothing is sent. */
  readonly beforeSend?: ((intent: ReimageIntent) => void | Promise<void>) | undefined;
  /** Awaited right after the 202, before the first status request: write the resume state down. */
  readonly onAccepted?: ((saved: SerializedOperation) => void | Promise<void>) | undefined;
}

/**
 * Checks everything and has the POST sent.
 *
 * @param deadline - when the caller's whole call must have ended, on the monotonic clock
 * @internal
 */
export async function begin(
  core: Core,
  virtualMachine: VirtualMachine,
  parameters?: ReimageParameters,
  options: BeginOptions = {},
  deadline = Infinity,
): Promise<Followed> {
  const vm = toVirtualMachineId(virtualMachine);
  refuse(optionIssues(options), vm);
  const { signal, timeoutMs = LONGEST_BEGIN } = options;
  const headers = checkHeaders(options.headers, vm);
  const correlationId = headers["x-ms-correlation-request-id"] ?? options.correlationId ?? crypto.randomUUID();
  refuse(optionIssues({ correlationId }), vm);
  const body = checkParameters(parameters, vm, options);
  const owner = { vm, correlationId };
  const identity = { owner, headers, secrets: [] };
  keep(identity, ...secretsIn(body));
  const redact = redactor(identity);

  const answered = Math.min(monotonic() + timeoutMs, deadline);
  const reply = await post(core, identity, body, answered, options);
  const now = Date.now();
  const verdict = readPost(reply, correlationId, { ...core, redact, now, random: 0 });
  if ("state" in verdict) {
    const followed = takeUp(core, identity, verdict);
    if (isRunning(followed)) await handOver(followed, options, deadline);
    core.tell?.({ type: "state", state: verdict.state });
    return followed;
  }
  const { at, ...meant } = verdict;
  const told = { ...owner, ...meant, resume: at?.url ? serialize(owner, "running", at) : undefined };
  if (signal?.aborted && reply.cut) throw aborted(told, signal.reason);
  const said = { ...told, ...serviceFieldsOf(reply, now, redact) };
  if (!meant.reason) throw new RequestRejectedError({ ...said, what: "was refused by the service" });
  throw new OutcomeUnknownError({ ...said, what: `has an unknown outcome: ${meant.reason}` });
}
