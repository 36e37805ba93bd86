import { validateResourceGroupName, validateSubscriptionId, validateVmName } from "../../generated/validate.js";
import type { Fault } from "./faults.js";
import type { SimulatorOptions } from "./options.js";
import { vmId } from "./routes.js";
import type { SimulatedVmInit } from "./vm.js";

/** Throws a TypeError that names the first option which makes no sense. A test set up by mistake must not pass by mistake. */
export function checkOptions(options: SimulatorOptions): void {
  const { endpoint, durationMs, retryAfterSeconds, statusRecord = {}, throttle, vms = [], faults = [] } = options;
  if (endpoint !== undefined) checkEndpoint(endpoint);
  checkAmount("durationMs", durationMs);
  const waits = typeof retryAfterSeconds === "object" ? { ...retryAfterSeconds } : { retryAfterSeconds };
  for (const [name, seconds] of Object.entries(waits)) checkAmount(name, seconds);
  checkAmount("statusRecord.lagMs", statusRecord.lagMs);
  checkAmount("statusRecord.keptMs", statusRecord.keptMs);
  for (const [name, limit] of Object.entries(typeof throttle === "object" ? throttle : {})) {
    checkAmount(`throttle.${name}.capacity`, limit.capacity);
    checkAmount(`throttle.${name}.refillPerSecond`, limit.refillPerSecond);
  }
  const ids = new Set<string>();
  for (const vm of vms) {
    checkVm(vm);
    const { subscriptionId, resourceGroupName, vmName } = vm;
    const id = vmId({ subscriptionId, resourceGroupName, vmName }).toLowerCase();
    if (ids.has(id)) throw nonsense(`vms: ${vmName} is declared twice`);
    ids.add(id);
  }
  for (const fault of faults) checkFault(fault);
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw nonsense("endpoint is no http or https URL without query, fragment and user");
  }
}

/** Zero or more, Infinity among them. What is no number is another kind of value, or not given. */
function checkAmount(name: string, value: unknown): void {
  if (typeof value === "number" && !(value >= 0)) throw nonsense(`${name} is negative or no number`);
}

function checkVm(vm: SimulatedVmInit): void {
  const [issue] = [
    ...validateSubscriptionId(vm.subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(vm.resourceGroupName, "resourceGroupName"),
    ...validateVmName(vm.vmName, "vmName"),
  ];
  if (issue) throw nonsense(`vms: an impossible name. ${issue.path}: ${issue.rule}`);
  checkAmount("vms: durationMs", vm.durationMs);
}

function checkFault(fault: Fault): void {
  for (const name of ["after", "times", "chance"] as const) checkAmount(`faults: ${name}`, fault[name]);
  if (fault.chance !== undefined && fault.chance > 1) throw nonsense("faults: chance is more than 1");
  if (fault.kind === "delay") checkAmount("faults: ms", fault.ms);
  const status = "status" in fault ? (fault.status ?? 200) : 200;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw nonsense("faults: status is not from 200 to 599");
}

function nonsense(what: string): TypeError {
  return new TypeError(`The simulator cannot be made. ${what}.`);
}
