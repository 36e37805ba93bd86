// A simulator that was set up by mistake is refused at once, by the option that makes no sense.
import { expect, test } from "vitest";
import { createSimulator, presets, type SimulatorOptions } from "../../src/simulator/index.js";
import { other, vm } from "./support.js";

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
])("%j is refused", (options, message) => {
  expect(() => createSimulator(options)).toThrow(TypeError);
  expect(() => createSimulator(options)).toThrow(message);
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
