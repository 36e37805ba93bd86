import { paceReads } from "../fleet/index.js";
import {
  type AnyReimageError,
  formatVirtualMachineId,
  isReimageError,
  type ReimageClient,
  type ServiceFields,
  type VirtualMachineId,
} from "../index.js";
import { deleteOsDiskCommand, type Inspection, inspect, keepOsDiskCommand } from "../preflight/index.js";
import { type Row, rowOfError } from "./rows.js";

/** What is wished of the old OS disks. */
export type OldDisk = "keep" | "delete" | "any";

/** A VM that was looked at: what becomes of it, or why it is left alone. */
export type Looked = { readonly vm: VirtualMachineId } & ({ readonly found: Inspection } | { readonly row: Row });

/** How many VMs are looked at without being asked to. */
export const LOOKED_AT = 50;

/** What is said where nobody looked. */
export const NOT_LOOKED_AT = "Whether the old OS disks are kept was not looked at; --old-disk keep or delete does it.";

/** What a look at many VMs tells meanwhile. */
export interface Watchers {
  /** How many VMs were begun with. */
  readonly onNext: (begun: number) => void;
  /** Azure throttles: how long it is left in peace. */
  readonly onThrottled: (waitMs: number) => void;
}

/** Looks at each VM, by one GET that a 429 only delays, and says which of them the wish refuses. In the order of the VMs. */
export async function lookAt(
  client: ReimageClient,
  vms: readonly VirtualMachineId[],
  wish: OldDisk | undefined,
  signal: AbortSignal,
  { onNext, onThrottled }: Watchers,
): Promise<Looked[]> {
  const begun = new Set<VirtualMachineId>();
  const look = (vm: VirtualMachineId) => {
    onNext(begun.add(vm).size);
    return inspect(client, vm, { signal }).catch((error: unknown) => {
      if (!mayPass(error)) throw error;
      return inspect(client, vm, { signal });
    });
  };
  const looks = await paceReads(vms, look, { signal, onThrottled });
  return looks.map((look, i) => lookedAt(vms[i] as VirtualMachineId, look, wish));
}

/** No answer, or a failure of the service: among thousands of looks there are some, and one more harms nobody. */
function mayPass(error: unknown): boolean {
  if (!isReimageError(error)) return false;
  const { status = 0 } = error as ServiceFields;
  return error.name === "NotSentError" || status >= 500;
}

function lookedAt(vm: VirtualMachineId, look: PromiseSettledResult<Inspection>, wish: OldDisk | undefined): Looked {
  if (look.status === "rejected") {
    if (!isReimageError(look.reason)) throw look.reason;
    return { vm, row: refusedBy(vm, look.reason) };
  }
  const objection = objectionTo(look.value, wish, vm);
  if (!objection) return { vm, found: look.value };
  return { vm, row: { vm: formatVirtualMachineId(vm), outcome: "refused", started: "no", message: objection } };
}

/** A VM that cannot be looked at is not wiped. */
function refusedBy(vm: VirtualMachineId, error: AnyReimageError): Row {
  const row = rowOfError(vm, error.name === "AuthenticationError" ? "authentication" : "refused", error);
  // Where nobody was reached, a POST would not be either.
  return error.name === "RequestRejectedError"
    ? { ...row, message: `${row.message} (--old-disk any goes on without a look.)` }
    : row;
}

/** What speaks against a reimage, by the wish. */
function objectionTo({ oldOsDisk }: Inspection, wish: OldDisk | undefined, vm: VirtualMachineId): string | undefined {
  if (wish === "keep" && oldOsDisk === "reset")
    return "Its OS disk is ephemeral and would be reset: nothing of it can be kept.";
  if (wish === "keep" && oldOsDisk !== "kept") return `${fateOf(oldOsDisk)} To keep it: ${keepOsDiskCommand(vm)}`;
  if (wish === "delete" && oldOsDisk !== "deleted" && oldOsDisk !== "reset") {
    return `${fateOf(oldOsDisk)} To have it deleted: ${deleteOsDiskCommand(vm)}`;
  }
  return undefined;
}

/** What will become of the old OS disk, in a sentence. */
export function fateOf(oldOsDisk: Inspection["oldOsDisk"]): string {
  return FATES[oldOsDisk];
}

const FATES: Readonly<Record<Inspection["oldOsDisk"], string>> = {
  kept: "The old OS disk will be kept.",
  deleted: "The old OS disk will be deleted.",
  reset: "The OS disk is ephemeral, and will be reset.",
  unknown: "It is not known what will become of the old OS disk.",
};
