/** What two looks tell agrees with what became of the disks: in the simulator, which knows the truth. */
import { expect, test } from "vitest";
import { createReimageClient } from "../../src/index.js";
import { inspect, reconcile } from "../../src/preflight/index.js";
import { createSimulator, type SimulatedVmInit } from "../../src/simulator/index.js";
import { reasonOf, vm } from "../rules/support-s.js";
import { vmPath } from "./support.js";

const disks = [
  [{ deleteOption: "Detach", osType: "Windows" }, "kept"],
  [{ deleteOption: "Delete", osType: "Linux", location: "westeurope" }, "deleted"],
  [{ ephemeral: true, deleteOption: "Delete", osType: "Linux" }, "reset"],
  [{}, "kept"],
] as const satisfies readonly (readonly [Partial<SimulatedVmInit>, string])[];
const endings = [
  ["succeeded", true],
  ["failed", true],
  ["canceled", false],
] as const;
const cases = disks.flatMap(([disk, told]) =>
  endings.map(([outcome, replaces]) => ({ disk, told, outcome, replaces })),
);

test.each(cases)("a VM of $disk, whose reimage ends as $outcome", async ({ disk, told, outcome, replaces }) => {
  let at = Date.now();
  const vms = [{ ...vm, ...disk }];
  const arm = createSimulator({ vms, outcome, durationMs: 60_000, retryAfterSeconds: null, now: () => at });
  const client = createReimageClient({ credential: () => "t", fetch: arm.fetch, pollIntervalMs: 5 });
  const before = await inspect(client, vm);
  const truth = arm.vms.get(vmPath);
  const { osType, location = "westus", ephemeral = false } = disk as Partial<SimulatedVmInit>;
  expect(before).toEqual({
    oldOsDisk: told,
    ephemeral,
    osDiskId: truth?.osDiskId,
    location,
    provisioningState: "Succeeded",
    ...(osType && { osType }),
  });

  const operation = await client.beginReimage(vm);
  const during = await inspect(client, vm);
  expect([during.provisioningState, reconcile(before, during)]).toEqual(["Updating", "cannot tell"]);
  at += 60_000;
  await (outcome === "succeeded" ? operation.wait() : reasonOf(operation.wait()));

  const after = await inspect(client, vm);
  expect(reconcile(before, after)).toBe(replaces && !ephemeral ? "happened" : "cannot tell");
  const { keptOsDiskIds, deletedOsDiskIds } = arm.vms.get(vmPath) ?? { keptOsDiskIds: [], deletedOsDiskIds: [] };
  const gone = replaces && !ephemeral ? [before.osDiskId] : [];
  expect([keptOsDiskIds, deletedOsDiskIds]).toEqual(told === "kept" ? [gone, []] : [[], gone]);
});

test("a VM that does not exist is 404, and looking changes nothing", async () => {
  const arm = createSimulator({ vms: [vm] });
  const client = createReimageClient({ credential: () => "t", fetch: arm.fetch });
  const before = arm.vms.get(vmPath);
  await inspect(client, vm);
  expect(await reasonOf(inspect(client, { ...vm, vmName: "vm-two" }))).toMatchObject({ status: 404 });
  expect(arm.vms.get(vmPath)).toEqual(before);
  expect(arm.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
});
