/** `npm run check:package` can fail: each of its questions is put to a package that deserves a no. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Check, complain, type Subject } from "../../scripts/check-package/check.js";
import { filesCheck, strangers } from "../../scripts/check-package/files.js";
import { installCheck } from "../../scripts/check-package/install.js";
import { deadEnds } from "../../scripts/check-package/maps.js";
import { commandCheck, importCheck } from "../../scripts/check-package/modules.js";
import { foreignCheck, namedIn, ours } from "../../scripts/check-package/types.js";
import { verdictOf } from "../../scripts/check-package.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-made-up-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** A made-up package as if installed; what Node prints in its project is made up as well. */
function installed(files: Readonly<Record<string, string>>, printed = ""): Subject {
  const sizes = Object.entries(files).map(([path, text]) => ({ path, size: text.length }));
  for (const [path, text] of Object.entries(files)) write(`node_modules/made-up/${path}`, text);
  write("node_modules/.package-lock.json", JSON.stringify({ packages: { "node_modules/made-up": {} } }));
  return {
    root: folder,
    manifest: {
      name: "made-up",
      exports: { ".": { types: "./dist/src/index.d.ts", default: "./dist/src/index.js" } },
      bin: { "made-up": "./dist/src/bin.js" },
    },
    project: {
      ...{ folder, packed: { tarball: "", files: sizes }, write, borrow: () => {}, remove: () => {} },
      node: async () => printed,
      compile: async () => "",
    },
  };
}
const modules = { "dist/src/index.js": "", "dist/src/index.d.ts": "", "dist/src/bin.js": "" };

test("a key, a source, a map and a test are no part of the package", () => {
  const strange = ["key.pem", "dist/src/key.pem", "src/index.ts", "dist/src/index.js.map", "test/a.js", ".env"];
  expect(strangers([...strange, "package.json", "dist/src/cli/main.js", "dist/generated/arm/schema.d.ts"])).toEqual(
    strange,
  );
});

test("what package.json leads to and what was not packed are told apart", async () => {
  await expect(filesCheck.run(installed({ ...modules, "notes.txt": "" }))).rejects.toThrow("notes.txt");
  const { "dist/src/bin.js": _, ...unbuilt } = modules;
  await expect(filesCheck.run(installed(unbuilt))).rejects.toThrow("dist/src/bin.js");
  await expect(filesCheck.run(installed(modules))).resolves.toBe("3 files");
});

test("an install that is too heavy is told apart by its packages", async () => {
  await expect(installCheck.run(installed({ ...modules, "spec/big": "x".repeat(599_000) }))).resolves.toMatch(/^1 pac/);
  await expect(installCheck.run(installed({ ...modules, "spec/big": "x".repeat(601_000) }))).rejects.toThrow(
    "made-up: 601000 B",
  );
  rmSync(join(folder, "node_modules"), { recursive: true });
  const subject = installed(modules);
  const packages = Object.fromEntries(
    ["made-up", "a", "b", "a/node_modules/c"].map((at) => [`node_modules/${at}`, {}]),
  );
  write("node_modules/.package-lock.json", JSON.stringify({ packages }));
  write("node_modules/a/node_modules/c/index.js", "12345");
  await expect(installCheck.run(subject)).rejects.toThrow("a/node_modules/c: 5 B");
});

test("a map that is not there, and a source that is not there, are dead ends; a source in the map is none", () => {
  const map = (more: object) => JSON.stringify({ version: 3, sources: ["../src/a.ts"], ...more });
  const code = "x;\n//# sourceMappingURL=a.js.map\n";
  expect(deadEnds(new Map([["dist/a.js", code]]))).toEqual(["dist/a.js leads to a.js.map"]);
  const built: [string, string][] = [
    ["dist/a.js", code],
    ["dist/a.js.map", map({})],
  ];
  expect(deadEnds(new Map(built))).toEqual(["dist/a.js.map leads to ../src/a.ts"]);
  expect(deadEnds(new Map([...built, ["src/a.ts", ""]]))).toEqual([]);
  expect(deadEnds(new Map([["dist/a.js.map", map({ sourcesContent: ["x"] })]]))).toEqual([]);
});

test("a declaration that names a module names it by an import, an export, a type or a reference", () => {
  const text = `/// <reference types="node" />\nimport "a";\nimport type { B } from 'b';\nexport * from "c/d";\nimport { own } from "./own.js";
    export declare const e: import("e").E;`;
  expect(namedIn(text)).toEqual(["node", "a", "b", "c/d", "./own.js", "e"]);
});

test.each(["made-up", "./x.js"])("a declaration that names %s, which is no entry, is refused", async (to) => {
  const files = { ...modules, "dist/src/index.d.ts": `export * from "${to}";`, "dist/src/x.d.ts": "" };
  await expect(foreignCheck.run(installed(files))).rejects.toThrow(`dist/src/index.d.ts names ${to}`);
});

test("a declaration that names an entry is fine", async () => {
  const files = { ...modules, "dist/src/index.d.ts": 'import "../src/index.js";' };
  await expect(foreignCheck.run(installed(files))).resolves.toBe("1 declarations read");
});

test("a declaration that holds what is internal is refused", async () => {
  const files = { ...modules, "dist/src/index.d.ts": "/** A part. @internal */\nexport declare const part: 1;" };
  await expect(foreignCheck.run(installed(files))).rejects.toThrow("What is internal is published");
});

test("of a compiler's complaints those about other packages are left out, with the lines that go on with them", () => {
  const mine = [
    "types/entry.ts(2,1): error TS2578: Unused '@ts-expect-error' directive.",
    "node_modules/azure-vm-reimage/dist/src/index.d.ts(7,24): error TS2304: Cannot find name 'X'.",
    "  and more about it",
    "error TS6044: Compiler option 'types' expects an argument.",
  ];
  const theirs = ["../a/node_modules/@types/node/https.d.ts(23,15): error TS2320: Interface.", "  Named property."];
  expect(ours([...mine, ...theirs, ""].join("\n"), "azure-vm-reimage")).toEqual(mine);
});

test("an entry that exports nothing, and a command without help, are found", async () => {
  await expect(importCheck.run(installed(modules, '{"made-up":0}'))).rejects.toThrow("Nothing is exported by");
  await expect(commandCheck.run(installed(modules, "what?"))).rejects.toThrow("--help says nothing of its usage");
  await expect(commandCheck.run(installed(modules, "Usage: made-up"))).resolves.toBe("made-up");
});

test("a verdict is a line of the table, and what to do", async () => {
  const good: Check = { name: "good", run: async () => "found" };
  const bad: Check = { name: "bad", run: async () => complain("Wrong", ["a", "b"], "Mend it.") };
  const subject = installed(modules);
  expect((await verdictOf(good, subject)).line).toMatch(/^ok +0\.\d s {2}good: found$/);
  const { line, complaint } = await verdictOf(bad, subject);
  expect(line).toMatch(/^FAIL +0\.\d s {2}bad$/);
  expect(complaint).toBe("bad\nWrong:\n  a\n  b\nMend it.");
});
