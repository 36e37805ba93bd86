// `redocly diff` takes a process and most of a second, so edits that do not meddle with each other share a comparison.
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { Contract } from "../../scripts/breaking/names.js";
import { rate } from "../../scripts/breaking/rate.js";
import type { Impact } from "../../scripts/breaking/redocly-diff.js";
import { isAtLeast, lowestVersion, refuse, refuseNoVersion } from "../../scripts/breaking/versions.js";
import { checkBreaking, type Gate, main } from "../../scripts/breaking.js";
import { alone, breaking, type Changes, compatible, redrawn, textual } from "./changes.js";
import { type Edit, editedSinceRelease, root } from "./copy.js";

const { info } = parse(readFileSync(join(root, "spec/openapi.yaml"), "utf8")) as Contract;
const now = info.version;

vi.setConfig({ testTimeout: 60_000 });

const gate = (edits: readonly Edit[], version = now): Promise<Gate> =>
  checkBreaking(editedSinceRelease(...edits), version);
const all = (changes: Changes): Edit[] => Object.values(changes).flatMap((it) => it.edit);

/** Each of `changes` is among the reasons of that impact, and nothing else is. */
function expectReasons({ reasons }: Gate, impact: Impact, changes: Changes): void {
  const messages = reasons.filter((it) => it.impact === impact).map((it) => it.message);
  const unsaid = Object.entries(changes).filter(([, { says }]) => !messages.some((message) => says.test(message)));
  const unexpected = messages.filter((message) => !Object.values(changes).some(({ says }) => says.test(message)));
  expect({ unsaid: unsaid.map(([name]) => name), unexpected }).toEqual({ unsaid: [], unexpected: [] });
}

test.concurrent("the unchanged contract is no change", async () => {
  expect(await gate([])).toEqual({ verdict: "none", reasons: [], lowest: now, current: now });
});

test.concurrent.each([
  ["detail", breaking],
  ["larger thing", redrawn],
  ...Object.entries(alone).map(([name, change]): [string, Changes] => [name, { [name]: change }]),
])("a major change is noticed: %s", async (_, changes) => {
  const found = await gate(all(changes));
  expectReasons(found, "major", changes);
  expect(found.verdict).toBe("major");
  expect(found.refusal).toContain("bump the major in package.json");
});

test.concurrent("what accepts or tells more is a minor change and passes", async () => {
  const found = await gate(all(compatible));
  expectReasons(found, "minor", compatible);
  expect(found).toMatchObject({ verdict: "minor" });
  expect(found.refusal).toBeUndefined();
});

test.concurrent("other words are a patch and pass", async () => {
  const found = await gate(all(textual));
  expectReasons(found, "patch", textual);
  expect(found).toMatchObject({ verdict: "patch" });
  expect(found.refusal).toBeUndefined();
});

test.concurrent("a breaking change passes with a new major; the weightiest reason comes first and says where", async () => {
  const edits = [
    { from: "description: Accepted", to: "description: Taken" },
    { from: "default: false", to: "default: true" },
    { from: `version: ${now}`, to: "version: 99.0.0" },
  ];
  const { verdict, reasons, refusal } = await gate(edits, "99.0.0");
  expect({ verdict, refusal }).toEqual({ verdict: "major", refusal: undefined });
  expect(reasons.map((it) => it.impact)).toEqual(["major", "patch"]);
  expect(reasons[0]?.where).toMatch(/openapi\.yaml:\d+:\d+$/);
});

test.concurrent("a contract that cannot be read is an error in Redocly's words", async () => {
  const found = gate([{ from: "openapi: 3.1.1", to: 'openapi: "3.1.1' }]);
  await expect(found).rejects.toThrow(
    /^redocly diff cannot compare \S+released\.yaml with \S+openapi\.yaml: .*\(\d+:\d+\)$/,
  );
});

test.each([
  ["0.1.0", "0.2.0", false],
  ["0.1.0", "1.0.0", true],
  ["1.4.0", "1.5.0", false],
  ["2.0.0", "1.9.9", false],
  ["9.4.0", "10.0.0", true],
  ["1.4.0", "2.0.0-beta.1", true],
])("released as %s, a breaking change in %s passes: %s", (released, packaged, passes) => {
  expect(refuse("major", { released, packaged, current: packaged }) === undefined).toBe(passes);
});

test.each([
  ["major", "1.4.2", "2.0.0", ["2.0.0", "2.0.0-beta.1", "10.0.0"], ["1.5.0", "1.99.0"]],
  ["minor", "0.1.0", "0.2.0", ["0.2.0", "0.10.0", "1.0.0"], ["0.1.9", "0.1.0"]],
  ["patch", "0.9.9", "0.9.10", ["0.9.10", "0.10.0"], ["0.9.9", "0.9.8"]],
  ["none", "0.1.0", "0.1.0", ["0.1.0", "0.1.1"], ["0.0.9"]],
] as const)("a %s change after %s is released as %s at least", (impact, released, lowest, high, low) => {
  expect(lowestVersion(impact, released)).toBe(lowest);
  expect(high.filter((version) => !isAtLeast(version, lowest))).toEqual([]);
  expect(low.filter((version) => isAtLeast(version, lowest))).toEqual([]);
});

describe("--release copies the contract", () => {
  const minor = [compatible["a widened maxLength"]?.edit ?? []].flat();
  const [nextPatch, nextMinor] = [lowestVersion("patch", now), lowestVersion("minor", now)];
  const major = [{ from: "maxLength: 123", to: "maxLength: 100" }];
  const versioned = [...minor, { from: `version: ${now}`, to: `version: ${nextMinor}` }];

  test.concurrent.for([
    [
      "not as a patch, when something is new",
      minor,
      "--release",
      nextPatch,
      1,
      `To be released as ${nextMinor} at least; package.json has ${nextPatch}. When it is released: set the version in package.json`,
    ],
    [
      "as a minor, when something is new",
      versioned,
      "--release",
      nextMinor,
      0,
      `Wrote spec/released.yaml: the contract of version ${nextMinor}.`,
    ],
    [
      "not under another version than the contract says",
      minor,
      "--release",
      nextMinor,
      1,
      `package.json has version ${nextMinor}, info.version of spec/openapi.yaml is ${now}: a release has one.`,
    ],
    ["not as a minor, when something breaks", major, "--release", nextMinor, 1, `Version ${nextMinor} may not break`],
    ["not without being told to", minor, "", nextMinor, 0, "released.yaml: minor"],
  ] as const)("%s", async ([, edits, option, version, code, says], { onTestFinished }) => {
    const root = mkdtempSync(join(tmpdir(), "release-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const spec = join(root, "spec");
    cpSync(editedSinceRelease(...edits), spec, { recursive: true });
    writeFileSync(join(root, "package.json"), JSON.stringify({ version }));
    const said: string[] = [];
    const print = (text: string) => void said.push(text);
    expect(await main(option ? [option] : [], { root, log: print, error: print })).toBe(code);
    expect(said.join("\n")).toContain(says);
    const [now, released] = ["openapi", "released"].map((name) => readFileSync(join(spec, `${name}.yaml`), "utf8"));
    expect(now === released).toBe(option !== "" && code === 0);
    expect(said.join("\n").includes("Wrote spec/released.yaml")).toBe(now === released);
  });
});

test("a sample that is gone, to which the released contract refers, is told by its name", async () => {
  const spec = editedSinceRelease({ from: "examples/reimage.json", to: "examples/renamed.json" });
  renameSync(join(spec, "examples/reimage.json"), join(spec, "examples/renamed.json"));
  await expect(checkBreaking(spec, now)).rejects.toThrow(/released\.yaml refers to .*reimage\.json, which is gone/);
});

test.each([
  ["PathItem", "#/paths/~1things~1{thing}", "Path `/things/{thing}` was added"],
  ["Schema", "#/components/schemas/Answer/properties/headers/properties/at", "Property `at` was added"],
  ["Schema", "#/components/schemas/Answer/properties/headers/items", "Schema of `headers` was added"],
] as const)("what was added is told by the innermost name: %s %s", (typeName, path, says) => {
  expect(rate({ path, typeName, kind: "added", impact: "minor", verdicts: [] }).message).toBe(says);
});

test.each([
  ["package.json has the version next", { packaged: "next" }],
  ["info.version of spec/openapi.yaml is 0.2", { current: "0.2" }],
  ["info.version of spec/released.yaml is 1.x", { released: "1.x" }],
])("%s: that is told in one line", (says, versions) => {
  const all = { released: "0.1.0", current: "0.1.0", packaged: "0.1.0" };
  expect(() => refuseNoVersion({ ...all, ...versions })).toThrow(
    new Error(`${says}: that is no version, which is like 1.2.3.`),
  );
});

test("a version that is none is no mistake of the script, for which it would print a stack", async () => {
  const found = checkBreaking(editedSinceRelease({ from: `version: ${now}`, to: "version: next" }), now);
  await expect(found).rejects.toMatchObject({
    name: "Error",
    message: expect.stringMatching(/^info\.version .* next: /),
  });
});

test("smaller changes pass under any version", () => {
  for (const impact of ["none", "patch", "minor"] as const) {
    expect(refuse(impact, { released: "0.1.0", current: "0.1.0", packaged: "0.1.0" })).toBeUndefined();
  }
});

test("the contract cannot keep an old major: a copy of it would excuse the next breaking change", () => {
  expect(refuse("none", { released: "1.0.0", current: "1.0.0", packaged: "2.0.0" })).toContain("the same major");
  expect(refuse("major", { released: "1.0.0", current: "1.0.0", packaged: "2.0.0" })).toContain("the same major");
});
