import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prune } from "../scripts/build/declarations.js";
import { groupsOf, specifierOf } from "../scripts/build/groups.js";
import { build, buildIfStale, type Tools } from "../scripts/build.js";

let copy: string;
let built: (readonly string[])[];
/** Stands in for tsc and esbuild, which take seconds. */
const tools: Tools = {
  declare: () => write("dist/src/a.d.ts"),
  async bundle(_, entries) {
    built.push(entries);
    await write("dist/src/a.js");
  },
};
const write = async (file: string, text = "") => {
  await mkdir(dirname(join(copy, file)), { recursive: true });
  await writeFile(join(copy, file), text);
};
const exported = {
  ".": { types: "./dist/src/a.d.ts", default: "./dist/src/a.js" },
  "./package.json": "./package.json",
};

beforeEach(async () => {
  built = [];
  copy = await mkdtemp(join(tmpdir(), "azure-vm-reimage-build-"));
  await write("package.json", JSON.stringify({ exports: exported }));
  for (const file of ["tsconfig.json", "tsconfig.build.json", "package-lock.json"]) await write(file);
  for (const file of ["scripts/build.ts", "scripts/build/declarations.ts", "scripts/build/groups.ts"])
    await write(file);
  for (const file of ["src/a.ts", "generated/b/c.ts"]) await write(file);
});
afterEach(() => rm(copy, { recursive: true, force: true }));

test("the entries are those that package.json exports", async () => {
  await build(copy, tools);
  expect(built).toEqual([["src/a.ts"]]);
});

test("what is fresh is not built again", async () => {
  await buildIfStale(copy, tools);
  await buildIfStale(copy, tools);
  expect(built).toHaveLength(1);
});

test.each([
  "src/a.ts",
  "generated/b/c.ts",
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
  "scripts/build.ts",
  "scripts/build/declarations.ts",
  "scripts/build/groups.ts",
])("a change in %s makes it stale", async (file) => {
  await buildIfStale(copy, tools);
  await write(file, "changed");
  await buildIfStale(copy, tools);
  expect(built).toHaveLength(2);
});

test("a source more, and something built that is gone, make it stale", async () => {
  await buildIfStale(copy, tools);
  await write("src/new.ts");
  await buildIfStale(copy, tools);
  await rm(join(copy, "dist/src/a.d.ts"));
  await buildIfStale(copy, tools);
  expect(built).toHaveLength(3);
});

test("what has no source any more does not stay", async () => {
  await buildIfStale(copy, tools);
  await write("dist/src/old.js");
  await buildIfStale(copy, tools);
  expect((await readdir(join(copy, "dist/src"))).sort()).toEqual(["a.d.ts", "a.js"]);
});

test("what was not built whole counts as stale", async () => {
  await build(copy, { ...tools, declare: () => Promise.reject(new Error("no")) }).catch(() => {});
  await buildIfStale(copy, tools);
  expect(built).toHaveLength(2);
});

test("the client is bundled with what shares its state, apart from what does not; a command is by itself", () => {
  const client = ["src/index.ts", "src/preflight/index.ts"];
  const generated = ["generated/index.ts"];
  const simulator = ["src/simulator/index.ts", "src/msw/index.ts"];
  const fleet = ["src/fleet/index.ts"];
  const command = ["src/cli/bin.ts"];
  const named = { minifyWhitespace: true, minifySyntax: true };
  expect(groupsOf([...simulator, ...fleet, ...client, ...command, ...generated])).toEqual([
    { entries: client, packing: {} },
    { entries: generated, packing: named },
    { entries: simulator, packing: named },
    { entries: fleet, packing: named },
    { entries: command, packing: { minify: true } },
  ]);
  expect(groupsOf(["src/index.ts"])).toHaveLength(1);
});

test("what is bundled elsewhere is called by the name that users know", () => {
  const names = ["src/index.ts", "src/fleet/index.ts", "generated/index.ts"].map((file) => specifierOf("a", file));
  expect(names).toEqual(["a", "a/fleet", "a/generated"]);
});

test("loading the client reads its entry and one module that preflight shares, and no package", async () => {
  const importsOf = async (file: string) => {
    const code = await readFile(new URL(`../dist/src/${file}`, import.meta.url), "utf8");
    return [...code.matchAll(/(?:from|import) "([^"]+)";$/gm)].map(([, name = ""]) => name);
  };
  const entry = await importsOf("index.js");
  expect(entry).toEqual([expect.stringMatching(/^\.\.\/shared-\w+\.js$/)]);
  expect(await importsOf(String(entry[0]))).toEqual([]);
});

test("of the declarations those stay that an entry leads to, by an import, an export or a type", async () => {
  await write("dist/src/a.d.ts", 'export { one } from "./one.js";\nexport declare const two: import("../two.js").Two;');
  await write("dist/src/one.d.ts", 'import "./three.js";\nimport type { Elsewhere } from "elsewhere";');
  for (const file of ["two.d.ts", "src/three.d.ts", "src/nobody.d.ts", "src/nobody.js"]) await write(`dist/${file}`);
  await prune(join(copy, "dist"), ["src/a.d.ts"]);
  const left = (await readdir(join(copy, "dist"), { recursive: true })).sort();
  expect(left).toEqual(["src", "src/a.d.ts", "src/nobody.js", "src/one.d.ts", "src/three.d.ts", "two.d.ts"]);
});
