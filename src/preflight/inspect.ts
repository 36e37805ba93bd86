import { virtualMachinesGetRequest } from "../../generated/arm/client.js";
import { coreOf } from "../client.js";
import { AuthenticationError, InvalidInputError, NotSentError, RequestRejectedError, refuse } from "../errors.js";
import type { AnyReimageError, ReimageClient, VirtualMachine } from "../index.js";
import { optionIssues } from "../input.js";
import { redactor, rootOf, safeCause } from "../redact.js";
import { type Identity, type Sent, sendRead } from "../send.js";
import { serviceFieldsOf } from "../service.js";
import { toVirtualMachineId } from "../vm-id.js";
import { type Inspection, readInspection } from "./inspection.js";

/** How a VM is looked at. */
export interface InspectOptions {
  /** Ends the call, which rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at a VM by one GET, with the client's endpoint, credential, fetch, time limit for a request and `onEvent`.
 *
 * It never changes anything, and is not tried again but for one new token after a 401. So `started` is "no" on each of its
 * errors: that is said of this call, not of a reimage before it.
 *
 * @throws {@link InvalidInputError} when the client, a name or an option breaks its rule: nothing was sent
 * @throws {@link AuthenticationError} when there is no usable token, or the service refuses a new one too
 * @throws {@link NotSentError} when no answer came, or none in time: try again
 * @throws {@link RequestRejectedError} when the answer is no VM: `status` tells a refusal (404: there is no such VM; 429 with
 *   `retryAfterMs`), a failure of the service (5xx), a redirect, which is not followed, or an answer that makes no sense (200)
 * @throws `signal.reason` when the signal aborts
 * @example
 * ```ts
 * const before = await inspect(client, vm);
 * if (before.oldOsDisk === "deleted") throw new Error(`Run this first: ${keepOsDiskCommand(vm)}`);
 * ```
 */
export async function inspect(
  client: ReimageClient,
  vm: VirtualMachine,
  options: InspectOptions = {},
): Promise<Inspection> {
  const core = coreOf(client);
  if (!core)
    throw new InvalidInputError([
      { path: "client", rule: "must come from createReimageClient of this copy of the package" },
    ]);
  const owner = { vm: toVirtualMachineId(vm), correlationId: crypto.randomUUID() };
  refuse(optionIssues(options), owner.vm);
  const identity = { owner, headers: {}, secrets: [] };
  const { endpoint } = core;
  const { signal } = options;
  const sent = await sendRead(core.send, identity, {
    request: virtualMachinesGetRequest(owner.vm, { endpoint }),
    signal,
  });
  signal?.throwIfAborted();
  const found = sent.reply?.status === 200 && readInspection(sent.reply.text, redactor(identity));
  if (!found) throw failed(identity, sent);
  return found;
}

/** What is known when no VM came back. */
function failed(identity: Identity, sent: Sent): AnyReimageError {
  const redact = redactor(identity);
  const facts = (why: string) => ({ ...identity.owner, what: `has no preflight: ${why}`, started: "no" as const });
  if (!sent.reply) {
    const cause = safeCause(sent.cause, redact);
    const why = rootOf(cause).message;
    if (sent.kind === "token") return new AuthenticationError({ ...facts(`no usable token: ${why}`), cause });
    return new NotSentError({ ...facts(`no answer: ${why}`), cause });
  }
  const { status, cut } = sent.reply;
  if (status === 200 && cut) return new NotSentError(facts("no answer: it was cut off"));
  const told = serviceFieldsOf(sent.reply, Date.now(), redact);
  if (status === 401) return new AuthenticationError({ ...facts("refused with a new token too"), ...told });
  const why = status >= 400 ? "refused by the service" : "answered, but not with a VM";
  return new RequestRejectedError({ ...facts(why), ...told });
}
