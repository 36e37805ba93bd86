// The definitions against the reference page, typed by hand from its tables.
import { expect, test } from "vitest";
import { accepts, type Schema, schemas } from "./contract.js";

const text = (description: string) => ["string", description];
const definitions = {
  ApiError: {
    description: "Api error.",
    properties: {
      code: text("The error code."),
      details: ["ApiErrorBase[]", "The Api error details"],
      innererror: ["InnerError", "The Api inner error"],
      message: text("The error message."),
      target: text("The target of the particular error."),
    },
  },
  ApiErrorBase: {
    description: "Api error base.",
    properties: {
      code: text("The error code."),
      message: text("The error message."),
      target: text("The target of the particular error."),
    },
  },
  CloudError: {
    description: "An error response from the Compute service.",
    properties: { error: ["ApiError", "Api error."] },
  },
  InnerError: {
    description: "Inner error details.",
    properties: {
      errordetail: text("The internal error message or exception dump."),
      exceptiontype: text("The exception type."),
    },
  },
  OSProfileProvisioningData: {
    description: "Specifies information required for reimaging the non-ephemeral OS disk.",
    properties: {
      adminPassword: ["string", expect.stringMatching(/^Specifies the password of the administrator account\./)],
      customData: text(
        "Specifies a base-64 encoded string of custom data. The base-64 encoded string is decoded to a binary array that is saved as a file on the Virtual Machine. The maximum length of the binary array is 65535 bytes. Note: Do not pass any secrets or passwords in customData property. This property cannot be updated after the VM is created. The property customData is passed to the VM to be saved as a file, for more information see Custom Data on Azure VMs. If using cloud-init for your Linux VM, see Using cloud-init to customize a Linux VM during creation.",
      ),
    },
  },
  VirtualMachineReimageParameters: {
    description: "Parameters supplied to the Reimage Virtual Machine operation.",
    properties: {
      exactVersion: text(
        "Specifies in decimal number, the version the OS disk should be reimaged to. If exact version is not provided, the OS disk is reimaged to the existing version of OS Disk.",
      ),
      osProfile: [
        "OSProfileProvisioningData",
        "Specifies information required for reimaging the non-ephemeral OS disk.",
      ],
      tempDisk: [
        "boolean",
        "Specifies whether to reimage temp disk. Default value: false. Note: This temp disk reimage parameter is only supported for VM/VMSS with Ephemeral OS disk.",
      ],
    },
  },
};

const nameIn = (reference = ""): string => reference.slice(reference.lastIndexOf("/") + 1);

/** The type and the description of a property, as the page's tables show them. */
function row(property: Schema): [type: string | undefined, description: string | undefined] {
  if (property.type === "array") return [`${nameIn(property.items?.$ref)}[]`, property.description];
  const named = nameIn(property.$ref);
  return [property.type ?? named, property.description ?? schemas[named]?.description];
}

test.each(Object.entries(definitions))(
  "%s has the page's properties, types and descriptions, all optional",
  (name, expected) => {
    const schema = schemas[name] ?? {};
    const rows = Object.entries(schema.properties ?? {}).map(([property, it]) => [property, row(it)]);
    expect({ description: schema.description, properties: Object.fromEntries(rows) }).toEqual(expected);
    expect([schema.type, schema.required]).toEqual(["object", undefined]);
  },
);

test("the page's default is documented and not more than that", () => {
  expect(schemas.VirtualMachineReimageParameters?.properties?.tempDisk?.default).toBe(false);
});

test.each([
  "Minimum-length (Windows): 8 characters",
  "Minimum-length (Linux): 6 characters",
  "Max-length (Windows): 123 characters",
  "Max-length (Linux): 72 characters",
  "Complexity requirements: 3 out of 4 conditions below need to be fulfilled",
  "Has lower characters",
  "Has upper characters",
  "Has a digit",
  "Has a special character (Regex match [\\W_])",
  'Disallowed values: "abc@123", "P@$$w0rd", "P@ssw0rd", "P@ssword123", "Pa$$word", "pass@word1", "Password!", "Password1", "Password22", "iloveyou!"',
  "For resetting the password, see How to reset the Remote Desktop service or its login password in a Windows VM",
  "For resetting root password, see Manage users, SSH, and check or repair disks on Azure Linux VMs using the VMAccess Extension",
])("adminPassword documents: %s", (line) => {
  expect(schemas.OSProfileProvisioningData?.properties?.adminPassword?.description?.split("\n")).toContainEqual(
    expect.stringMatching(new RegExp(`^(- )?${line.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`)),
  );
});

test.each([
  { tempdisk: true },
  { osProfile: { adminUsername: "root" } },
  { tempDisk: "true" },
  { tempDisk: null },
  { exactVersion: 7 },
  { osProfile: [] },
])("the unknown or ill-typed %o is refused", (parameters) => {
  expect(accepts("VirtualMachineReimageParameters", parameters)).toBe(false);
});

test("nothing is asked for: an empty object is accepted", () => {
  expect(accepts("VirtualMachineReimageParameters", {})).toBe(true);
  expect(accepts("VirtualMachineReimageParameters", { osProfile: {} })).toBe(true);
});

test("the error definitions accept what the page's do, extra properties included", () => {
  const innererror = { exceptiontype: "System.Exception", errordetail: "at …" };
  const error = {
    code: "BadRequest",
    message: "No.",
    target: "vm",
    details: [{ code: "a", message: "b", target: "c" }],
    innererror,
  };
  expect(accepts("CloudError", { error, more: 1 })).toBe(true);
  expect(accepts("CloudError", { error: { ...error, innererror: { exceptiontype: 7 } } })).toBe(false);
});
