// For every preset our client tells the same, and the VM ends the same, whichever door it comes in by.
import { describe, expect, test } from "vitest";
import { createReimageClient, isReimageError } from "../../src/index.js";
import { createSimulator, type PresetName, presets, type SimulatorOptions } from "../../src/simulator/index.js";
import { idOf, samples, vm } from "../simulator/support.js";
import { doors, type Open } from "./doors.js";

/** What each preset means to a caller, by what its description says. */
const meanings: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  succeeds: { ended: "succeeded", reimages: 1 },
  succeedsAtOnce: { ended: "succeeded", reimages: 1 },
  recorded: { ended: "succeeded", reimages: 1 },
  fails: { ended: "OperationFailedError", started: "yes", code: "OSProvisioningTimedOut", reimages: 1 },
  failsToAllocate: { ended: "OperationFailedError", started: "yes", code: "AllocationFailed", reimages: 0 },
  preempted: { ended: "OperationCanceledError", started: "yes", code: "OperationPreempted", reimages: 0 },
  hangs: { ended: "WaitTimeoutError", started: "yes", reimages: 0 },
  notFound: { ended: "RequestRejectedError", started: "no", status: 404, code: "ResourceNotFound" },
  strict: { ended: "RequestRejectedError", started: "no", status: 400, code: "InvalidParameter", reimages: 0 },
  busy: { ended: "RequestRejectedError", started: "no", status: 409, code: "OperationNotAllowed" },
  forbidden: { ended: "RequestRejectedError", started: "no", status: 403, code: "AuthorizationFailed" },
  throttledOnce: { ended: "succeeded", reimages: 1 },
  throttled: {
    ended: "RequestRejectedError",
    started: "no",
    status: 429,
    code: "OperationNotAllowed",
    retryAfterMs: 60_000,
    reimages: 0,
  },
  throttledByArm: {
    ended: "RequestRejectedError",
    started: "no",
    status: 429,
    code: "SubscriptionRequestsThrottled",
    retryAfterMs: 60_000,
  },
  serverError: { ended: "OutcomeUnknownError", started: "maybe", reason: "server-error", status: 503 },
  lostAnswer: { ended: "OutcomeUnknownError", started: "maybe", reason: "no-answer", reimages: 1 },
  signInPage: { ended: "OutcomeUnknownError", started: "maybe", reason: "unreadable-answer", status: 200 },
  redirected: { ended: "OutcomeUnknownError", started: "maybe", reason: "redirect", status: 307 },
  wrongOrigin: { ended: "OutcomeUnknownError", started: "yes", reason: "untrusted-status-url", reimages: 1 },
  recordLags: { ended: "succeeded", reimages: 1 },
  recordExpires: { ended: "OutcomeUnknownError", started: "yes", reason: "status-gone", status: 410, reimages: 1 },
  flakyPolls: { ended: "succeeded", reimages: 1 },
};

/** A preset in a hurry. */
function hurried(preset: PresetName): SimulatorOptions {
  const statusRecord = presets[preset].statusRecord;
  return {
    ...presets[preset],
    ...(statusRecord?.lagMs && { statusRecord: { lagMs: 75 } }),
    durationMs: 60,
    retryAfterSeconds: null,
  };
}

/** Reimages a VM under a preset, and tells how it ended for the caller and for the VM. */
async function reimaged(preset: PresetName, open: Open): Promise<Record<string, unknown>> {
  const arm = createSimulator(hurried(preset));
  const door = await open(arm);
  const client = createReimageClient({
    credential: () => "token",
    pollIntervalMs: 50,
    timeoutMs: 1_000,
    ...door.client,
  });
  const before = arm.vms.get(idOf());
  try {
    const ended = await client.reimage(vm, samples.tempDisk, { timeoutMs: 1_500 }).then(
      ({ status }) => ({ ended: status }),
      (error: unknown) => {
        if (!isReimageError(error)) throw error;
        const { name, started, status, code, reason, retryAfterMs } = { ...error } as Record<string, unknown>;
        return { ended: name, started, status, code, reason, retryAfterMs };
      },
    );
    // What was accepted and not awaited ends too.
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(before).toBeUndefined();
    const { reimages, osDiskId, provisioningState } = arm.vms.get(idOf()) ?? {};
    return { ...ended, reimages, osDiskId, provisioningState };
  } finally {
    await door.close();
  }
}

const names = Object.keys(meanings) as PresetName[];

test("every preset has its meaning here", () => {
  expect(Object.keys(presets).sort()).toEqual([...names].sort());
});

describe.each(names)("%s", (preset) => {
  test("means what it says, and the same through fetch, msw, http and https", async () => {
    const told = await Promise.all([doors.fetch, doors.http, doors.https].map((open) => reimaged(preset, open)));
    // msw patches the fetch of the whole process.
    told.push(await reimaged(preset, doors.msw));
    const [first] = told;
    expect(first).toMatchObject(meanings[preset]);
    for (const one of told) expect(one).toEqual(first);
  });
});
