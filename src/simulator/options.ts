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
   * How long a reimage takes, in milliseconds by the simulator's clock. A real one takes 75 to 200 s. A function is given
   * numbers from 0 to 1 that follow from the seed, and is asked once for each reimage.
   *
   * @default 1_500
   */
  readonly durationMs?: number | ((random: () => number) => number);
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
   * Are status URLs signed, which makes them 3.2 kB long? Recordings of 2019 have none of `t`, `c`, `s` and `h`.
   *
   * @default true
   */
  readonly signedStatusUrls?: boolean;
  /** From when to when an operation's status can be read. */
  readonly statusRecord?: StatusRecord;
  /**
   * The api-version in status URLs, which is not always that of the POST.
   *
   * @default that of the POST
   */
  readonly statusApiVersion?: string;
  /**
   * The api-versions that are taken beside the contract's own, for clients that were made for others.
   *
   * @default none
   */
  readonly apiVersions?: readonly string[];
  /**
   * How a reimage ends; a VM's own `outcome` wins. A function is given the VM as it was, and numbers from 0 to 1 that
   * follow from the seed.
   *
   * @default "succeeded"
   */
  readonly outcome?: SimulatedOutcome | ((vm: SimulatedVm, random: () => number) => SimulatedOutcome);
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
   * What ids follow from, with them signatures, and all that is left to chance: the same requests get the same again.
   * Chance is drawn for each VM apart, so that the order in which VMs come makes no difference to it.
   *
   * @default 1
   */
  readonly seed?: number;
}

/** How long an operation's status can be read; outside of that the status URL finds nothing. */
export interface StatusRecord {
  /**
   * How long the record lags behind the 202, in milliseconds: until then polls are answered with 404.
   *
   * @default 0
   */
  readonly lagMs?: number;
  /**
   * How long it is kept after the end of the operation, in milliseconds.
   *
   * @default Infinity
   */
  readonly keptMs?: number;
  /**
   * How polls are answered after that.
   *
   * @default 404
   */
  readonly gone?: 404 | 410;
}

/** What is refused, beside what the contract refuses. The first four are on where `vms` are declared, and off otherwise. */
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
  /**
   * 403 for a status URL that is not, to the letter, the one that was given out. A guess; it needs no declared VM.
   *
   * @default true
   */
  readonly changedStatusUrl?: boolean;
}
