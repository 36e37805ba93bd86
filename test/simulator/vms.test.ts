// The VMs, their disks, and how reimages end.
import { describe, expect, test } from "vitest";
import { createSimulator, type SimulatedOutcome, type SimulatedVm } from "../../src/simulator/index.js";
import { idOf, other, samples, stage, statusUrl, vm } from "./support.js";

describe("a VM", () => {
  test("exists before it is asked for when it was declared, with the defaults of its kind", () => {
    const { vms } = createSimulator({ vms: [vm] });
    expect([...vms.keys()]).toEqual([idOf()]);
    expect(vms.get(idOf())).toEqual({
      ...vm,
      id: idOf(),
      ephemeral: false,
      deleteOption: "Detach",
      location: "westus",
      provisioningState: "Succeeded",
      osDiskId: expect.stringMatching(/\/resourceGroups\/myResourceGroup\/.*\/disks\/myVMName_OsDisk_1_[0-9a-f]{32}$/),
      keptOsDiskIds: [],
      deletedOsDiskIds: [],
      reimages: 0,
    });
  });

  test("exists when it is asked for where none was declared", async () => {
    const { arm, post } = stage();
    expect(arm.vms.has(idOf())).toBe(false);
    await post();
    expect(arm.vms.has(idOf())).toBe(true);
  });

  test("is found by its id in any case, and is one VM in any case", async () => {
    const { arm, post } = stage({ vms: [vm], busy: "preempt" });
    expect((await post({}, { ...vm, vmName: "MYVMNAME" })).status).toBe(202);
    expect(arm.vms.get(idOf().toUpperCase())?.vmName).toBe("myVMName");
    expect(arm.vms.has(idOf().toLowerCase())).toBe(true);
    expect(arm.vms.size).toBe(1);
  });

  test("with a name that no VM can have is refused at once, without quoting it", () => {
    expect(() => createSimulator({ vms: [{ ...vm, vmName: "secret/../name" }] })).toThrow(
      /vms: an impossible name. vmName: must have 1 to 64/,
    );
    expect(() => createSimulator({ vms: [{ ...vm, vmName: "secret/../name" }] })).not.toThrow(/secret/);
  });

  test("cannot be changed from outside", () => {
    const { vms } = createSimulator({ vms: [vm] });
    expect(Object.isFrozen(vms.get(idOf()))).toBe(true);
  });

  test("tells what runs on it, however it is looked at", async () => {
    const { arm, post, pass } = stage();
    await post();
    const { vms } = arm;
    const looks = (): unknown[] => {
      const seen: SimulatedVm[] = [];
      vms.forEach((one) => void seen.push(one));
      seen.push(...vms.values(), ...[...vms].map(([, one]) => one), ...[...vms.entries()].map(([, one]) => one));
      return [...new Set(seen.map((one) => one.provisioningState))];
    };
    expect(looks()).toEqual(["Updating"]);
    pass(10_000);
    expect(looks()).toEqual(["Succeeded"]);
    await post();
    pass(10_000);
    expect(vms.get(idOf())).toMatchObject({ provisioningState: "Succeeded", reimages: 2 });
  });
});

describe("the OS disk", () => {
  const reimagedTwice = async (declared: object) => {
    const { arm, post, pass } = stage({ vms: [{ ...vm, ...declared }] });
    const disks = [arm.vms.get(idOf())?.osDiskId];
    for (let n = 0; n < 2; n += 1) {
      await post({});
      expect(arm.vms.get(idOf())?.osDiskId).toBe(disks.at(-1));
      pass(10_000);
      disks.push(arm.vms.get(idOf())?.osDiskId);
    }
    return { disks, after: arm.vms.get(idOf()) };
  };

  test("is another one after each reimage, and with Detach the old ones are kept", async () => {
    const { disks, after } = await reimagedTwice({ deleteOption: "Detach" });
    expect(new Set(disks).size).toBe(3);
    expect(after).toMatchObject({ keptOsDiskIds: disks.slice(0, 2), deletedOsDiskIds: [], reimages: 2 });
  });

  test("is another one after each reimage, and with Delete the old ones are deleted", async () => {
    const { disks, after } = await reimagedTwice({ deleteOption: "Delete" });
    expect(new Set(disks).size).toBe(3);
    expect(after).toMatchObject({ keptOsDiskIds: [], deletedOsDiskIds: disks.slice(0, 2), reimages: 2 });
  });

  test("is reset in place where it is ephemeral", async () => {
    const { disks, after } = await reimagedTwice({ ephemeral: true, deleteOption: "Delete" });
    expect(new Set(disks).size).toBe(1);
    expect(after).toMatchObject({ keptOsDiskIds: [], deletedOsDiskIds: [], reimages: 2 });
  });
});

describe("a reimage", () => {
  const ending = async (outcome: SimulatedOutcome) => {
    const { arm, post, read, pass } = stage({ vms: [vm], outcome });
    const before = arm.vms.get(idOf())?.osDiskId;
    const reply = await post();
    pass(10_000);
    const { status, error } = await read(statusUrl(reply));
    const after = arm.vms.get(idOf());
    return { status, error, replaced: after?.osDiskId !== before, state: after?.provisioningState };
  };

  test("fails because the new system did not come up: the disk is another one", async () => {
    const message = "OS Provisioning for VM 'myVMName' did not finish in the allotted time.";
    expect(await ending("failed")).toEqual({
      status: "Failed",
      error: { code: "OSProvisioningTimedOut", message },
      replaced: true,
      state: "Failed",
    });
  });

  test("is canceled, and the disk stays", async () => {
    const message = "Operation execution has been preempted by a more recent operation.";
    expect(await ending("canceled")).toEqual({
      status: "Canceled",
      error: { code: "OperationPreempted", message },
      replaced: false,
      state: "Failed",
    });
  });

  test("fails with a code and a message of one's own", async () => {
    const failure = { status: "failed", code: "AllocationFailed", message: "No capacity." } as const;
    const error = { code: failure.code, message: failure.message };
    expect(await ending(failure)).toMatchObject({ status: "Failed", error, replaced: false });
    expect(await ending({ ...failure, replacesDisk: true })).toMatchObject({ replaced: true });
    expect(await ending({ status: "failed", code: "Odd" })).toMatchObject({
      error: { code: "Odd", message: "The reimage of VM 'myVMName' did not succeed." },
    });
  });

  test("hangs: a year later it still runs", async () => {
    const { post, read, pass } = stage({ outcome: "hang" });
    const reply = await post();
    pass(365 * 24 * 3_600_000);
    expect((await read(statusUrl(reply))).status).toBe("InProgress");
  });

  test("ends as its VM is declared to, whatever others do", async () => {
    const { post, read, pass } = stage({ vms: [{ ...vm, outcome: "failed", durationMs: 1000 }, other] });
    const [one, two] = [await post({}), await post({}, other)];
    pass(1000);
    expect([(await read(statusUrl(one))).status, (await read(statusUrl(two))).status]).toEqual([
      "Failed",
      "InProgress",
    ]);
    pass(9000);
    expect((await read(statusUrl(two))).status).toBe("Succeeded");
  });

  test("ends as a function of its VM says, and takes as long as another one says", async () => {
    const durations = [2000, 4000];
    const { post, read, pass } = stage({
      outcome: ({ vmName }) => (vmName === other.vmName ? "canceled" : "succeeded"),
      durationMs: () => durations.shift() ?? 0,
    });
    const [one, two] = [await post(), await post({}, other)];
    pass(2000);
    expect([(await read(statusUrl(one))).status, (await read(statusUrl(two))).status]).toEqual([
      "Succeeded",
      "InProgress",
    ]);
    pass(2000);
    expect((await read(statusUrl(two))).status).toBe("Canceled");
  });
});

describe("a busy VM", () => {
  test("answers 409, and the reimage that runs goes on", async () => {
    const { arm, post, read, pass } = stage();
    const first = await post(samples.tempDisk);
    const second = await post(samples.tempDisk);
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ error: { code: "OperationNotAllowed" } });
    pass(10_000);
    expect((await read(statusUrl(first))).status).toBe("Succeeded");
    expect(arm.vms.get(idOf())?.reimages).toBe(1);
    expect((await post()).status).toBe(202);
  });

  test("lets the later reimage preempt the earlier, by option", async () => {
    const { arm, post, read, pass } = stage({ busy: "preempt" });
    const first = await post();
    pass(4000);
    const second = await post();
    expect(await read(statusUrl(first))).toMatchObject({
      status: "Canceled",
      endTime: "2024-03-01T12:00:04.0000000+00:00",
      error: { code: "OperationPreempted" },
    });
    expect(arm.vms.get(idOf())?.provisioningState).toBe("Updating");
    pass(10_000);
    expect((await read(statusUrl(first))).status).toBe("Canceled");
    expect((await read(statusUrl(second))).status).toBe("Succeeded");
    expect(arm.vms.get(idOf())).toMatchObject({ reimages: 1, provisioningState: "Succeeded" });
  });

  test("is no other VM's concern", async () => {
    const { post } = stage();
    await post();
    expect((await post({}, other)).status).toBe(202);
  });
});
