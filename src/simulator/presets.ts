import { virtualMachinesReimageExamples as examples } from "../../generated/operations.js";
import type { Fault } from "./faults.js";
import type { SimulatorOptions } from "./options.js";

/** The names of the {@link presets}. */
export type PresetName =
  | "succeeds"
  | "succeedsAtOnce"
  | "recorded"
  | "fails"
  | "failsToAllocate"
  | "preempted"
  | "hangs"
  | "notFound"
  | "strict"
  | "busy"
  | "forbidden"
  | "throttledOnce"
  | "throttled"
  | "throttledByArm"
  | "serverError"
  | "lostAnswer"
  | "signInPage"
  | "redirected"
  | "wrongOrigin"
  | "recordLags"
  | "recordExpires"
  | "flakyPolls";

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
export const presets: Readonly<Record<PresetName, SimulatorOptions>> = {
  /** 202, a moment of InProgress, Succeeded. */
  succeeds: {},
  /** 200, and nothing to follow. */
  succeedsAtOnce: { statusHeader: "none" },
  /** As recordings have it: 75 s, Retry-After 10 and then 30, and ARM's limits are kept. Bring a clock. */
  recorded: { durationMs: 75_000, retryAfterSeconds: { accepted: 10, running: 30 }, throttle: true },
  /** Failed with OSProvisioningTimedOut: the disk was replaced, but the new system did not come up. */
  fails: { outcome: "failed" },
  /** Failed with AllocationFailed: the disk was not replaced. */
  failsToAllocate: {
    outcome: {
      status: "failed",
      code: "AllocationFailed",
      message: "Allocation failed. There is not enough capacity.",
    },
  },
  /** Canceled with OperationPreempted: a later operation took the place of this one. */
  preempted: { outcome: "canceled" },
  /** InProgress, for ever. */
  hangs: { outcome: "hang" },
  /** 404: there are no VMs. */
  notFound: { vms: [] },
  /** 400 for `tempDisk: true`, and for any customData: VMs have managed disks, and were created without it. */
  strict: { refuse: { tempDisk: true, customData: true } },
  /** 409: another operation runs on the VM. */
  busy: { faults: [{ kind: "status", status: 409, error: busy.error, on: "reimage", times: ALWAYS }] },
  /** 403: the token's owner may not do it. */
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
  /** 429 with a Retry-After of 1 s for the first POST; the second is accepted. */
  throttledOnce: {
    faults: [{ kind: "status", status: 429, error: THROTTLED, headers: { "retry-after": "1" }, on: "reimage" }],
  },
  /** 429 from Compute for every POST, in its shape without the envelope, with a Retry-After of 60 s. */
  throttled: { throttle: { vmUpdates: EMPTY } },
  /** 429 from ARM for every POST, in the envelope, with a Retry-After of 60 s. */
  throttledByArm: { throttle: { armWrites: EMPTY } },
  /** 503 for the POST, which was not taken; nobody can tell. */
  serverError: { faults: [{ kind: "status", status: 503, on: "reimage" }] },
  /** The POST is taken, and the connection breaks before the answer. */
  lostAnswer: { faults: [{ kind: "reset", on: "reimage", acted: true }] },
  /** A network's sign-in page, with 200, in place of ARM. */
  signInPage: { faults: [{ kind: "html", times: ALWAYS }] },
  /** 307 to another origin. */
  redirected: { faults: [{ kind: "redirect", times: ALWAYS }] },
  /** The POST is taken, and its status headers lead to another origin. */
  wrongOrigin: { faults: [{ kind: "wrong-origin", on: "reimage" }] },
  /** The status of the operation cannot be read yet when the first poll comes, after the second that the 202 asks for: 404. */
  recordLags: { retryAfterSeconds: 1, statusRecord: { lagMs: 1_300 } },
  /** The status of the operation cannot be read any more when it has ended: 410. */
  recordExpires: { statusRecord: { keptMs: 0, gone: 410 } },
  /** One poll in two goes wrong: resets, 503, cut answers. */
  flakyPolls: {
    faults: [flaky({ kind: "reset" }), flaky({ kind: "status", status: 503 }), flaky({ kind: "truncated" })],
  },
};
