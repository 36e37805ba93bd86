import { clouds } from "../../generated/arm/operations.js";
import { endpoint as publicEndpoint } from "../../generated/operations.js";
import { checkOptions } from "./checks.js";
import { ARM_LIMITS, type Limits } from "./limits.js";
import type { Refusals, SimulatorOptions, StatusRecord } from "./options.js";
import type { SimulatedVmInit } from "./vm.js";

/** The options, checked and completed. */
export interface Settings
  extends Required<Omit<SimulatorOptions, "vms" | "retryAfterSeconds" | "throttle" | "statusApiVersion">> {
  /** Where requests may be sent: URLs without a slash at the end. */
  readonly endpoints: readonly string[];
  readonly vms: readonly SimulatedVmInit[];
  readonly refuse: Required<Refusals>;
  readonly retryAfter: { readonly accepted: number | null; readonly running: number | null };
  readonly statusRecord: Required<StatusRecord>;
  readonly statusApiVersion: string | undefined;
  readonly limits: Limits;
  readonly throttles: boolean;
}

/** Completes the options of a simulator. Throws a TypeError that names the option which makes no sense. */
export function complete(options: SimulatorOptions): Settings {
  checkOptions(options);
  const { vms = [], retryAfterSeconds: retryAfter = 1, throttle = false } = options;
  const endpoint = withoutSlash(options.endpoint ?? publicEndpoint);
  const strict = options.vms !== undefined;
  return {
    endpoint,
    endpoints: options.endpoint === undefined ? Object.values(clouds).map(withoutSlash) : [endpoint],
    vms,
    refuse: {
      unknownVm: strict,
      tempDisk: strict,
      customData: strict,
      adminPassword: strict,
      changedStatusUrl: true,
      ...given(options.refuse),
    },
    durationMs: options.durationMs ?? 1_500,
    retryAfter:
      typeof retryAfter === "object" && retryAfter !== null
        ? retryAfter
        : { accepted: retryAfter, running: retryAfter },
    statusHeader: options.statusHeader ?? "both",
    signedStatusUrls: options.signedStatusUrls ?? true,
    statusRecord: { lagMs: 0, keptMs: Number.POSITIVE_INFINITY, gone: 404, ...given(options.statusRecord) },
    statusApiVersion: options.statusApiVersion,
    apiVersions: options.apiVersions ?? [],
    outcome: options.outcome ?? "succeeded",
    busy: options.busy ?? "conflict",
    faults: options.faults ?? [],
    limits: { ...ARM_LIMITS, ...given(typeof throttle === "object" ? throttle : {}) },
    throttles: throttle !== false,
    now: options.now ?? (() => Date.now()),
    seed: options.seed ?? 1,
  };
}

/** What is undefined is not given. */
function given<T extends object>(options: T | undefined): T {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as T;
}

/** A URL as other URLs begin with it. */
function withoutSlash(url: string): string {
  return new URL(url).href.replace(/\/+$/, "");
}
