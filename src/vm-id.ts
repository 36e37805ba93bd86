import { virtualMachinesReimageOperation } from "../generated/operations.js";
import {
  type Issue,
  validateResourceGroupName,
  validateSubscriptionId,
  validateVmName,
} from "../generated/validate.js";
import { InvalidInputError } from "./errors.js";

/** The three names that identify a virtual machine. */
export interface VirtualMachineId {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly vmName: string;
}

/** A virtual machine: its ARM resource id, or its three names. */
export type VirtualMachine = string | VirtualMachineId;

/** The contract's path without the action: what ARM calls the resource id. */
const template = virtualMachinesReimageOperation.path.replace(/\/[^/]*$/, "").split("/");
const checks: Readonly<Record<string, (value: unknown, path?: string) => Issue[]>> = {
  subscriptionId: validateSubscriptionId,
  resourceGroupName: validateResourceGroupName,
  vmName: validateVmName,
};

/** The rules (S7) that a value breaks as the three names of a VM; none when it is fit to be put into a URL. */
export function nameIssues(vm: unknown): Issue[] {
  if (typeof vm !== "object" || vm === null) {
    return [{ path: "vm", rule: "must be an ARM resource id or { subscriptionId, resourceGroupName, vmName }" }];
  }
  const names = vm as Readonly<Record<string, unknown>>;
  return Object.entries(checks).flatMap(([name, check]) => check(names[name], name));
}

/** Reads either form of a VM into its three checked names. */
export function toVirtualMachineId(vm: VirtualMachine): VirtualMachineId {
  if (typeof vm === "string") return parseVirtualMachineId(vm);
  const issues = nameIssues(vm);
  if (issues.length > 0) throw new InvalidInputError(issues);
  const { subscriptionId, resourceGroupName, vmName } = vm;
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
  const names: Record<string, string> = {};
  const segments = typeof id === "string" ? id.split("/") : [];
  const fits = template.every((expected, i) => {
    const segment = segments[i] ?? "";
    const name = /^\{(.+)\}$/.exec(expected)?.[1];
    if (name === undefined) return segment.toLowerCase() === expected.toLowerCase();
    names[name] = segment;
    return true;
  });
  if (!fits || segments.length !== template.length) {
    throw new InvalidInputError([{ path: "vm", rule: `must be an ARM resource id: ${template.join("/")}` }]);
  }
  return toVirtualMachineId(names as unknown as VirtualMachineId);
}

/**
 * Formats the three names of a virtual machine as its ARM resource id.
 *
 * @throws {@link InvalidInputError} when a name breaks ARM's naming rules
 */
export function formatVirtualMachineId(vm: VirtualMachineId): string {
  const names = toVirtualMachineId(vm) as unknown as Readonly<Record<string, string>>;
  return template.map((segment) => names[segment.slice(1, -1)] ?? segment).join("/");
}
