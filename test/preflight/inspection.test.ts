/** What an answer says of a VM, field by field, and what is said when it says nothing. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { failure, say } from "../rules/support-s.js";
import { diskId, documentOf, lookAt, osDisk } from "./support.js";

const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../spec/examples/${name}.json`, import.meta.url), "utf8")).value;

test("a VM is told by five answers and its state, and nothing of the rest", async () => {
  expect(await lookAt(documentOf())).toEqual({
    oldOsDisk: "kept",
    ephemeral: false,
    osType: "Windows",
    osDiskId: diskId,
    location: "West US",
    provisioningState: "Succeeded",
  });
});

test.each([
  ["vm-detach", { oldOsDisk: "kept", ephemeral: false, osType: "Windows" }],
  ["vm-delete", { oldOsDisk: "deleted", ephemeral: false, osType: "Linux" }],
  ["vm-ephemeral", { oldOsDisk: "reset", ephemeral: true, osType: "Linux" }],
])("the contract's sample %s is told as what it is", async (name, expected) => {
  expect(await lookAt(sample(name))).toEqual({
    ...expected,
    osDiskId: expect.stringMatching(/\/disks\/myOsDisk$/),
    location: "westus",
    provisioningState: "Succeeded",
  });
});

test("what was told is plain JSON, and nobody changes it", async () => {
  const told = await lookAt(documentOf());
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  expect(() => Object.assign(told, { oldOsDisk: "deleted" })).toThrow(TypeError);
  expect(Object.keys(await lookAt(documentOf({})))).toEqual([
    "oldOsDisk",
    "ephemeral",
    "location",
    "provisioningState",
  ]);
});

describe("the old OS disk", () => {
  test.each([
    ["Detach", "kept"],
    ["detach", "kept"],
    ["DETACH", "kept"],
    ["Delete", "deleted"],
    ["delete", "deleted"],
    ["dElEtE", "deleted"],
  ])("deleteOption %s means that it is %s, in any case", async (deleteOption, oldOsDisk) => {
    expect((await lookAt(documentOf({ ...osDisk, deleteOption }))).oldOsDisk).toBe(oldOsDisk);
  });

  test.each([
    undefined,
    null,
    "",
    " Detach",
    "Detach ",
    "ForceDetach",
    "None",
    "toString",
    "__proto__",
    true,
    1,
    [],
    {},
    ["Detach"],
  ])("a deleteOption of %j is unknown", async (deleteOption) => {
    expect((await lookAt(documentOf({ ...osDisk, deleteOption }))).oldOsDisk).toBe("unknown");
  });

  test.each(["Detach", "Delete", "", undefined])(
    "an ephemeral one is reset, whatever its deleteOption (%j)",
    async (deleteOption) => {
      for (const option of ["Local", "local", "LOCAL"]) {
        const told = await lookAt(
          documentOf({ ...osDisk, diffDiskSettings: { option, placement: "CacheDisk" }, deleteOption }),
        );
        expect(told).toMatchObject({ oldOsDisk: "reset", ephemeral: true, osDiskId: diskId });
      }
    },
  );

  test.each([null, undefined])("diffDiskSettings of %j are none", async (diffDiskSettings) => {
    expect(await lookAt(documentOf({ ...osDisk, diffDiskSettings }))).toMatchObject({
      oldOsDisk: "kept",
      ephemeral: false,
    });
  });

  test.each([
    {},
    { option: null },
    { option: "Remote" },
    { option: ["Local"] },
    { Option: "Local" },
    [],
    ["Local"],
    "Local",
    true,
    0,
    "",
  ])("diffDiskSettings of %j are not understood: neither ephemeral nor kept", async (diffDiskSettings) => {
    const told = await lookAt(documentOf({ ...osDisk, diffDiskSettings }));
    expect(told).toMatchObject({ oldOsDisk: "unknown", ephemeral: false });
  });
});

describe("the other fields", () => {
  test.each([
    ["Windows", "Windows"],
    ["windows", "Windows"],
    ["LINUX", "Linux"],
    ["linux", "Linux"],
  ])("osType %s is %s", async (said, osType) => {
    expect((await lookAt(documentOf({ ...osDisk, osType: said }))).osType).toBe(osType);
  });

  test.each([undefined, null, "", "Plan9", "constructor", 1, {}, ["Linux"]])(
    "an osType of %j is absent",
    async (osType) => {
      expect(await lookAt(documentOf({ ...osDisk, osType }))).not.toHaveProperty("osType");
    },
  );

  test.each([undefined, null, {}, { id: null }, { id: "" }, { id: 7 }, { id: [diskId] }, [], diskId, { ID: diskId }])(
    "the id of a managed disk of %j is absent",
    async (managedDisk) => {
      expect(await lookAt(documentOf({ ...osDisk, managedDisk }))).not.toHaveProperty("osDiskId");
    },
  );

  test("an unmanaged OS disk has no id, and is told all the same", async () => {
    const { managedDisk: _, ...unmanaged } = { ...osDisk, vhd: { uri: "https://x.blob.core.windows.net/vhds/os.vhd" } };
    const { osDiskId, ...told } = await lookAt(documentOf(unmanaged));
    expect([osDiskId, told.oldOsDisk]).toEqual([undefined, "kept"]);
  });

  test.each(["Updating", "Failed", "Anything else"])(
    "a provisioningState of %s is told as it is",
    async (provisioningState) => {
      expect((await lookAt(documentOf(osDisk, { provisioningState }))).provisioningState).toBe(provisioningState);
    },
  );

  test.each([undefined, null, "", 7, {}, []])("a provisioningState of %j is absent", async (provisioningState) => {
    expect(await lookAt(documentOf(osDisk, { provisioningState }))).not.toHaveProperty("provisioningState");
  });

  const nothing = { oldOsDisk: "unknown", ephemeral: false, location: "westus" };
  test.each([
    ["no properties", {}],
    ["null for properties", { properties: null }],
    ["a list for properties", { properties: [documentOf().properties] }],
    ["no storageProfile", { properties: {} }],
    ["null for storageProfile", { properties: { storageProfile: null } }],
    ["a text for storageProfile", { properties: { storageProfile: "osDisk" } }],
    ["no osDisk", { properties: { storageProfile: {} } }],
    ["null for osDisk", { properties: { storageProfile: { osDisk: null } } }],
    ["a list for osDisk", { properties: { storageProfile: { osDisk: [osDisk] } } }],
  ])("an answer with %s says nothing of the disk", async (_, more) => {
    expect(await lookAt({ location: "westus", ...more })).toEqual(nothing);
  });

  test.each([
    ["at the top", `{"location":"westus","__proto__":${JSON.stringify(documentOf())}}`],
    [
      "of the disk",
      `{"location":"westus","properties":{"storageProfile":{"osDisk":{"__proto__":${JSON.stringify(osDisk)}}}}}`,
    ],
    ["of the constructor", `{"location":"westus","constructor":{"prototype":${JSON.stringify(documentOf())}}}`],
  ])("a prototype %s says nothing, and pollutes nothing", async (_, text) => {
    expect(await lookAt(text)).toEqual(nothing);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("properties" in {}).toBe(false);
  });

  test("a property that was put on every object by somebody else is not the service's", async () => {
    Object.assign(Object.prototype, { deleteOption: "Detach", osType: "Linux" });
    try {
      expect(await lookAt({ location: "westus", properties: { storageProfile: { osDisk: {} } } })).toEqual(nothing);
    } finally {
      for (const name of ["deleteOption", "osType"]) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});

describe("an answer that is no VM", () => {
  test.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["an empty object", "{}"],
    ["null", "null"],
    ["a list", "[]"],
    ["a list with a VM in it", JSON.stringify([documentOf()])],
    ["a text", '"westus"'],
    ["true", "true"],
    ["HTML", "<!DOCTYPE html><html><body>Sign in</body></html>"],
    ["truncated JSON", JSON.stringify(documentOf()).slice(0, -1)],
    ["JSON with something after it", `${JSON.stringify(documentOf())} OK`],
    ["a VM without a location", { ...documentOf(), location: undefined }],
    ["a location that is null", { ...documentOf(), location: null }],
    ["a location that is empty", { ...documentOf(), location: "" }],
    ["a location that is no text", { ...documentOf(), location: ["westus"] }],
    ["a location on the prototype", '{"__proto__":{"location":"westus"}}'],
    ["an error with the status of a success", { error: { code: "Odd", message: "no" } }],
  ])("%s is refused, and not quoted", async (_, body) => {
    const error = await failure(lookAt(say(200, body)));
    expect(error).toMatchObject({ name: "RequestRejectedError", started: "no", status: 200 });
    expect(error.message).toMatch(
      /^Reimage of vm-one \(rg-one, subscription \S+\) has no preflight: answered, but not with a VM(: Odd: no)?\. This call changed nothing\.$/,
    );
  });

  test("a VM with another status than 200 is none", async () => {
    for (const status of [201, 202, 203]) {
      const error = await failure(lookAt(say(status, documentOf())));
      expect(error).toMatchObject({ name: "RequestRejectedError", status });
    }
  });
});
