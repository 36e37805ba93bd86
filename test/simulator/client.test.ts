// The client of this package and the simulator agree on every ending, although they share no code.
import { describe, expect, test } from "vitest";
import { type AnyReimageError, createReimageClient, isReimageError } from "../../src/index.js";
import { createSimulator, type SimulatorOptions } from "../../src/simulator/index.js";
import { idOf, samples, vm } from "./support.js";

/** Reimages the VM of the examples as a caller would. */
async function reimaged(
  options: SimulatorOptions,
  parameters = {},
): Promise<{ ended: string; error?: AnyReimageError }> {
  const arm = createSimulator({ durationMs: 20, retryAfterSeconds: null, ...options });
  const client = createReimageClient({
    credential: () => "token",
    fetch: arm.fetch,
    pollIntervalMs: 5,
    timeoutMs: 2000,
  });
  try {
    const { status } = await client.reimage(vm, parameters, { throttleRetries: 0 });
    return { ended: status };
  } catch (error) {
    if (!isReimageError(error)) throw error;
    return { ended: error.name, error };
  }
}

describe("the client", () => {
  test.each(["both", "azure-asyncoperation", "location", "none"] as const)(
    "learns of success and failure by status headers: %s",
    async (statusHeader) => {
      expect(await reimaged({ statusHeader })).toEqual({ ended: "succeeded" });
      const { ended } = await reimaged({ statusHeader, outcome: "failed" });
      expect(ended).toBe(statusHeader === "none" ? "OutcomeUnknownError" : "OperationFailedError");
    },
  );

  test.each(Object.entries(samples))("has the sample %s accepted, as it stands", async (_, body) => {
    const arm = createSimulator({ durationMs: 1, retryAfterSeconds: null });
    const client = createReimageClient({ credential: () => "token", fetch: arm.fetch, pollIntervalMs: 5 });
    await client.reimage(vm, body);
    expect(arm.vms.get(idOf())?.reimages).toBe(1);
  });

  test.each([
    [{ outcome: "failed" }, {}, "OperationFailedError", { code: "OSProvisioningTimedOut", started: "yes" }],
    [{ outcome: "canceled" }, {}, "OperationCanceledError", { code: "OperationPreempted", started: "yes" }],
    [{ vms: [] }, {}, "RequestRejectedError", { status: 404, code: "ResourceNotFound", started: "no" }],
    [{ vms: [vm] }, samples.tempDisk, "RequestRejectedError", { status: 400, target: "tempDisk" }],
    [
      { throttle: { vmUpdates: { capacity: 0, refillPerSecond: 1 } } },
      {},
      "RequestRejectedError",
      { status: 429, code: "OperationNotAllowed", retryAfterMs: 1000 },
    ],
    [{ faults: [{ kind: "unreachable" }] }, {}, "NotSentError", { started: "no" }],
    [{ faults: [{ kind: "reset" }] }, {}, "OutcomeUnknownError", { reason: "no-answer", started: "maybe" }],
    [{ faults: [{ kind: "status", status: 503 }] }, {}, "OutcomeUnknownError", { reason: "server-error" }],
    [{ faults: [{ kind: "redirect" }] }, {}, "OutcomeUnknownError", { reason: "redirect", started: "maybe" }],
    [{ faults: [{ kind: "html" }] }, {}, "OutcomeUnknownError", { reason: "unreadable-answer", started: "maybe" }],
    [
      { faults: [{ kind: "wrong-origin" }] },
      {},
      "OutcomeUnknownError",
      { reason: "untrusted-status-url", started: "yes" },
    ],
    [{ faults: [{ kind: "status", status: 410, on: "status" }] }, {}, "OutcomeUnknownError", { reason: "status-gone" }],
  ] as [SimulatorOptions, object, string, object][])(
    "learns of the ending of %j with %j: %s",
    async (options, body, ended, facts) => {
      const result = await reimaged(options, body);
      expect(result.ended).toBe(ended);
      expect(result.error).toMatchObject(facts);
    },
  );

  test.each([
    { kind: "reset", on: "status" },
    { kind: "status", status: 503, on: "status" },
    { kind: "truncated", on: "status" },
    { kind: "html", on: "status" },
    { kind: "truncated", on: "reimage" },
  ] as const)("gets over %j", async (fault) => {
    expect(await reimaged({ faults: [fault] })).toEqual({ ended: "succeeded" });
  });
});
