/** The generated validators refuse what ajv refuses, and never say what they were given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as generated from "../../generated/index.js";
import { pascalCase } from "../../scripts/generate/code.js";
import { contract, judge } from "./contract.js";

type Validate = (value: unknown, path?: string) => generated.Issue[];

const { validateOSProfileProvisioningData, validateVirtualMachineReimageParameters, validateVmName } = generated;
const { path: names, requests } = generated.virtualMachinesReimageExamples;
const [post] = Object.values(contract.document.paths ?? {}).flatMap((item) => item.post ?? []);
const disallowed = ["abc@123", "P@$$w0rd", "Password1", "iloveyou!"];
const obedient = [
  "not-a-real-Passw0rd",
  "aB3___",
  "ÄÖß99x!!",
  "I2Nsb3VkLWNvbmZpZwo=",
  ...Object.values(names),
  "a0b1c2d3-e4f5-6789-abcd-ef0123456789",
];

const limits = [...JSON.stringify(contract.document).matchAll(/"m(?:in|ax)Length":(\d+)/g)].map(([, text]) =>
  Number(text),
);
/** One or more of each class that some rule tells apart. */
const characters = [...'aéZÄ3٣Ⅷ½ªǅ_-.!() \\/"[]:|<>+=;,?*@&#%\t\n\0猫😀', "\ud800"];

/** Texts near the borders of the rules: their lengths, their alphabets, and small edits of what obeys them. */
const texts = fc.oneof(
  fc.constantFrom(...disallowed, ...obedient),
  fc
    .tuple(
      fc.constantFrom("", "aB3_"),
      fc.constantFrom("A", "😀"),
      fc.constantFrom(...limits),
      fc.constantFrom(-4, -1, 0, 1, 4),
    )
    .map(([start, unit, limit, more]) => start + unit.repeat(Math.max(0, limit + more - start.length))),
  fc
    .subarray(characters, { minLength: 1, maxLength: 3 })
    .chain((few) => fc.string({ unit: fc.constantFrom(...few), minLength: 1, maxLength: 12 })),
  fc
    .tuple(fc.constantFrom(...obedient), fc.nat(40), fc.nat(2), fc.constantFrom("", ...characters))
    .map(([text, at, length, edit]) => text.slice(0, at) + edit + text.slice(at + length)),
  fc.constantFrom(...obedient).map((text) => text.toUpperCase()),
  fc.string({ unit: "binary", maxLength: 130 }),
  fc.base64String({ maxLength: 200 }),
);

const profiles = objects({ adminPassword: texts, customData: texts });
const bodies = objects({ exactVersion: texts, osProfile: profiles, tempDisk: fc.boolean() });
const values = fc.oneof({ weight: 4, arbitrary: texts }, profiles, bodies, fc.jsonValue());

/** Objects of the known properties, sometimes with another value or another property: what JSON.parse could bring. */
function objects(known: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const right = Object.entries(known).map(([name, value]) => fc.tuple(fc.constant(name), value));
  const wrong = fc.tuple(fc.constantFrom(...Object.keys(known), "__proto__", "toString", "tempdisk"), fc.jsonValue());
  const entries = fc.oneof(...right.map((arbitrary) => ({ weight: 6, arbitrary })), { weight: 1, arbitrary: wrong });
  return fc.array(entries, { maxLength: 4 }).map((all) => Object.fromEntries(all));
}

describe("the verdict is ajv's", () => {
  const schemas = [
    "VirtualMachineReimageParameters",
    "OSProfileProvisioningData",
    "WindowsAdminPassword",
    "LinuxAdminPassword",
  ];
  const parameters = (post?.parameters ?? []).map(({ name, schema }) => [pascalCase(name), schema] as const);
  const subjects = [
    ...schemas.map((name) => [name, judge(contract.document, `/components/schemas/${name}`)] as const),
    ...parameters.map(([name, schema]) => [name, judge({ schema }, "/schema")] as const),
  ];

  test.each(subjects)("on %s", (name, accepts) => {
    const validate = (generated as unknown as Record<string, Validate>)[`validate${name}`];
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(values, (value) => {
        const verdict = accepts(value);
        seen[verdict ? "accepted" : "refused"]++;
        expect(validate?.(value).length === 0).toBe(verdict);
      }),
      { numRuns: 4000 },
    );
    expect(seen.refused).toBeGreaterThan(100);
    if (name !== "ApiVersion") expect(seen.accepted).toBeGreaterThan(50);
  });
});

describe("an issue", () => {
  const body = { tempDisk: "yes", osProfile: { adminPassword: "hunter", customData: 7 }, osprofile: {} };

  test("says where, and the rule in words", () => {
    expect(validateVirtualMachineReimageParameters(body)).toEqual([
      { path: "tempDisk", rule: "must be true or false" },
      { path: "osProfile.adminPassword", rule: expect.stringMatching(/^must have 8 to 123 .* three of/) },
      { path: "osProfile.customData", rule: expect.stringMatching(/base64/) },
      { path: "osprofile", rule: "is not a known property" },
    ]);
  });

  test("stands below the path that the caller gives", () => {
    expect(validateOSProfileProvisioningData({ customData: 1 }, "a.b")).toMatchObject([{ path: "a.b.customData" }]);
    expect(validateVmName("", "vmName")).toMatchObject([{ path: "vmName" }]);
    expect(validateVirtualMachineReimageParameters(null)).toMatchObject([{ path: "" }]);
  });

  test("never holds a value", () => {
    const marked = fc.string({ minLength: 1 }).map((text) => `§${text}§`);
    const secrets = fc.oneof(marked, fc.array(marked), fc.dictionary(fc.constantFrom("a", "b"), marked));
    const profile = fc.record({ adminPassword: secrets, customData: secrets }, { requiredKeys: [] });
    const all = fc.record({
      exactVersion: secrets,
      osProfile: fc.oneof(profile, secrets),
      tempDisk: secrets,
      other: secrets,
    });
    fc.assert(
      fc.property(all, (value) => {
        expect(JSON.stringify(validateVirtualMachineReimageParameters(value))).not.toContain("§");
      }),
    );
  });

  test.each([
    ["x".repeat(10_000), `"${"x".repeat(64)}"`],
    ["a b", '"a b"'],
    ["a.b", '"a.b"'],
    ["", '""'],
    ['"\n\u2028\ud800', JSON.stringify('"\n\u2028\ud800')],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
  ])("names an unknown property, escaped and cut: %#", (name, shown) => {
    const value = Object.fromEntries([[name, 1]]);
    expect(validateVirtualMachineReimageParameters(value)).toEqual([{ path: shown, rule: "is not a known property" }]);
  });
});

describe("a value", () => {
  test.each(Object.entries(requests))("of the contract's samples is accepted: %s", (_, request) => {
    expect(validateVirtualMachineReimageParameters(request)).toEqual([]);
  });

  test("that is undefined is not set", () => {
    const body = { tempDisk: undefined, osProfile: { adminPassword: undefined }, other: undefined };
    expect(validateVirtualMachineReimageParameters(body)).toEqual([]);
  });

  test("counts with its own properties alone", () => {
    expect(validateVirtualMachineReimageParameters(Object.create({ other: 1, tempDisk: "yes" }))).toEqual([]);
    expect(validateVirtualMachineReimageParameters(Object.assign(Object.create(null), { tempDisk: true }))).toEqual([]);
  });

  test("of custom data ends at 65535 bytes", () => {
    const encoded = (bytes: number) => Buffer.alloc(bytes).toString("base64");
    expect(validateOSProfileProvisioningData({ customData: encoded(65_535) })).toEqual([]);
    expect(validateOSProfileProvisioningData({ customData: encoded(65_536) })).toMatchObject([{ path: "customData" }]);
  });

  test("is measured in characters, not in UTF-16 units", () => {
    expect(generated.validateLinuxAdminPassword(`aB3${"😀".repeat(69)}`)).toEqual([]);
    expect(generated.validateLinuxAdminPassword(`aB3${"😀".repeat(70)}`)).toHaveLength(1);
  });
});

test("no pattern of the contract takes more than linear time", () => {
  const patterns = [...JSON.stringify(contract.document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = ""]) => new RegExp(JSON.parse(text), "u"),
  );
  expect(patterns.length).toBeGreaterThanOrEqual(5);
  const start = performance.now();
  for (const pattern of patterns) {
    for (const unit of ["a", "A", "1", "_", ".", "-", "AAAA", "aA", "00000000-0000-", "é", "=", "\n"]) {
      for (const end of ["", "!", "=", ".", "\n", "\0"]) pattern.test(unit.repeat(100_000) + end);
    }
  }
  // Quadratic would be hours.
  expect(performance.now() - start).toBeLessThan(20_000);
});
