import type { Fault } from "./faults.js";
import type { Limits } from "./limits.js";
import type { SimulatedOutcome, SimulatedVm, SimulatedVmInit } from "./vm.js";

/** What a simulator is to be like; without any, every VM exists and every reimage succeeds after a moment. */
export interface SimulatorOptions {
  /**
   * Where the simulated Azure Resource Manager is: requests to any other origin fail, and status URLs begin with it.
   *
   * @default the public cloud; the other clouds are answered too
   */
  readonly endpoint?: string;
  /** The VMs that exist, and no others. Without it every VM exists, and takes whatever the contract allows. */
  readonly vms?: readonly SimulatedVmInit[];
  /** How strict declared VMs are; each refusal can be turned off. */
  readonly refuse?: Refusals;
  /**
   * How long a reimage takes, in milliseconds by the simulator's clock. A real one takes 75 to 200 s.
   *
   * @default 1_500
   */
  readonly durationMs?: number | (() => number);
  /**
   * What `Retry-After` asks for, in seconds; null leaves it out. Real ones: 10 on the 202, 30 while it runs.
   *
   * @default 1
   */
  readonly retryAfterSeconds?: number | null | { readonly accepted: number | null; readonly running: number | null };
  /**
   * Which status headers the 202 has; with "none" the POST is answered with 200 and the reimage has ended at once.
   *
   * @default "both", as in every recorded answer
   */
  readonly statusHeader?: "both" | "azure-asyncoperation" | "location" | "none";
  /**
   * How a reimage ends; a VM's own `outcome` wins.
   *
   * @default "succeeded"
   */
  readonly outcome?: SimulatedOutcome | ((vm: SimulatedVm) => SimulatedOutcome);
  /**
   * What a second reimage of a VM meets: 409, or it takes the place of the first, which ends Canceled.
   *
   * @default "conflict"
   */
  readonly busy?: "conflict" | "preempt";
  /** What goes wrong on the way; see {@link Fault}. */
  readonly faults?: readonly Fault[];
  /**
   * Refuses with 429 when a token bucket is empty; true for ARM's own sizes. They are counted down in headers either way.
   *
   * @default false
   */
  readonly throttle?: boolean | Partial<Limits>;
  /** The clock that everything follows, in epoch milliseconds; `Date.now`, looked up at each call, unless given. */
  readonly now?: () => number;
  /**
   * What ids follow from, and with them signatures: the same requests get the same ones again.
   *
   * @default 1
   */
  readonly seed?: number;
}

/** What declared VMs refuse. */
export interface Refusals {
  /**
   * 404 for a VM that was not declared.
   *
   * @default true
   */
  readonly unknownVm?: boolean;
  /**
   * 400 for `tempDisk: true` without an ephemeral OS disk.
   *
   * @default true
   */
  readonly tempDisk?: boolean;
  /**
   * 400 for other customData than the VM was created with.
   *
   * @default true
   */
  readonly customData?: boolean;
  /**
   * 400 for an adminPassword that the declared `osType` does not take.
   *
   * @default true
   */
  readonly adminPassword?: boolean;
}
