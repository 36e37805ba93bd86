import type { TokenCredential as CoreAuthTokenCredential } from "@azure/core-auth";
import { expectTypeOf, test } from "vitest";
import type { VirtualMachineReimageParameters } from "../generated/index.js";
import {
  type AnyReimageError,
  createReimageClient,
  isReimageError,
  type OperationState,
  type ReimageClientOptions,
  type ReimageOperation,
  type ReimageParameters,
  type SerializedOperation,
  type ServiceError,
  type SucceededState,
} from "../src/index.js";

const client = createReimageClient({ credential: () => "token" });
const vm = { subscriptionId: "", resourceGroupName: "", vmName: "" };

test("the parameters are the generated type itself", () => {
  expectTypeOf<ReimageParameters>().toEqualTypeOf<VirtualMachineReimageParameters>();
});

test("a typo in the body does not compile, at the top or further down", () => {
  void client.reimage(vm, { tempDisk: true, osProfile: { adminPassword: "", customData: "" } });
  // @ts-expect-error tempdisk is no property
  void client.reimage(vm, { tempdisk: true });
  // @ts-expect-error nor is it for beginReimage
  void client.beginReimage(vm, { tempDsik: true });
  // @ts-expect-error adminPasswort is none of osProfile
  void client.reimage(vm, { osProfile: { adminPasswort: "" } });
  // @ts-expect-error a string is no boolean
  void client.reimage(vm, { tempDisk: "true" });
});

test("an option that is undefined is one that is not given", () => {
  const { osType, signal }: { osType?: "Linux"; signal?: AbortSignal } = {};
  void client.reimage(vm, {}, { osType, signal, timeoutMs: undefined });
});

test("a VM is an id or three names, all of them", () => {
  void client.reimage("/subscriptions/…");
  // @ts-expect-error the resource group is missing
  void client.reimage({ subscriptionId: "", vmName: "" });
});

test("any credential of @azure/identity fits, and so does a function", () => {
  expectTypeOf<CoreAuthTokenCredential>().toExtend<ReimageClientOptions["credential"]>();
  expectTypeOf<() => Promise<string>>().toExtend<ReimageClientOptions["credential"]>();
  // @ts-expect-error a token is no credential
  createReimageClient({ credential: "token" });
});

test("calls resolve to what they promise, and an operation is not thenable", () => {
  expectTypeOf(client.reimage).returns.resolves.toEqualTypeOf<SucceededState>();
  expectTypeOf(client.beginReimage).returns.resolves.toEqualTypeOf<ReimageOperation>();
  expectTypeOf(client.resume).parameter(0).toEqualTypeOf<string | SerializedOperation>();
  expectTypeOf<ReimageOperation>().not.toHaveProperty("then");
});

test("a state narrows by its status", () => {
  const state = {} as OperationState;
  if (state.status === "running") expectTypeOf(state.nextPollAt).toEqualTypeOf<number>();
  else if (state.status === "succeeded") expectTypeOf(state.endTime).toEqualTypeOf<string | undefined>();
  else expectTypeOf(state.error).toEqualTypeOf<ServiceError | undefined>();
});

test("an error narrows by its name", () => {
  const error = {} as AnyReimageError;
  expectTypeOf(error.started).toEqualTypeOf<"no" | "maybe" | "yes">();
  if (error.name === "InvalidInputError") expectTypeOf(error.issues[0]?.path).toEqualTypeOf<string | undefined>();
  if (error.name === "RequestRejectedError") expectTypeOf(error.started).toEqualTypeOf<"no">();
  if (error.name === "OutcomeUnknownError") expectTypeOf(error.reason).toExtend<string>();
  const thrown: unknown = error;
  if (isReimageError(thrown)) expectTypeOf(thrown).toEqualTypeOf<AnyReimageError>();
});
