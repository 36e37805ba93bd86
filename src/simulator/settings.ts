import { clouds } from "../../generated/arm/operations.js";
import { endpoint as publicEndpoint } from "../../generated/operations.js";
import { validateResourceGroupName, validateSubscriptionId, validateVmName } from "../../generated/validate.js";
import { ARM_LIMITS, type Limits } from "./limits.js";
import type { Refusals, SimulatorOptions } from "./options.js";
import type { SimulatedVmInit } from "./vm.js";

/** The options, checked and completed. */
export interface Settings extends Required<Omit<SimulatorOptions, "vms" | "retryAfterSeconds" | "throttle">> {
  /** Where requests may be sent: URLs without a slash at the end. */
  readonly endpoints: readonly string[];
  readonly vms: readonly SimulatedVmInit[];
  readonly refuse: Required<Refusals>;
  readonly retryAfter: { readonly accepted: number | null; readonly running: number | null };
  readonly limits: Limits;
  readonly throttles: boolean;
}

/** Completes the options of a simulator. Throws when a VM is declared by a name that no VM can have. */
export function complete(options: SimulatorOptions): Settings {
  const { vms = [], retryAfterSeconds: retryAfter = 1, throttle = false } = options;
  const endpoint = withoutSlash(options.endpoint ?? publicEndpoint);
  for (const vm of vms) checkNames(vm);
  const strict = options.vms !== undefined;
  return {
    endpoint,
    endpoints: options.endpoint === undefined ? Object.values(clouds).map(withoutSlash) : [endpoint],
    vms,
    refuse: { unknownVm: strict, tempDisk: strict, customData: strict, adminPassword: strict, ...options.refuse },
    durationMs: options.durationMs ?? 1_500,
    retryAfter:
      typeof retryAfter === "object" && retryAfter !== null
        ? retryAfter
        : { accepted: retryAfter, running: retryAfter },
    statusHeader: options.statusHeader ?? "both",
    outcome: options.outcome ?? "succeeded",
    busy: options.busy ?? "conflict",
    faults: options.faults ?? [],
    limits: { ...ARM_LIMITS, ...(typeof throttle === "object" ? throttle : {}) },
    throttles: throttle !== false,
    now: options.now ?? (() => Date.now()),
    seed: options.seed ?? 1,
  };
}

/** A URL as other URLs begin with it. */
function withoutSlash(url: string): string {
  return new URL(url).href.replace(/\/+$/, "");
}

function checkNames({ subscriptionId, resourceGroupName, vmName }: SimulatedVmInit): void {
  const [issue] = [
    ...validateSubscriptionId(subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(resourceGroupName, "resourceGroupName"),
    ...validateVmName(vmName, "vmName"),
  ];
  if (issue) throw new TypeError(`A simulated VM has an impossible name. ${issue.path}: ${issue.rule}.`);
}
