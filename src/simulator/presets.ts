import { virtualMachinesReimageExamples as examples } from "../../generated/operations.js";
import type { Fault } from "./faults.js";
import type { SimulatorOptions } from "./options.js";

/** A scenario for each way in which a reimage may go. */
export interface Presets {
  /** 202, a moment of InProgress, Succeeded. */
  readonly succeeds: SimulatorOptions;
  /** 200, and nothing to follow. */
  readonly succeedsAtOnce: SimulatorOptions;
  /** As recordings have it: 75 s, Retry-After 10 and then 30, and ARM's limits are kept. Bring a clock. */
  readonly recorded: SimulatorOptions;
  /** Failed with OSProvisioningTimedOut: the disk was replaced, but the new system did not come up. */
  readonly fails: SimulatorOptions;
  /** Failed with AllocationFailed: the disk was not replaced. */
  readonly failsToAllocate: SimulatorOptions;
  /** Canceled with OperationPreempted: a later operation took the place of this one. */
  readonly preempted: SimulatorOptions;
  /** InProgress, for ever. */
  readonly hangs: SimulatorOptions;
  /** 404: there are no VMs. */
  readonly notFound: SimulatorOptions;
  /** 400 for `tempDisk: true`, and for any customData: VMs have managed disks, and were created without it. */
  readonly strict: SimulatorOptions;
  /** 409: another operation runs on the VM. */
  readonly busy: SimulatorOptions;
  /** 403: the token's owner may not do it. */
  readonly forbidden: SimulatorOptions;
  /** 429 with a Retry-After of 1 s for the first POST; the second is accepted. */
  readonly throttledOnce: SimulatorOptions;
  /** 429 from Compute for every POST, in its shape without the envelope, with a Retry-After of 60 s. */
  readonly throttled: SimulatorOptions;
  /** 429 from ARM for every POST, in the envelope, with a Retry-After of 60 s. */
  readonly throttledByArm: SimulatorOptions;
  /** 503 for the POST, which was not taken; nobody can tell. */
  readonly serverError: SimulatorOptions;
  /** The POST is taken, and the connection breaks before the answer. */
  readonly lostAnswer: SimulatorOptions;
  /** A network's sign-in page, with 200, in place of ARM. */
  readonly signInPage: SimulatorOptions;
  /** 307 to another origin. */
  readonly redirected: SimulatorOptions;
  /** The POST is taken, and its status headers lead to another origin. */
  readonly wrongOrigin: SimulatorOptions;
  /** The status of the operation cannot be read yet when the first poll comes, after the second that the 202 asks for: 404. */
  readonly recordLags: SimulatorOptions;
  /** The status of the operation cannot be read any more when it has ended: 410. */
  readonly recordExpires: SimulatorOptions;
  /** One poll in two goes wrong: resets, 503, cut answers. */
  readonly flakyPolls: SimulatorOptions;
}

/** The names of the {@link presets}. */
export type PresetName = keyof Presets;

const ALWAYS = Number.POSITIVE_INFINITY;
/** A bucket that never holds a token. */
const EMPTY = { capacity: 0, refillPerSecond: 1 / 60 };
const THROTTLED = { code: "TooManyRequests", message: "The request is being throttled." };
const { busy } = examples.replies.default.bodies;
const flaky = (fault: Fault): Fault => ({ ...fault, on: "status", chance: 0.2 });

/**
 * Scenarios that code which reimages VMs should be tested with, as options of a simulator. All of them show the same to a
 * client through `fetch`, msw and https.
 *
 * @example
 * ```ts
 * const arm = createSimulator({ ...presets.fails, durationMs: 50 });
 * ```
 */
export const presets: Presets = {
  succeeds: {},
  succeedsAtOnce: { statusHeader: "none" },
  recorded: { durationMs: 75_000, retryAfterSeconds: { accepted: 10, running: 30 }, throttle: true },
  fails: { outcome: "failed" },
  failsToAllocate: {
    outcome: {
      status: "failed",
      code: "AllocationFailed",
      message: "Allocation failed. There is not enough capacity.",
    },
  },
  preempted: { outcome: "canceled" },
  hangs: { outcome: "hang" },
  notFound: { vms: [] },
  strict: { refuse: { tempDisk: true, customData: true } },
  busy: { faults: [{ kind: "status", status: 409, error: busy.error, on: "reimage", times: ALWAYS }] },
  forbidden: {
    faults: [
      {
        kind: "status",
        status: 403,
        error: {
          code: "AuthorizationFailed",
          message: "The client does not have authorization to perform the action.",
        },
        on: "reimage",
        times: ALWAYS,
      },
    ],
  },
  throttledOnce: {
    faults: [{ kind: "status", status: 429, error: THROTTLED, headers: { "retry-after": "1" }, on: "reimage" }],
  },
  throttled: { throttle: { vmUpdates: EMPTY } },
  throttledByArm: { throttle: { armWrites: EMPTY } },
  serverError: { faults: [{ kind: "status", status: 503, on: "reimage" }] },
  lostAnswer: { faults: [{ kind: "reset", on: "reimage", acted: true }] },
  signInPage: { faults: [{ kind: "html", times: ALWAYS }] },
  redirected: { faults: [{ kind: "redirect", times: ALWAYS }] },
  wrongOrigin: { faults: [{ kind: "wrong-origin", on: "reimage" }] },
  recordLags: { retryAfterSeconds: 1, statusRecord: { lagMs: 1_300 } },
  recordExpires: { statusRecord: { keptMs: 0, gone: 410 } },
  flakyPolls: {
    faults: [flaky({ kind: "reset" }), flaky({ kind: "status", status: 503 }), flaky({ kind: "truncated" })],
  },
};
