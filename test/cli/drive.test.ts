/** How long a run waits, in virtual time. */
import { expect, test } from "vitest";
import { drive, type Plan } from "../../src/cli/drive.js";
import type { Row } from "../../src/cli/rows.js";
import { parseVirtualMachineId, type ReimageClient } from "../../src/index.js";
import { idsOf, world } from "../fleet/fly.js";
import { virtualTime } from "../fleet/virtual-time.js";

const HOUR = 3_600_000;
const clock = virtualTime();

/** The rows of a run of VMs that each take so many hours. */
async function rowsOf(
  count: number,
  hours: number,
  plan: Partial<Plan>,
  { client }: { readonly client: ReimageClient } = world(count, 1, { durationOf: () => hours * 3_600 }),
): Promise<Row[]> {
  const { signal } = new AbortController();
  const rows: Row[] = [];
  const run = drive(client, {
    vms: idsOf(count).map(parseVirtualMachineId),
    states: [],
    parameters: undefined,
    wait: true,
    timeoutMs: undefined,
    maxInFlight: undefined,
    journal: undefined,
    interrupted: signal,
    hurried: signal,
    onTotals() {},
    onTrouble() {},
    ...plan,
  });
  const all = (async () => {
    for await (const row of run) rows.push(row);
  })();
  await clock.until(all);
  return rows;
}

test.each([
  ["five hours where it is told to", 5 * HOUR, 5],
  ["one hour where it is told to", HOUR, 1],
  ["two hours unless told", undefined, 2],
])("a run waits %s", async (_, timeoutMs, ends) => {
  expect(await rowsOf(1, 100, { timeoutMs })).toMatchObject([{ outcome: "timeout", started: "yes" }]);
  expect(Math.abs(clock.now() - ends * HOUR)).toBeLessThan(1_000);
});

test("what ends in its fifth hour is not given up after two, where it is told to wait five", async () => {
  expect(await rowsOf(1, 4, { timeoutMs: 5 * HOUR })).toMatchObject([{ outcome: "succeeded" }]);
});

test("the time is that of the run as a whole: a VM that was begun late has what is left of it", async () => {
  const rows = await rowsOf(2, 2, { timeoutMs: 3 * HOUR, maxInFlight: 1 });
  expect(rows.map(({ outcome }) => outcome)).toEqual(["succeeded", "timeout"]);
  expect(rows[1]?.message).toContain("met the end of --timeout");
  expect(Math.abs(clock.now() - 3 * HOUR)).toBeLessThan(60_000);
});

test("without one each VM has its two hours from its own acceptance", async () => {
  const rows = await rowsOf(3, 1.5, { maxInFlight: 1 });
  expect(rows.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
  expect(clock.now()).toBeGreaterThan(4 * HOUR);
});

test("fifty POSTs under way at once hang on no signal of their own: no runtime warns of a leak", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const { client } = world(50, 1, { durationOf: () => 60 });
  let [underWay, most] = [0, 0];
  const slow: ReimageClient = {
    ...client,
    async beginReimage(...call) {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return client.beginReimage(...call).finally(() => underWay--);
    },
  };
  const rows = await rowsOf(50, 1, {}, { client: slow });
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", onWarning);
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array(50).fill("succeeded"));
  expect(most).toBeGreaterThan(20);
  expect(warnings).toEqual([]);
});
