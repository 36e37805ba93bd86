import { check } from "../generated/validate.js";
import { OutcomeUnknownError, refuse } from "./errors.js";
import { optionIssues } from "./input.js";
import { copyOf, defined, own, readJson } from "./json.js";
import type { OperationState } from "./lro.js";
import type { StatusUrl } from "./reply.js";
import type { Owner } from "./send.js";
import { judgeUrl, UNTRUSTED } from "./trust.js";
import { toVirtualMachineId, type VirtualMachineId } from "./vm-id.js";

/**
 * The resume state of an operation: plain JSON, without token, password or customData (L16).
 *
 * Keep it like a secret: whoever holds its signed status URL can read the operation's status.
 */
export interface SerializedOperation {
  /** The version of this shape. */
  readonly version: 1;
  /** Whose operation it is. */
  readonly vm: VirtualMachineId;
  /** The id that the VM's activity log knows the operation by. */
  readonly correlationId: string;
  /** What was known when it was saved; never believed on resume. */
  readonly status: OperationState["status"];
  /** Which of ARM's two ways of telling an end the URL follows. */
  readonly statusKind?: StatusUrl["kind"];
  /** Absent only when the POST itself was answered with 200: then there is nothing to resume. */
  readonly statusUrl?: string;
}

/** Writes the resume state. @internal */
export function serialize(
  owner: Owner,
  status: SerializedOperation["status"],
  { url, kind }: Partial<StatusUrl>,
): SerializedOperation {
  return defined({ version: 1 as const, ...owner, status, statusKind: kind, statusUrl: url });
}

/**
 * Reads a resume state that may have been edited, cut or made up (L16, S2).
 *
 * @throws {@link InvalidInputError} when it is no resume state of this version, or holds nothing to follow
 * @throws {@link OutcomeUnknownError} when its URL leads to an origin that must not see the token
 * @internal
 */
export function deserialize(
  saved: unknown,
  origins: readonly string[],
): { readonly owner: Owner; readonly at: StatusUrl } {
  // Editors begin files with a byte order mark, which is white space to `trim`.
  const state = typeof saved === "string" ? readJson(saved.trim()) : copyOf(saved);
  const correlationId = own(state, "correlationId");
  const kind = own(state, "statusKind");
  const judged = judgeUrl(own(state, "statusUrl"), undefined, origins);
  const whole =
    own(state, "version") === 1 &&
    typeof own(state, "status") === "string" &&
    optionIssues({ correlationId: correlationId ?? "" }).length === 0 &&
    (kind === "document" || kind === "location") &&
    judged;
  refuse(check(!!whole, "saved", "must be a whole resume state, version 1; an end has none"));
  const owner = {
    vm: toVirtualMachineId(own(state, "vm") as VirtualMachineId),
    correlationId: correlationId as string,
  };
  if (!judged?.trusted) {
    const what = `was accepted; its status cannot be read: ${UNTRUSTED} (resume with its cloud or endpoint)`;
    throw new OutcomeUnknownError({ ...owner, reason: UNTRUSTED, started: "yes", what });
  }
  return { owner, at: { url: judged.url, kind: kind as StatusUrl["kind"] } };
}
