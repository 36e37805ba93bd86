/** What the compiler says to a user of the generated code. */
import { expectTypeOf, test } from "vitest";
import type { OperationStatus } from "../../generated/arm/schema.js";
import {
  type ApiError,
  type CloudError,
  type components,
  type InnerError,
  type OSProfileProvisioningData,
  type operations,
  type paths,
  type VirtualMachineReimageParameters,
  type VirtualMachinesReimageInit,
  type VirtualMachinesReimageResponse,
  virtualMachinesReimage,
  virtualMachinesReimageExamples,
  virtualMachinesReimageOperation,
} from "../../generated/index.js";

const vm = virtualMachinesReimageExamples.path;

test("a body has the properties of the contract, each optional", () => {
  expectTypeOf<VirtualMachineReimageParameters>().toEqualTypeOf<{
    exactVersion?: string;
    osProfile?: OSProfileProvisioningData;
    tempDisk?: boolean;
  }>();
  expectTypeOf<OSProfileProvisioningData>().toEqualTypeOf<{ adminPassword?: string; customData?: string }>();
});

test("a typo in a body does not compile", () => {
  virtualMachinesReimage(vm, { body: { tempDisk: true, osProfile: { customData: "" } } });
  // @ts-expect-error: tempDisk
  virtualMachinesReimage(vm, { body: { tempdisk: true } });
  // @ts-expect-error: customData
  virtualMachinesReimage(vm, { body: { osProfile: { customdata: "" } } });
  // @ts-expect-error: a boolean
  virtualMachinesReimage(vm, { body: { tempDisk: "true" } });
  // @ts-expect-error: null is no way to leave it out
  virtualMachinesReimage(vm, { body: null });
});

test("a path has its three names and no other", () => {
  const { vmName: _, ...incomplete } = vm;
  // @ts-expect-error: vmName is missing
  virtualMachinesReimage(incomplete);
  // @ts-expect-error: vmname
  virtualMachinesReimage({ subscriptionId: "", resourceGroupName: "", vmName: "", vmname: "" });
});

test("options may be given as undefined", () => {
  expectTypeOf<{
    body: undefined;
    headers: undefined;
    signal: undefined;
    endpoint: undefined;
    fetch: undefined;
  }>().toExtend<VirtualMachinesReimageInit>();
});

test("the samples of the contract are bodies", () => {
  expectTypeOf(virtualMachinesReimageExamples.requests.nonEphemeral).toExtend<VirtualMachineReimageParameters>();
  expectTypeOf(virtualMachinesReimageExamples.requests.tempDisk).toExtend<VirtualMachineReimageParameters>();
});

test("an answer is a Response that its status tells apart", async () => {
  expectTypeOf<VirtualMachinesReimageResponse>().toExtend<Response>();
  const answer = await virtualMachinesReimage(vm);
  expectTypeOf(answer).toEqualTypeOf<VirtualMachinesReimageResponse>();
  if (answer.ok) {
    expectTypeOf(answer.status).toEqualTypeOf<200 | 202>();
    expectTypeOf(answer.headers.get("Location")).toEqualTypeOf<string | null>();
    expectTypeOf(answer.json()).resolves.toBeUnknown();
  } else {
    expectTypeOf(answer.status).toBeNumber();
    expectTypeOf(answer.json()).resolves.toEqualTypeOf<CloudError>();
  }
});

test("an error has the fields of the contract, in its spelling", () => {
  expectTypeOf<CloudError["error"]>().toEqualTypeOf<ApiError | undefined>();
  expectTypeOf<InnerError>().toEqualTypeOf<{ errordetail?: string; exceptiontype?: string }>();
});

test("headers keep what the contract says of them", () => {
  type Accepted = operations["VirtualMachines_Reimage"]["responses"][202]["headers"];
  expectTypeOf<Accepted["Location"]>().toEqualTypeOf<string>();
  expectTypeOf<Accepted["Retry-After"]>().toEqualTypeOf<string | number | undefined>();
});

test("facts are literals", () => {
  expectTypeOf(virtualMachinesReimageOperation.method).toEqualTypeOf<"POST">();
  expectTypeOf<keyof paths>().toEqualTypeOf<typeof virtualMachinesReimageOperation.path>();
  expectTypeOf<paths[keyof paths]["post"]["parameters"]["query"]["api-version"]>().toEqualTypeOf<
    typeof virtualMachinesReimageOperation.apiVersion
  >();
});

test("the types of both contracts go together", () => {
  expectTypeOf<OperationStatus["status"]>().toEqualTypeOf<string>();
  expectTypeOf<NonNullable<OperationStatus["error"]>>().toEqualTypeOf<components["schemas"]["ApiError"]>();
});
