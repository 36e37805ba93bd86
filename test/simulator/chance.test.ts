// What is left to chance follows from the seed, and for each VM apart.
import { expect, test } from "vitest";
import type { Fault, SimulatorOptions } from "../../src/simulator/index.js";
import { idOf, stage, statusUrl, vm } from "./support.js";

const names = Array.from({ length: 20 }, (_, n) => ({ ...vm, vmName: `vm-${n}` }));
const busy: Fault = { kind: "status", status: 503, on: "status", chance: 0.3 };

/** What ten polls of each VM are answered with, the VMs taken in the given order. */
async function polled(options: SimulatorOptions, order = names): Promise<Record<string, number[]>> {
  const { post, get } = stage(options);
  const told: Record<string, number[]> = {};
  for (const name of order) {
    const url = statusUrl(await post({}, name));
    told[name.vmName] = [];
    for (let n = 0; n < 10; n += 1) told[name.vmName]?.push((await get(url)).status);
  }
  return told;
}

test("a fault with a chance befalls about as many as that says, and without `times` for ever", async () => {
  const all = Object.values(await polled({ faults: [busy] })).flat();
  const share = all.filter((status) => status === 503).length / all.length;
  expect(all).toHaveLength(200);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
});

test("a chance of 0 is never, one of 1 always, and both keep to `after` and `times`", async () => {
  expect(new Set(Object.values(await polled({ faults: [{ ...busy, chance: 0 }] })).flat())).toEqual(new Set([200]));
  expect(new Set(Object.values(await polled({ faults: [{ ...busy, chance: 1 }] })).flat())).toEqual(new Set([503]));
  const bound = await polled({ faults: [{ ...busy, chance: 1, after: 1, times: 2 }] }, names.slice(0, 1));
  expect(bound["vm-0"]?.slice(0, 4)).toEqual([200, 503, 503, 200]);
});

test("the same seed brings the same again, in whatever order the VMs come; another seed brings another", async () => {
  const first = await polled({ faults: [busy], seed: 7 });
  expect(await polled({ faults: [busy], seed: 7 }, [...names].reverse())).toEqual(first);
  expect(await polled({ faults: [busy], seed: 8 })).not.toEqual(first);
});

test("outcomes and durations are drawn from the seed, and again after a reset", async () => {
  const { arm, post, pass } = stage({
    outcome: (_, random) => (random() < 0.5 ? "failed" : "succeeded"),
    durationMs: (random) => 1_000 + 9_000 * random(),
  });
  const drawn = async () => {
    const ends: number[] = [];
    for (const name of names) await post({}, name);
    for (let second = 1; second <= 10; second += 1) {
      pass(1_000);
      ends.push([...arm.vms.values()].filter(({ provisioningState }) => provisioningState === "Updating").length);
    }
    return { ends, states: [...arm.vms.values()].map(({ provisioningState }) => provisioningState) };
  };
  const { ends, states } = await drawn();
  expect(states.filter((state) => state === "Failed").length).toBeGreaterThan(5);
  expect(states.filter((state) => state === "Succeeded").length).toBeGreaterThan(5);
  expect(new Set(ends).size).toBeGreaterThan(5);
  expect(ends.at(-1)).toBe(0);
  arm.reset();
  expect(await drawn()).toEqual({ ends, states });
});

test("a VM's own reimages are drawn one after the other", async () => {
  const { arm, post, pass } = stage({ outcome: (_, random) => (random() < 0.5 ? "failed" : "succeeded") });
  const states = new Set<string | undefined>();
  for (let n = 0; n < 20; n += 1) {
    await post();
    pass(10_000);
    states.add(arm.vms.get(idOf())?.provisioningState);
  }
  expect(states).toEqual(new Set(["Failed", "Succeeded"]));
});
