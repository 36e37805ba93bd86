import { virtualMachinesReimageOperation } from "../generated/operations.js";
import { check, validateResourceGroupName, validateSubscriptionId, validateVmName } from "../generated/validate.js";
import { refuse } from "./errors.js";

/** The three names that identify a virtual machine. */
export interface VirtualMachineId {
  /** A UUID. */
  readonly subscriptionId: string;
  /** 1 to 90 letters, digits or `_-.()`, not ending in a period. */
  readonly resourceGroupName: string;
  /** 1 to 64 characters. */
  readonly vmName: string;
}

/** A virtual machine: its ARM resource id, or its three names. */
export type VirtualMachine = string | VirtualMachineId;

/** The contract's path without the action: what ARM calls the resource id. */
const TEMPLATE = virtualMachinesReimageOperation.path.replace(/\/\w+$/, "");

/** Reads either form of a VM into its three checked names (S7). @internal */
export function toVirtualMachineId(vm: VirtualMachine): VirtualMachineId {
  if (typeof vm === "string") return parseVirtualMachineId(vm);
  const { subscriptionId, resourceGroupName, vmName } = vm ?? {};
  refuse([
    ...validateSubscriptionId(subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(resourceGroupName, "resourceGroupName"),
    ...validateVmName(vmName, "vmName"),
  ]);
  return Object.freeze({ subscriptionId, resourceGroupName, vmName });
}

/**
 * Parses the ARM resource id of a virtual machine into its three names.
 *
 * Fixed segments compare without case, as ARM compares them; the names keep theirs.
 *
 * @param id - for example `/subscriptions/…/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
 * @throws {@link InvalidInputError} when it is not the id of a virtual machine, or a name breaks ARM's naming rules
 */
export function parseVirtualMachineId(id: string): VirtualMachineId {
  const pattern = new RegExp(`^${TEMPLATE.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>[^/]*)")}$`, "i");
  const names = typeof id === "string" ? pattern.exec(id)?.groups : undefined;
  refuse(check(names !== undefined, "vm", `must be an ARM resource id: ${TEMPLATE}`));
  return toVirtualMachineId(names as unknown as VirtualMachineId);
}

/**
 * Formats the three names of a virtual machine as its ARM resource id.
 *
 * @throws {@link InvalidInputError} when a name breaks ARM's naming rules
 */
export function formatVirtualMachineId(vm: VirtualMachineId): string {
  const names = toVirtualMachineId(vm) as unknown as Readonly<Record<string, string>>;
  return TEMPLATE.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
}
