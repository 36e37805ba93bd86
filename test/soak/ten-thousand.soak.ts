// 10 000 reimages in flight in one simulator: what an operation costs in memory and in time, and that nothing grows faster than
// their number.
import { afterAll, expect, test } from "vitest";
import { createSimulator } from "../../src/simulator/index.js";
import { authorization, reimageUrl, vm, vmUrl } from "../simulator/support.js";
import { aligned } from "./table.js";

const COUNT = 10_000;
const rows = [["what", "per operation"]];
afterAll(() => console.log(aligned(rows)));

const heap = () => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

test("10 000 reimages in flight cost a few kB and a fraction of a millisecond each, and the last no more than the first", async () => {
  let at = Date.UTC(2025, 0, 1);
  const arm = createSimulator({ now: () => at, durationMs: 75_000, retryAfterSeconds: { accepted: 10, running: 30 } });
  const names = Array.from({ length: COUNT }, (_, n) => ({ ...vm, vmName: `vm-${n}` }));
  const urls: string[] = [];

  /** Does something for every VM. Gives back the milliseconds that each of the first and of the last half took. */
  const each = async (what: string, act: (n: number) => Promise<void>): Promise<void> => {
    const before = heap();
    const kept = arm.requests.length;
    const halves: number[] = [];
    for (const [from, to] of [
      [0, COUNT / 2],
      [COUNT / 2, COUNT],
    ] as const) {
      const start = performance.now();
      for (let n = from; n < to; n += 1) await act(n);
      halves.push((performance.now() - start) / (COUNT / 2));
    }
    const [first = 0, last = 0] = halves;
    const bytes = (heap() - before) / COUNT;
    rows.push([what, `${first.toFixed(3)} ms, later ${last.toFixed(3)} ms; ${(bytes / 1000).toFixed(2)} kB`]);
    expect(arm.requests.length - kept).toBe(COUNT);
    expect(last).toBeLessThan(3 * first + 0.1);
    expect(bytes).toBeLessThan(8_000);
  };

  await each("POST, with the 3.2 kB of its status URL in the caller's hands", async (n) => {
    const reply = await arm.fetch(reimageUrl(names[n]), { method: "POST", headers: authorization });
    urls.push(reply.headers.get("azure-asyncoperation") ?? "");
  });
  expect([...arm.vms.values()].filter(({ provisioningState }) => provisioningState === "Updating")).toHaveLength(COUNT);
  const poll = (status: string) => async (n: number) => {
    const reply = await arm.fetch(urls[n] ?? "", { headers: authorization });
    expect((await reply.json()).status).toBe(status);
  };
  await each("poll while it runs", poll("InProgress"));
  at += 75_000;
  await each("poll when it has ended", poll("Succeeded"));
  await each("read of the VM", async (n) => {
    expect((await arm.fetch(vmUrl(names[n]), { headers: authorization })).status).toBe(200);
  });
  const look = performance.now();
  expect([...arm.vms.values()].filter(({ reimages }) => reimages === 1)).toHaveLength(COUNT);
  rows.push(["a look at all VMs", `${((performance.now() - look) / COUNT).toFixed(4)} ms`]);
  const full = heap();
  urls.length = 0;
  arm.reset();
  rows.push(["what a reset gives back, with the URLs", `${((full - heap()) / COUNT / 1000).toFixed(2)} kB`]);
}, 120_000);
