// The contract against Microsoft's reference page. What the page says is typed here by hand, so that it is not read from
// the contract under test.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { accepts, acceptsProfile, methods, operation, path, whole } from "./contract.js";
import { root } from "./copy.js";

test("there is one operation: a POST at the page's URL", () => {
  const url =
    "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/reimage";
  expect(Object.keys(whole.paths)).toHaveLength(1);
  expect(Object.keys(methods)).toEqual(["post"]);
  expect(`${whole.servers[0]?.url}${path}`).toBe(url);
});

test("the operation is described as on the page, with the note on deleteOption", () => {
  expect(operation.operationId).toBe("VirtualMachines_Reimage");
  expect(operation.description).toBe(
    "Reimages (upgrade the operating system) a virtual machine which don't have a ephemeral OS disk, for virtual machines who have a ephemeral OS disk the virtual machine is reset to initial state. NOTE: The retaining of old OS disk depends on the value of deleteOption of OS disk. If deleteOption is detach, the old OS disk will be preserved after reimage. If deleteOption is delete, the old OS disk will be deleted after reimage. The deleteOption of the OS disk should be updated accordingly before performing the reimage.",
  );
});

test("the four parameters are the page's, in its order", () => {
  expect(operation.parameters.map((it) => [it.name, it.in, it.required, it.schema.type, it.description])).toEqual([
    ["resourceGroupName", "path", true, "string", "The name of the resource group."],
    [
      "subscriptionId",
      "path",
      true,
      "string",
      "Subscription credentials which uniquely identify Microsoft Azure subscription. The subscription ID forms part of the URI for every service call.",
    ],
    ["vmName", "path", true, "string", "The name of the virtual machine."],
    ["api-version", "query", true, "string", "Client Api Version."],
  ]);
});

test("the api-version is a date, and stands in one place of the contract and in none of the samples", () => {
  const { apiVersion } = virtualMachinesReimageOperation;
  expect(apiVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(operation.parameters[3]?.schema).toMatchObject({ const: apiVersion });
  const count = (text: string): number => text.split(apiVersion).length - 1;
  expect(count(readFileSync(join(root, "spec/openapi.yaml"), "utf8"))).toBe(1);
  expect(count(readFileSync(join(root, "spec/examples/accepted.json"), "utf8"))).toBe(0);
});

test("the body is optional", () => {
  expect(operation.requestBody).toMatchObject({
    required: false,
    description: "Parameters supplied to the Reimage Virtual Machine operation.",
  });
});

test("the answers are 200 OK, 202 Accepted and CloudError for all else", () => {
  expect(Object.entries(operation.responses).map(([status, it]) => [status, it.description])).toEqual([
    ["200", "OK"],
    ["202", "Accepted"],
    ["default", "Error response describing why the operation failed."],
  ]);
  expect(operation.responses["200"]?.content).toBeUndefined();
  expect(operation.responses["202"]?.content).toBeUndefined();
  expect(operation.responses.default?.content?.["application/json"]?.schema.description).toBe(
    "An error response from the Compute service.",
  );
});

test("the 202 declares where to follow the operation, and only Location is certain", () => {
  const headers = operation.responses["202"]?.headers ?? {};
  expect(Object.keys(headers)).toEqual(
    expect.arrayContaining([
      "Location",
      "Azure-AsyncOperation",
      "Retry-After",
      "x-ms-request-id",
      "x-ms-correlation-request-id",
    ]),
  );
  expect(Object.keys(headers).filter((name) => headers[name]?.required)).toEqual(["Location"]);
});

test("the sample Location is the page's, with the question mark that the page forgot", () => {
  const sample = new URL(String(operation.responses["202"]?.headers.Location?.examples.sample?.value));
  expect(sample.pathname).toMatch(
    /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/locations\/westus\/operations\/[0-9a-f-]{36}$/,
  );
  expect(sample.searchParams.get("monitor")).toBe("true");
});

test("authorization is azure_auth: Azure Active Directory, implicit flow, user_impersonation", () => {
  expect(whole.components.securitySchemes).toEqual({
    azure_auth: {
      type: "oauth2",
      description: "Azure Active Directory OAuth2 Flow",
      flows: {
        implicit: {
          authorizationUrl: "https://login.microsoftonline.com/common/oauth2/authorize",
          scopes: { user_impersonation: "impersonate your user account" },
        },
      },
    },
  });
  expect(whole.security).toEqual([{ azure_auth: ["user_impersonation"] }]);
});

test("both sample requests keep the page's shape and order, and are accepted", () => {
  const samples = Object.values(operation.requestBody.content["application/json"]?.examples ?? {});
  const valid = { adminPassword: expect.any(String), customData: expect.any(String) };
  expect(samples.map((it) => [it.summary, it.value])).toEqual([
    ["Reimage a Non-Ephemeral Virtual Machine.", { tempDisk: true, exactVersion: "aaaaaa", osProfile: valid }],
    ["Reimage a Virtual Machine.", { tempDisk: true }],
  ]);
  expect(Object.keys(samples[0]?.value as object)).toEqual(["tempDisk", "exactVersion", "osProfile"]);
  for (const { value } of samples) expect(accepts("VirtualMachineReimageParameters", value)).toBe(true);
});

test("the page's literal placeholders are refused by its own rules", () => {
  expect(acceptsProfile({ adminPassword: "{your-password}" })).toBe(false);
  expect(acceptsProfile({ customData: "{your-custom-data}" })).toBe(false);
});
