import { InvalidInputError, OutcomeUnknownError } from "./errors.js";
import { correlationIssues, unless } from "./input.js";
import type { OperationState } from "./lro.js";
import { own, readJson, type StatusUrl } from "./reply.js";
import { judgeUrl } from "./trust.js";
import { nameIssues, toVirtualMachineId, type VirtualMachineId } from "./vm-id.js";

/**
 * The resume state of an operation: plain JSON, without token, password or customData (L16).
 *
 * Keep it like a secret: whoever holds its signed status URL can read the operation's status.
 */
export interface SerializedOperation {
  readonly version: 1;
  readonly vm: VirtualMachineId;
  readonly correlationId: string;
  /** What was known when it was saved; never believed on resume. */
  readonly status: OperationState["status"];
  /** Which of ARM's two ways of telling an end the URL follows. */
  readonly statusKind?: StatusUrl["kind"];
  /** Absent only when the POST itself was answered with 200: then there is nothing to resume. */
  readonly statusUrl?: string;
}

/** Whose operation it is. */
type Owner = Pick<SerializedOperation, "vm" | "correlationId">;

/** Writes the resume state. */
export function serialize(
  { vm, correlationId }: Owner,
  status: OperationState["status"],
  at: StatusUrl | undefined,
): SerializedOperation {
  return Object.freeze({
    version: 1,
    vm,
    correlationId,
    status,
    ...(at && { statusKind: at.kind, statusUrl: at.url }),
  });
}

/**
 * Reads a resume state that may have been edited, cut or made up (L16, S2).
 *
 * @throws {@link InvalidInputError} when it is no resume state of this version, or holds nothing to follow
 * @throws {@link OutcomeUnknownError} when its URL leads to an origin that must not see the token
 */
export function deserialize(saved: unknown, origins: ReadonlySet<string>): Owner & { readonly at: StatusUrl } {
  const state = typeof saved === "string" ? readJson(saved)?.value : saved;
  const version = own(state, "version");
  const names = own(state, "vm");
  const correlationId = own(state, "correlationId") as string;
  const kind = own(state, "statusKind") as StatusUrl["kind"];
  const url = own(state, "statusUrl");
  const verdict = typeof url === "string" ? judgeUrl(url, undefined, origins) : "unusable";
  const known =
    version === undefined ? "in what JSON.stringify(operation) gave" : "another version of this package wrote it";
  const issues = unless(version === 1, "version", `must be 1: ${known}`);
  if (version === 1) {
    issues.push(
      ...nameIssues(names),
      ...correlationIssues(correlationId),
      ...unless(
        url === undefined || kind === "document" || kind === "location",
        "statusKind",
        'must be "document" or "location"',
      ),
      ...unless(
        verdict !== "unusable",
        "statusUrl",
        "must be the URL to follow; an operation that ended with the POST has none",
      ),
    );
  }
  if (issues.length > 0) throw new InvalidInputError(issues.map(({ path, rule }) => ({ path: `saved.${path}`, rule })));
  const owner = { vm: toVirtualMachineId(names as VirtualMachineId), correlationId };
  if (typeof verdict === "string") {
    const what =
      "cannot be resumed: its status URL leads to an origin that must not see the token; it was not contacted";
    throw new OutcomeUnknownError({ ...owner, reason: "untrusted-status-url", started: "yes", what });
  }
  return { ...owner, at: { ...verdict, kind } };
}
