// What may stand in the URL. The page only says "string": the rules are Azure's naming rules for each kind of resource.
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { operation } from "./contract.js";

const { apiVersion } = virtualMachinesReimageOperation;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const judges = new Map(operation.parameters.map((it) => [it.name, ajv.compile(it.schema)]));
const accepts = (name: string, value: unknown): boolean | undefined => judges.get(name)?.(value) as boolean | undefined;

const good: Record<string, string[]> = {
  subscriptionId: ["00000000-0000-0000-0000-000000000000", "1234abcd-12ab-34CD-56ef-1234567890AB"],
  resourceGroupName: ["a", "myResourceGroup", "rg-1_(test).x", "-", "_", "(", "гр٣", "x".repeat(90)],
  vmName: ["a", "myVMName", "vm.1-x_", "été", "a_", "x".repeat(64), "(vm)!", "-a", "日本"],
  "api-version": [apiVersion],
};

const bad: Record<string, unknown[]> = {
  subscriptionId: [
    "",
    "{subscriptionId}",
    "00000000-0000-0000-0000-00000000000",
    "00000000-0000-0000-0000-0000000000000",
    "00000000000000000000000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "00000000-0000-0000-0000-00000000000g",
    "00000000-0000-0000-0000-000000000000\n",
    "../00000-0000-0000-0000-000000000000",
    7,
    null,
  ],
  resourceGroupName: [
    "",
    ".",
    "..",
    "rg.",
    "a/b",
    "a b",
    "a%2e",
    "a?b",
    "a#b",
    "a\\b",
    "rg\n",
    "a\u0000",
    "😀",
    "½",
    "x".repeat(91),
    7,
    null,
    ["rg"],
  ],
  vmName: [
    ...[...'\\/"[]:|<>+=;,?*@&#% \t\n\u0000\u007f\u0085\u00a0\u2028\ufeff'].map((it) => `a${it}b`),
    ...["", ".", "..", "a.", "a-", "-", "_", "_a", ".a", "a\n", "a\ud800b", "\udc00", "x".repeat(65), 7, null, ["vm"]],
  ],
  "api-version": ["", "2024-03-02", `${apiVersion} `, 20240301],
};

const pairs = (table: Record<string, unknown[]>) =>
  Object.entries(table).flatMap(([name, all]) => all.map((value) => ({ name, value })));

test.each(pairs(good))("$name $value is a name", ({ name, value }) => {
  expect(accepts(name, value)).toBe(true);
});

test.each(pairs(bad))("$name $value is none", ({ name, value }) => {
  expect(accepts(name, value)).toBe(false);
});

test("a long name that spoils at its end is refused in a moment", () => {
  const started = performance.now();
  for (const name of judges.keys()) expect(accepts(name, `${"a.".repeat(50_000)}/`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});
