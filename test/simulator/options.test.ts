// A simulator that was set up by mistake is refused at once, by the option that makes no sense.
import { expect, test, vi } from "vitest";
import { createReimageClient } from "../../src/index.js";
import { reimageHandlers } from "../../src/msw/index.js";
import {
  createSimulator,
  type Limits,
  presets,
  type Refusals,
  type SimulatorOptions,
} from "../../src/simulator/index.js";
import { idOf, other, stage, vm } from "./support.js";

test.each<[SimulatorOptions, RegExp]>([
  [{ durationMs: -1 }, /durationMs/],
  [{ durationMs: Number.NaN }, /durationMs/],
  [{ retryAfterSeconds: -1 }, /retryAfterSeconds/],
  [{ retryAfterSeconds: { accepted: 1, running: -1 } }, /running/],
  [{ statusRecord: { lagMs: -1 } }, /statusRecord\.lagMs/],
  [{ statusRecord: { keptMs: Number.NaN } }, /statusRecord\.keptMs/],
  [{ throttle: { armReads: { capacity: -1, refillPerSecond: 1 } } }, /throttle\.armReads\.capacity/],
  [{ throttle: { armReads: { capacity: 1, refillPerSecond: -1 } } }, /throttle\.armReads\.refillPerSecond/],
  [{ vms: [{ ...vm, durationMs: -1 }] }, /vms: durationMs/],
  [{ vms: [{ ...vm, resourceGroupName: "rg." }] }, /vms: .*resourceGroupName/],
  [{ vms: [vm, { ...vm, vmName: vm.vmName.toUpperCase() }] }, /vms: .* declared twice/],
  [{ faults: [{ kind: "reset", chance: 1.1 }] }, /faults: chance/],
  [{ faults: [{ kind: "reset", after: -1 }] }, /faults: after/],
  [{ faults: [{ kind: "reset", times: Number.NaN }] }, /faults: times/],
  [{ faults: [{ kind: "delay", ms: -1 }] }, /faults: ms/],
  [{ faults: [{ kind: "status", status: 199 }] }, /faults: status/],
  [{ faults: [{ kind: "html", status: 600 }] }, /faults: status/],
  [{ endpoint: "management.azure.com" }, /endpoint/],
  [{ endpoint: "ftp://management.azure.com" }, /endpoint/],
  [{ endpoint: "https://user@management.azure.com" }, /endpoint/],
  [{ endpoint: "https://management.azure.com/?a=b" }, /endpoint/],
  [{ endpoint: "https://management.azure.com/#a" }, /endpoint/],
  [{ retryAfterSeconds: 1.5 }, /retryAfterSeconds/],
  [{ retryAfterSeconds: Number.POSITIVE_INFINITY }, /retryAfterSeconds/],
  [{ throttle: { vmUpdates: { capacity: 0, refillPerSecond: 0 } } }, /throttle\.vmUpdates\.refillPerSecond/],
  [{ throttle: { armWrites: { capacity: Number.POSITIVE_INFINITY, refillPerSecond: 1 } } }, /armWrites\.capacity/],
  [{ faults: [{ kind: "status", status: 204, error: { code: "A", message: "b" } }] }, /faults: status 204/],
  [{ faults: [{ kind: "html", status: 304 }] }, /faults: status 304/],
  [{ faults: [{ kind: "wrong-origin", origin: "elsewhere" }] }, /faults: origin/],
])("%j is refused", (options, message) => {
  expect(() => createSimulator(options)).toThrow(TypeError);
  expect(() => createSimulator(options)).toThrow(message);
});

// Types say so, but a test may be written without them.
test.each<[unknown, RegExp]>([
  [null, /options/],
  [[], /options/],
  [{ outcome: "fail" }, /outcome/],
  [{ outcome: { status: "succeeded" } }, /outcome\.status/],
  [{ vms: [{ ...vm, outcome: "Succeeded" }] }, /vms: outcome/],
  [{ vms: [{ ...vm, osType: "windows" }] }, /vms: osType/],
  [{ vms: [{ ...vm, deleteOption: "Keep" }] }, /vms: deleteOption/],
  [{ vms: null }, /vms is no list/],
  [{ vms: [null] }, /vms: one is no object/],
  [{ faults: null }, /faults is no list/],
  [{ faults: [{ kind: "rest" }] }, /faults: kind/],
  [{ faults: [null] }, /faults: kind/],
  [{ faults: [{ kind: "reset", on: "post" }] }, /faults: on/],
  [{ durationMs: "50" }, /durationMs/],
  [{ statusHeader: "nope" }, /statusHeader/],
  [{ busy: "x" }, /busy/],
  [{ throttle: "x" }, /throttle/],
  [{ throttle: null }, /throttle/],
  [{ throttle: { armWrite: { capacity: 1, refillPerSecond: 1 } } }, /throttle\.armWrite is no limit/],
  [{ refuse: { unknownVm: "no" } }, /unknownVm/],
  [{ refuse: 1 }, /refuse/],
  [{ statusRecord: { gone: 200 } }, /statusRecord\.gone/],
  [{ signedStatusUrls: 1 }, /signedStatusUrls/],
  [{ seed: "one" }, /seed/],
  [{ now: 7 }, /now/],
  [{ apiVersions: "2024-07-01" }, /apiVersions/],
])("%j is refused, and told what it is", (options, message) => {
  expect(() => createSimulator(options as SimulatorOptions)).toThrow(TypeError);
  expect(() => createSimulator(options as SimulatorOptions)).toThrow(message);
  if (options !== null) expect(() => reimageHandlers(options as SimulatorOptions)).toThrow(message);
});

test("a duration that a function makes up wrongly is told when it is asked for", async () => {
  const { post } = stage({ durationMs: () => Number.NaN });
  await expect(post()).rejects.toThrow(/durationMs, as the function gave it/);
});

test("an outcome that a function makes up wrongly is told as well", async () => {
  const { post } = stage({ outcome: () => "fail" as "failed" });
  await expect(post()).rejects.toThrow(/outcome, as the function gave it/);
});

test("what is undefined is not given", async () => {
  const throttle = {
    vmUpdates: undefined,
    armWrites: { capacity: 0, refillPerSecond: 1 },
  } as unknown as Partial<Limits>;
  expect((await stage({ throttle }).post()).status).toBe(429);
  const refuse = { unknownVm: undefined } as unknown as Refusals;
  const { post } = stage({ vms: [other], refuse });
  expect((await post()).status).toBe(404);
});

test("whoever holds the VMs sees a reset too", async () => {
  const { arm, post } = stage();
  const { vms } = arm;
  await post();
  expect([...vms.keys()]).toHaveLength(1);
  arm.reset();
  expect([vms.size, vms.get(idOf())]).toEqual([0, undefined]);
  await post();
  expect(vms.has(idOf())).toBe(true);
  expect(vms).toBe(arm.vms);
});

test("recordLags shows a client with its defaults a 404 first, and then how it ends", async () => {
  vi.useFakeTimers();
  try {
    const arm = createSimulator(presets.recordLags);
    const client = createReimageClient({ credential: () => "token", fetch: arm.fetch });
    const ended = client.reimage(vm);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await ended).status).toBe("succeeded");
    expect(arm.requests.map(({ status }) => status).slice(0, 3)).toEqual([202, 404, 200]);
  } finally {
    vi.useRealTimers();
  }
});

test.each<SimulatorOptions>([
  { durationMs: 0 },
  { durationMs: Number.POSITIVE_INFINITY },
  { retryAfterSeconds: 0 },
  { retryAfterSeconds: { accepted: null, running: null } },
  { vms: [vm, other] },
  { vms: [vm, { ...vm, resourceGroupName: "another" }] },
  { faults: [{ kind: "redirect" }, { kind: "delay", ms: Number.POSITIVE_INFINITY }] },
  { throttle: true },
  { endpoint: "http://127.0.0.1:8080/prefix/" },
  ...Object.values(presets),
])("%j is taken", (options) => {
  expect(createSimulator(options).requests).toEqual([]);
});
