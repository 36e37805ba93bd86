// What the page says of adminPassword and customData in prose, the schemas refuse and accept.
import { expect, test } from "vitest";
import { accepts, acceptsProfile, schemas } from "./contract.js";

test.each(["adminPassword", "customData"])("%s is a secret that no answer repeats", (name) => {
  expect(schemas.OSProfileProvisioningData?.properties?.[name]).toMatchObject({
    writeOnly: true,
    format: "password",
    "x-ms-secret": true,
  });
});

const disallowed = [
  "abc@123",
  "P@$$w0rd",
  "P@ssw0rd",
  "P@ssword123",
  "Pa$$word",
  "pass@word1",
  "Password!",
  "Password1",
  "Password22",
  "iloveyou!",
];

test.each(disallowed)(
  "the disallowed password %s is refused, and a longer one that holds it is not",
  (adminPassword) => {
    expect(acceptsProfile({ adminPassword })).toBe(false);
    expect(acceptsProfile({ adminPassword: `${adminPassword}-And-1-More` })).toBe(true);
  },
);

test.each([
  [5, { windows: false, linux: false, either: false }],
  [6, { windows: false, linux: true, either: true }],
  [7, { windows: false, linux: true, either: true }],
  [8, { windows: true, linux: true, either: true }],
  [72, { windows: true, linux: true, either: true }],
  [73, { windows: true, linux: false, either: true }],
  [123, { windows: true, linux: false, either: true }],
  [124, { windows: false, linux: false, either: false }],
])("a password of %i characters: %o", (length, expected) => {
  const adminPassword = "Aa1".padEnd(length, "x");
  expect({
    windows: accepts("WindowsAdminPassword", adminPassword),
    linux: accepts("LinuxAdminPassword", adminPassword),
    either: acceptsProfile({ adminPassword }),
  }).toEqual(expected);
});

const classes = { lower: "abcdefg", upper: "ABCDEFG", digit: "1234567", special: "!-()_ ~" };
const mixes = Array.from({ length: 16 }, (_, bits) => Object.entries(classes).filter((_, bit) => bits & (1 << bit)))
  .filter((mix) => mix.length > 0)
  .map((mix) => ({
    names: mix.map(([name]) => name).join(", "),
    password: mix.map(([, some]) => some).join(""),
    count: mix.length,
  }));

test.each(mixes)("a password of $names is accepted for three classes and no fewer", ({ password, count }) => {
  const long = password.repeat(2);
  const backwards = [...long].reverse().join("");
  for (const adminPassword of [long, backwards]) {
    expect(accepts("WindowsAdminPassword", adminPassword)).toBe(count >= 3);
    expect(accepts("LinuxAdminPassword", adminPassword)).toBe(count >= 3);
    expect(acceptsProfile({ adminPassword })).toBe(count >= 3);
  }
});

test("an underscore, a line break and a letter outside ASCII count for their class", () => {
  for (const adminPassword of ["abcdef_1", "abcdef\n1", "ÄÖÜäöü99"])
    expect(acceptsProfile({ adminPassword })).toBe(true);
});

test("custom data of 65535 bytes is accepted and one byte more is refused", () => {
  const encoded = (bytes: number): string => Buffer.alloc(bytes, 0xff).toString("base64");
  expect(acceptsProfile({ customData: encoded(65535) })).toBe(true);
  expect(acceptsProfile({ customData: encoded(65536) })).toBe(false);
});

test.each(["", "QQ==", "QUI=", "QUJD", "+/+/"])("custom data %o is base64", (customData) => {
  expect(acceptsProfile({ customData })).toBe(true);
});

test.each(["QQ", "QQ=", "Q===", "QQ==QQ==", "Q Q=", "QUJD\n", "_-_-", "=QQQ"])(
  "custom data %o is no base64",
  (customData) => {
    expect(acceptsProfile({ customData })).toBe(false);
  },
);

test("custom data that spoils at its end is refused in a moment", () => {
  const started = performance.now();
  expect(acceptsProfile({ customData: `${"A".repeat(87379)}!` })).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});
