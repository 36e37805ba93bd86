// What surrounds the operation: the samples that the tests reuse are what the service was seen to send, and the clouds are ARM's.
import { join } from "node:path";
import { bundle, createConfig } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { root } from "./copy.js";

interface Arm {
  servers: Record<string, string>[];
  paths?: object;
  components: { pathItems: Record<string, { get: { responses: Record<string, { content?: Json }> } }> };
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

test("the clouds are those that Azure Resource Manager runs in", () => {
  expect(Object.fromEntries(arm.servers.map((it) => [it["x-ms-cloud"], it.url]))).toEqual({
    public: "https://management.azure.com",
    usgov: "https://management.usgovcloudapi.net",
    china: "https://management.chinacloudapi.cn",
  });
});

test("a status URL is followed and never built: it has no path", () => {
  expect(Object.keys(arm.components.pathItems)).toEqual(["AzureAsyncOperation", "Location"]);
  expect(Object.keys(arm.paths ?? {}).filter((path) => /operations/i.test(path))).toEqual([]);
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
