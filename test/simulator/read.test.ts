// The read of a VM: what ARM tells of it, before, during and after a reimage.
import { describe, expect, test } from "vitest";
import { createSimulator, type SimulatedVmInit } from "../../src/simulator/index.js";
import { apiVersion, authorization, idOf, other, said, samples, stage, vm, vmUrl } from "./support.js";

interface Read {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly location: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly vmId: string;
    readonly hardwareProfile: Readonly<Record<string, unknown>>;
    readonly osProfile: Readonly<Record<string, unknown>>;
    readonly storageProfile: {
      readonly osDisk: {
        readonly name: string;
        readonly osType?: string;
        readonly deleteOption: string;
        readonly diffDiskSettings?: { readonly option: string };
        readonly managedDisk: { readonly id: string };
      };
    };
  };
}

const declared: SimulatedVmInit = {
  ...vm,
  osType: "Windows",
  deleteOption: "Delete",
  location: "westeurope",
  vmSize: "Standard_B2s",
  customData: samples.nonEphemeral.osProfile.customData,
};

const look = (arm: ReturnType<typeof stage>, names = vm) => arm.read(vmUrl(names)) as unknown as Promise<Read>;

test("a VM is told in ARM's shape, as it was declared", async () => {
  const arm = stage({ vms: [declared] });
  const reply = await arm.get(vmUrl());
  expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  expect(await reply.json()).toMatchObject({
    name: vm.vmName,
    id: idOf(),
    type: "Microsoft.Compute/virtualMachines",
    location: "westeurope",
    properties: {
      hardwareProfile: { vmSize: "Standard_B2s" },
      provisioningState: "Succeeded",
      vmId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      storageProfile: {
        osDisk: {
          osType: "Windows",
          name: expect.stringMatching(/^myVMName_OsDisk_1_[0-9a-f]{32}$/),
          createOption: "FromImage",
          managedDisk: { id: arm.arm.vms.get(idOf())?.osDiskId },
          deleteOption: "Delete",
        },
      },
    },
  });
});

test("the OS disk's name is the end of its id", async () => {
  const { osDisk } = (await look(stage({ vms: [declared] }))).properties.storageProfile;
  expect(osDisk.managedDisk.id).toBe(idOf().replace(/virtualMachines\/.*/, `disks/${osDisk.name}`));
});

test("custom data is never told", async () => {
  const arm = stage({ vms: [declared] });
  expect(await (await arm.get(vmUrl())).text()).not.toContain(samples.nonEphemeral.osProfile.customData);
});

test("an ephemeral OS disk is told by its diffDiskSettings, and is deleted with the VM unless declared otherwise", async () => {
  const { osDisk } = (await look(stage({ vms: [{ ...vm, ephemeral: true }] }))).properties.storageProfile;
  expect([osDisk.diffDiskSettings?.option, osDisk.deleteOption]).toEqual(["Local", "Delete"]);
  const managed = (await look(stage({ vms: [vm] }))).properties.storageProfile.osDisk;
  expect([managed.diffDiskSettings, managed.deleteOption]).toEqual([undefined, "Detach"]);
});

test("what nobody declared is not told", async () => {
  const { osDisk } = (await look(stage({ vms: [vm] }))).properties.storageProfile;
  expect(osDisk).not.toHaveProperty("osType");
});

test("the state and the disk change when the reimage does, by the clock", async () => {
  const arm = stage({ vms: [vm] });
  const before = await look(arm);
  await arm.post({});
  arm.pass(9_999);
  const during = await look(arm);
  arm.pass(1);
  const after = await look(arm);
  expect([before, during, after].map(({ properties }) => properties.provisioningState)).toEqual([
    "Succeeded",
    "Updating",
    "Succeeded",
  ]);
  const [was, still, became] = [before, during, after].map(({ properties }) => properties.storageProfile.osDisk.name);
  expect(still).toBe(was);
  expect(became).not.toBe(was);
  expect(after.properties.vmId).toBe(before.properties.vmId);
});

test("a VM whose last operation failed says so, until a reimage succeeds", async () => {
  const arm = stage({ vms: [{ ...vm, provisioningState: "Failed" }] });
  expect((await look(arm)).properties.provisioningState).toBe("Failed");
  await arm.post({});
  arm.pass(10_000);
  expect((await look(arm)).properties.provisioningState).toBe("Succeeded");
});

describe("who reads", () => {
  test("without a token is 401", async () => {
    expect((await createSimulator().fetch(vmUrl())).status).toBe(401);
  });

  test("a VM that was not declared gets 404, and where none was declared finds it there from then on", async () => {
    expect(await said(await stage({ vms: [vm] }).get(vmUrl(other)))).toEqual([404, "ResourceNotFound"]);
    const arm = stage();
    const first = await look(arm);
    expect(await look(arm)).toEqual(first);
    expect([...arm.arm.vms.keys()]).toEqual([idOf()]);
  });

  test("by an impossible name gets 400", async () => {
    expect(await said(await stage().get(vmUrl({ ...vm, vmName: "_vm" })))).toEqual([400, "InvalidParameter", "vmName"]);
  });

  test("with no api-version, or that of the reimage, gets 400", async () => {
    const { get } = stage();
    expect(await said(await get(vmUrl().replace(/\?.*/, "")))).toEqual([400, "MissingApiVersionParameter"]);
    expect(await said(await get(vmUrl(vm, apiVersion)))).toEqual([400, "InvalidApiVersionParameter"]);
  });

  test("writes, gets 405", async () => {
    const { arm } = stage();
    const reply = await arm.fetch(vmUrl(), { method: "PUT", headers: authorization, body: "{}" });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, "GET"]);
  });

  test("counts as a reader of the subscription, not of Compute's operations", async () => {
    const { headers } = await stage().get(vmUrl());
    expect(headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("249");
    expect(headers.has("x-ms-ratelimit-remaining-resource")).toBe(false);
  });

  test("meets faults that are meant for reads, and no others", async () => {
    const { get, post } = stage({ faults: [{ kind: "status", status: 500, on: "read" }] });
    expect((await post()).status).toBe(202);
    expect([(await get(vmUrl())).status, (await get(vmUrl())).status]).toEqual([500, 200]);
  });
});

test("other api-versions are taken by option, by the reimage and the read alike", async () => {
  const newer = "2031-01-01";
  const { arm, get } = stage({ apiVersions: [newer] });
  const post = (version: string) =>
    arm.fetch(vmUrl(vm, version).replace("?", "/reimage?"), { method: "POST", headers: authorization });
  expect((await get(vmUrl(vm, newer))).status).toBe(200);
  const accepted = await post(newer);
  expect(accepted.status).toBe(202);
  expect(new URL(accepted.headers.get("location") ?? "").searchParams.get("api-version")).toBe(newer);
  expect(await (await post("2031-01-02")).text()).toContain(`'${apiVersion},${newer}'`);
});
