import { InvalidInputError, OutcomeUnknownError } from "./errors.js";
import { correlationIssues } from "./input.js";
import type { OperationState } from "./lro.js";
import { own, type StatusUrl } from "./reply.js";
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

/** Writes the resume state. */
export function serialize(
  { vm, correlationId }: Pick<SerializedOperation, "vm" | "correlationId">,
  status: OperationState["status"],
  at: StatusUrl | undefined,
): SerializedOperation {
  const followed = at === undefined ? {} : { statusKind: at.kind, statusUrl: at.url };
  return Object.freeze({ version: 1, vm, correlationId, status, ...followed });
}

/**
 * Reads a resume state that may have been edited, cut or made up (L16, S2).
 *
 * @throws {@link InvalidInputError} when it is no resume state of this version, or holds nothing to follow
 * @throws {@link OutcomeUnknownError} when its URL leads to an origin that must not see the token
 */
export function deserialize(
  saved: unknown,
  origins: ReadonlySet<string>,
): Pick<SerializedOperation, "vm" | "correlationId"> & { readonly at: StatusUrl } {
  const fail = (path: string, rule: string) => new InvalidInputError([{ path, rule }]);
  const state = typeof saved === "string" ? parse(saved) : saved;
  const version = own(state, "version");
  if (version === undefined) throw fail("saved", "must be what JSON.stringify(operation) gave");
  if (version !== 1) throw fail("saved.version", "must be 1: another version of this package wrote it");
  const names = own(state, "vm");
  const correlationId = own(state, "correlationId");
  const issues = [...nameIssues(names), ...correlationIssues(correlationId)];
  if (issues.length > 0) throw new InvalidInputError(issues.map(({ path, rule }) => ({ path: `saved.${path}`, rule })));
  const identity = { vm: toVirtualMachineId(names as VirtualMachineId), correlationId: correlationId as string };
  const kind = own(state, "statusKind");
  const url = own(state, "statusUrl");
  if (url === undefined) throw fail("saved.statusUrl", "must be there: this operation ended with its first answer");
  if (kind !== "document" && kind !== "location") throw fail("saved.statusKind", 'must be "document" or "location"');
  const verdict = typeof url === "string" ? judgeUrl(url, undefined, origins) : "unusable";
  if (verdict === "unusable") throw fail("saved.statusUrl", "must be an absolute URL of at most 8 KB");
  if (verdict === "untrusted") {
    const what =
      "cannot be resumed: the saved status URL leads to an origin that must not see the token; it was not contacted";
    throw new OutcomeUnknownError({ ...identity, reason: "untrusted-status-url", started: "yes", what });
  }
  return { ...identity, at: { url: verdict.url, kind } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
