import type { VirtualMachine } from "../index.js";
import { formatVirtualMachineId, toVirtualMachineId } from "../vm-id.js";

/**
 * The line for the Azure command line that has a reimage keep the old OS disk: it sets the deleteOption to Detach.
 *
 * It is only shown: nothing here runs it. It changes the VM, and is of no use for an ephemeral OS disk. Where a name has characters
 * that a shell might take for its own it is quoted for a POSIX shell.
 *
 * @throws {@link InvalidInputError} when a name breaks ARM's naming rules
 * @example
 * ```ts
 * if ((await inspect(client, vm)).oldOsDisk !== "kept") console.log(keepOsDiskCommand(vm));
 * ```
 */
export function keepOsDiskCommand(vm: VirtualMachine): string {
  return setDeleteOption(vm, "Detach");
}

/**
 * The line for the Azure command line that has a reimage delete the old OS disk: it sets the deleteOption to Delete. Shown only, as
 * that of {@link keepOsDiskCommand}.
 *
 * @throws {@link InvalidInputError} when a name breaks ARM's naming rules
 */
export function deleteOsDiskCommand(vm: VirtualMachine): string {
  return setDeleteOption(vm, "Delete");
}

function setDeleteOption(vm: VirtualMachine, option: "Detach" | "Delete"): string {
  const id = formatVirtualMachineId(toVirtualMachineId(vm));
  return `az vm update --ids ${quoted(id)} --set storageProfile.osDisk.deleteOption=${option}`;
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
