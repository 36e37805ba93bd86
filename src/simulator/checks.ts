import {
  isObject,
  validateResourceGroupName,
  validateSubscriptionId,
  validateVmName,
} from "../../generated/validate.js";
import type { Fault } from "./faults.js";
import { ARM_LIMITS } from "./limits.js";
import type { SimulatorOptions } from "./options.js";
import { ROUTES, vmId } from "./routes.js";
import type { SimulatedVmInit } from "./vm.js";

const OUTCOMES = ["succeeded", "failed", "canceled", "hang"];
const STATUS_HEADERS = ["both", "azure-asyncoperation", "location", "none"];
/** Statuses whose answers have no body: `fetch` takes none with them. */
const WITHOUT_BODY = [204, 205, 304];
/** A record, so that the compiler misses a kind that is new. */
const FAULTS: Readonly<Record<Fault["kind"], true>> = {
  status: true,
  reset: true,
  unreachable: true,
  delay: true,
  truncated: true,
  html: true,
  redirect: true,
  "wrong-origin": true,
};

/** Throws a TypeError that names the first option which makes no sense. A test set up by mistake must not pass by mistake. */
export function checkOptions(options: SimulatorOptions): void {
  must(isObject(options), "the options are no object");
  const { endpoint, durationMs, retryAfterSeconds, statusRecord, throttle, refuse, vms, faults, now, seed } = options;
  if (endpoint !== undefined) checkEndpoint(endpoint);
  if (typeof durationMs !== "function") checkAmount("durationMs", durationMs);
  checkWaits(retryAfterSeconds);
  checkWord("statusHeader", options.statusHeader, STATUS_HEADERS);
  checkWord("busy", options.busy, ["conflict", "preempt"]);
  if (typeof options.outcome !== "function") checkOutcome("outcome", options.outcome);
  for (const [name, value] of Object.entries({ statusRecord, refuse }))
    must(value === undefined || isObject(value), `${name} is no object`);
  checkAmount("statusRecord.lagMs", statusRecord?.lagMs);
  checkAmount("statusRecord.keptMs", statusRecord?.keptMs);
  checkWord("statusRecord.gone", statusRecord?.gone, [404, 410]);
  for (const [name, value] of Object.entries({ ...refuse, signedStatusUrls: options.signedStatusUrls }))
    checkWord(name, value, [true, false]);
  checkThrottle(throttle);
  must(now === undefined || typeof now === "function", "now is no function");
  must(seed === undefined || Number.isFinite(seed), "seed is no number");
  for (const [name, list] of Object.entries({ vms, faults, apiVersions: options.apiVersions }))
    must(list === undefined || Array.isArray(list), `${name} is no list`);
  checkVms(vms ?? []);
  for (const fault of faults ?? []) checkFault(fault);
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !(url.search || url.hash || url.username || url.password);
  must(isPlain === true, "endpoint is no http or https URL without query, fragment and user");
}

/** Zero or more, Infinity among them. */
export function checkAmount(name: string, value: unknown): void {
  must(value === undefined || (typeof value === "number" && value >= 0), `${name} is negative or no number`);
}

function checkWord(name: string, value: unknown, words: readonly unknown[]): void {
  must(value === undefined || words.includes(value), `${name} is none of ${words.join(", ")}`);
}

/** A word, or a failure. */
export function checkOutcome(name: string, outcome: unknown): void {
  if (isObject(outcome)) checkWord(`${name}.status`, outcome.status ?? null, ["failed", "canceled"]);
  else checkWord(name, outcome, OUTCOMES);
}

/** `Retry-After` has whole seconds. */
function checkWaits(waits: SimulatorOptions["retryAfterSeconds"]): void {
  const each = typeof waits === "object" && waits ? waits : { "": waits };
  for (const [name, seconds] of Object.entries(each))
    must(
      (seconds ?? null) === null || (Number.isSafeInteger(seconds) && Number(seconds) >= 0),
      `retryAfterSeconds${name && `.${name}`} is neither null nor whole seconds`,
    );
}

/** A bucket may be empty, but is filled again: a 429 says when. */
function checkThrottle(throttle: unknown): void {
  if (!isObject(throttle)) {
    checkWord("throttle", throttle, [true, false]);
    return;
  }
  for (const [name, limit] of Object.entries(throttle)) {
    if (limit === undefined) continue;
    must(Object.hasOwn(ARM_LIMITS, name) && isObject(limit), `throttle.${name} is no limit`);
    const { capacity, refillPerSecond } = limit as Record<string, unknown>;
    must(Number.isFinite(capacity) && Number(capacity) >= 0, `throttle.${name}.capacity is negative or no number`);
    must(
      Number.isFinite(refillPerSecond) && Number(refillPerSecond) > 0,
      `throttle.${name}.refillPerSecond is no number above 0`,
    );
  }
}

function checkVms(vms: readonly SimulatedVmInit[]): void {
  const ids = new Set<string>();
  for (const vm of vms) {
    checkVm(vm);
    const { subscriptionId, resourceGroupName, vmName } = vm;
    const id = vmId({ subscriptionId, resourceGroupName, vmName }).toLowerCase();
    must(!ids.has(id), `vms: ${vmName} is declared twice`);
    ids.add(id);
  }
}

function checkVm(vm: SimulatedVmInit): void {
  must(isObject(vm), "vms: one is no object");
  const [issue] = [
    ...validateSubscriptionId(vm.subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(vm.resourceGroupName, "resourceGroupName"),
    ...validateVmName(vm.vmName, "vmName"),
  ];
  must(issue === undefined, `vms: an impossible name. ${issue?.path}: ${issue?.rule}`);
  checkAmount("vms: durationMs", vm.durationMs);
  checkOutcome("vms: outcome", vm.outcome);
  checkWord("vms: osType", vm.osType, ["Windows", "Linux"]);
  checkWord("vms: deleteOption", vm.deleteOption, ["Detach", "Delete"]);
}

function checkFault(fault: Fault): void {
  must(
    isObject(fault) && Object.hasOwn(FAULTS, fault.kind),
    `faults: kind is none of ${Object.keys(FAULTS).join(", ")}`,
  );
  checkWord(
    "faults: on",
    fault.on,
    ROUTES.map(({ kind }) => kind),
  );
  for (const name of ["after", "times", "chance"] as const) checkAmount(`faults: ${name}`, fault[name]);
  must((fault.chance ?? 0) <= 1, "faults: chance is more than 1");
  if (fault.kind === "delay") checkAmount("faults: ms", fault.ms);
  const status = "status" in fault ? (fault.status ?? 200) : 200;
  must(Number.isInteger(status) && status >= 200 && status <= 599, "faults: status is not from 200 to 599");
  const hasBody = fault.kind === "html" || (fault.kind === "status" && fault.error !== undefined);
  must(!hasBody || !WITHOUT_BODY.includes(status), `faults: status ${status} has no body`);
  if (fault.kind === "wrong-origin" && fault.origin !== undefined)
    must(URL.canParse(fault.origin), "faults: origin is no URL");
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new TypeError(`The simulator cannot be made. ${what}.`);
}
