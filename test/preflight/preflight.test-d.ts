import { expectTypeOf, test } from "vitest";
import { createReimageClient, type OsType, type VirtualMachine } from "../../src/index.js";
import { type Inspection, inspect, keepOsDiskCommand, reconcile } from "../../src/preflight/index.js";

const client = createReimageClient({ credential: () => "token" });
const before = {} as Inspection;

test("a look resolves to an inspection, of either form of a VM, with a signal or without", () => {
  expectTypeOf(inspect).returns.resolves.toEqualTypeOf<Inspection>();
  expectTypeOf(inspect).parameter(1).toEqualTypeOf<VirtualMachine>();
  void inspect(client, "/subscriptions/…", { signal: new AbortController().signal });
  void inspect(client, { subscriptionId: "", resourceGroupName: "", vmName: "" }, {});
  // @ts-expect-error a client is needed
  void inspect({ credential: () => "token" }, "/subscriptions/…");
  // @ts-expect-error a misspelt option
  void inspect(client, "/subscriptions/…", { signl: undefined });
});

test("an inspection is as it is documented, and cannot be written to", () => {
  expectTypeOf<Inspection>().toEqualTypeOf<{
    readonly oldOsDisk: "kept" | "deleted" | "reset" | "unknown";
    readonly ephemeral: boolean;
    readonly osType?: OsType;
    readonly osDiskId?: string;
    readonly location: string;
    readonly provisioningState?: string;
  }>();
  // @ts-expect-error it is read-only
  before.ephemeral = true;
});

test("what it tells goes into a reimage as it is", () => {
  const { osType, ephemeral } = before;
  void client.reimage("/subscriptions/…", { tempDisk: ephemeral }, { ...(osType && { osType }) });
});

test("two looks give one of two verdicts, and a VM a line", () => {
  expectTypeOf(reconcile).toEqualTypeOf<(before: Inspection, after: Inspection) => "happened" | "cannot tell">();
  expectTypeOf(keepOsDiskCommand).toEqualTypeOf<(vm: VirtualMachine) => string>();
  // @ts-expect-error a saved text is not read back by itself
  reconcile("{}", before);
});
