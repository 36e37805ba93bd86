// What surrounds the operation: the samples that the tests reuse are what the service was seen to send, and the clouds are ARM's.
import { join } from "node:path";
import { bundle, createConfig } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { root } from "./copy.js";

interface Arm {
  servers: Record<string, string>[];
  paths: Record<string, { get?: Read }>;
  components: { pathItems: Record<string, { get: { responses: Record<string, { content?: Json }> } }> };
}
interface Read {
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  responses: Record<string, { content: Json }>;
}
interface Json {
  "application/json": { examples: Record<string, { value: object }> };
}

const { bundle: bundled } = await bundle({
  ref: join(root, "spec/arm.yaml"),
  config: await createConfig({}),
  dereference: true,
});
const arm = bundled.parsed as Arm;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(arm, "arm");
const isStatus = (value: unknown): boolean => ajv.validate({ $ref: "arm#/components/schemas/OperationStatus" }, value);
const isVm = (value: unknown): boolean => ajv.validate({ $ref: "arm#/components/schemas/VirtualMachine" }, value);
const read = arm.paths[virtualMachinesGetOperation.path]?.get;

test("the clouds are those that Azure Resource Manager runs in", () => {
  expect(Object.fromEntries(arm.servers.map((it) => [it["x-ms-cloud"], it.url]))).toEqual({
    public: "https://management.azure.com",
    usgov: "https://management.usgovcloudapi.net",
    china: "https://management.chinacloudapi.cn",
  });
});

test("a status URL is followed and never built: it has no path", () => {
  expect(Object.keys(arm.components.pathItems)).toEqual(["AzureAsyncOperation", "Location"]);
  expect(Object.keys(arm.paths).filter((path) => /operations/i.test(path))).toEqual([]);
});

test("the status samples hold what was recorded, in the recorded order", () => {
  const samples =
    arm.components.pathItems.AzureAsyncOperation?.get.responses["200"]?.content?.["application/json"].examples ?? {};
  expect(Object.values(samples).map((it) => Object.keys(it.value))).toEqual([
    ["startTime", "status", "name"],
    ["startTime", "endTime", "status", "name"],
    ["startTime", "endTime", "status", "error", "name"],
    ["startTime", "endTime", "status", "error", "name"],
  ]);
});

test("a status document needs a status, and only that", () => {
  expect(isStatus({ status: "Succeeded" })).toBe(true);
  expect(isStatus({ status: "FailoverInProgress", percentComplete: 42.5, more: {} })).toBe(true);
  for (const other of [{}, [], null, "Succeeded", { status: 1 }, { name: "x" }]) expect(isStatus(other)).toBe(false);
});

test("asking Location is answered without a body", () => {
  const responses = arm.components.pathItems.Location?.get.responses ?? {};
  expect(responses["200"]?.content).toBeUndefined();
  expect(responses["202"]?.content).toBeUndefined();
});

test("a VM is read at the path of the reimage without its action, with an api-version of its own", () => {
  expect(Object.entries(arm.paths).map(([path, item]) => [path, Object.keys(item)])).toEqual([
    [virtualMachinesReimageOperation.path.replace(/\/reimage$/, ""), ["get"]],
  ]);
  expect(read?.parameters.map((it) => [it.name, it.in, it.required])).toEqual([
    ["subscriptionId", "path", true],
    ["resourceGroupName", "path", true],
    ["vmName", "path", true],
    ["api-version", "query", true],
  ]);
  expect(Object.keys(virtualMachinesGetOperation)).toEqual(["method", "path", "apiVersion"]);
  expect(virtualMachinesGetOperation.method).toBe("GET");
  expect(virtualMachinesGetOperation.apiVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
  // `deleteOption` is there since 2021-03-01.
  expect(virtualMachinesGetOperation.apiVersion >= "2021-03-01").toBe(true);
});

test("the samples of a VM hold one that is kept, one that is deleted and one that is reset, and only what is read of them", () => {
  const samples = read?.responses["200"]?.content["application/json"].examples ?? {};
  const id = expect.stringMatching(/^\/subscriptions\/.*\/providers\/Microsoft\.Compute\/disks\/\w+$/);
  const vm = (osDisk: object) => ({
    location: "westus",
    properties: { storageProfile: { osDisk }, provisioningState: "Succeeded" },
  });
  expect(Object.fromEntries(Object.entries(samples).map(([name, { value }]) => [name, value]))).toEqual({
    detach: vm({ osType: "Windows", managedDisk: { id }, deleteOption: "Detach" }),
    delete: vm({ osType: "Linux", managedDisk: { id }, deleteOption: "Delete" }),
    ephemeral: vm({
      osType: "Linux",
      diffDiskSettings: { option: "Local" },
      managedDisk: { id },
      deleteOption: "Delete",
    }),
  });
});

test("a VM has a location, and may have more than is read of it", () => {
  expect(isVm({ location: "westus" })).toBe(true);
  expect(isVm({ location: "West US", tags: {}, properties: { vmId: "x", storageProfile: { dataDisks: [] } } })).toBe(
    true,
  );
  const disk = (osDisk: unknown) => ({ location: "westus", properties: { storageProfile: { osDisk } } });
  expect(isVm(disk({ deleteOption: "ForceDetach", osType: "Plan9", diffDiskSettings: {}, managedDisk: {} }))).toBe(
    true,
  );
  for (const other of [
    {},
    [],
    null,
    { location: 7 },
    { properties: {} },
    disk([]),
    disk({ osType: 1 }),
    disk({ deleteOption: true }),
    disk({ diffDiskSettings: "Local" }),
    disk({ managedDisk: { id: {} } }),
  ])
    expect(isVm(other)).toBe(false);
});

test("a read that fails is answered with an error, in its envelope or without", () => {
  const { examples } = read?.responses.default?.content["application/json"] ?? { examples: {} };
  expect(examples).toMatchObject({
    notFound: { value: { error: { code: "ResourceNotFound" } } },
    throttled: { value: { code: "OperationNotAllowed", details: [{ code: "TooManyRequests" }] } },
  });
});
