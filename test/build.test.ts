import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { roll } from "../scripts/build/declarations.js";
import { groupsOf } from "../scripts/build/groups.js";
import { startsOf } from "../scripts/build/manifest.js";
import { build, buildIfStale, type Tools } from "../scripts/build.js";

let copy: string;
let built: (readonly string[])[];
/** Stands in for tsc and esbuild, which take seconds. */
const tools: Tools = {
  declare: () => write("dist/src/a.d.ts"),
  async bundle(_, starts) {
    built.push(starts.map(({ source }) => source));
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
  await write("package.json", JSON.stringify({ name: "a", exports: exported }));
  for (const file of ["tsconfig.json", "tsconfig.build.json", "package-lock.json"]) await write(file);
  for (const file of [
    "scripts/build.ts",
    "scripts/build/declarations.ts",
    "scripts/build/groups.ts",
    "scripts/build/manifest.ts",
  ])
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
  "scripts/build/manifest.ts",
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
    { entries: client, packing: { minifySyntax: true } },
    { entries: generated, packing: named },
    { entries: simulator, packing: named },
    { entries: fleet, packing: named },
    { entries: command, packing: { minify: true } },
  ]);
  expect(groupsOf(["src/index.ts"])).toHaveLength(1);
});

test("what is bundled elsewhere is called by its name, or by its path from a chunk", () => {
  const module = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
  const starts = startsOf({
    name: "a",
    exports: { ".": module("src/index"), "./fleet": module("src/fleet/index"), "./package.json": "./package.json" },
    browser: { "./dist/src/b.js": "./dist/src/b.browser.js" },
    bin: { a: "dist/src/cli/bin.js" },
  });
  expect(starts).toEqual([
    { source: "src/index.ts", specifier: "a", declared: true },
    { source: "src/fleet/index.ts", specifier: "a/fleet", declared: true },
    { source: "src/b.ts", specifier: "./src/b.js", declared: false },
    { source: "src/b.browser.ts", declared: false },
    { source: "src/cli/bin.ts", declared: false },
  ]);
});

test("loading the client reads its entry, one module that preflight shares, what browsers replace, and no package", async () => {
  const importsOf = async (file: string) => {
    const code = await readFile(new URL(`../dist/src/${file}`, import.meta.url), "utf8");
    return [...new Set(Array.from(code.matchAll(/(?:from|import) ?"([^"]+)";/gm), ([, name = ""]) => name))];
  };
  const entry = await importsOf("index.js");
  expect(entry).toEqual([expect.stringMatching(/^\.\.\/shared-\w+\.js$/)]);
  expect(await importsOf(String(entry[0]))).toEqual(["./src/runtime.js"]);
  expect(await importsOf("runtime.js")).toEqual([]);
});

describe("each entry is declared in one file", () => {
  const rolled = async (files: Readonly<Record<string, string>>, ...entries: string[]) => {
    for (const [file, text] of Object.entries(files)) await write(`each/${file}`, text);
    await roll(join(copy, "each"), join(copy, "dist"), entries);
    const written = await Promise.all(entries.map((entry) => readFile(join(copy, "dist", entry), "utf8")));
    expect(
      (await readdir(join(copy, "dist"), { recursive: true })).filter((file) => file.endsWith(".d.ts")),
    ).toHaveLength(entries.length);
    return written;
  };

  test("with what an import, an export or a type leads to, its comments, and nothing else", async () => {
    const [text = ""] = await rolled(
      {
        "src/a.d.ts": 'export { one } from "./one.js";\nexport declare const two: import("../generated/two.js").Two;',
        "src/one.d.ts": '/** The first. */\nexport declare const one: import("./three.js").Three;',
        "src/three.d.ts": "export interface Three { readonly three: true }\nexport interface Nobodys {}",
        "generated/two.d.ts": "export interface Two { readonly two: true }",
      },
      "src/a.d.ts",
    );
    for (const part of ["/** The first. */", "interface Three", "interface Two", "export { one, two }"])
      expect(text).toContain(part);
    expect(text).not.toMatch(/Nobodys|import/);
  });

  test("an entry that another imports, and a package, stay imports", async () => {
    const [, text] = await rolled(
      {
        "src/a.d.ts": "export declare class A { #own; }",
        "src/b/b.d.ts":
          'import type { A } from "../a.js";\nimport type { C } from "c";\nexport declare const b: A & C;',
      },
      ...["src/a.d.ts", "src/b/b.d.ts"],
    );
    expect(text).toMatch(/^import { A } from '\.\.\/a\.js';\nimport { C } from 'c';\n/);
  });

  test("what comes from the same source twice is refused, since a class declared twice is two classes", async () => {
    const files = {
      "src/class.d.ts": "export declare class A { #own; }",
      "src/a.d.ts": 'export { A } from "./class.js";',
      "src/b.d.ts": 'import { A } from "./class.js";\nexport declare const b: A;',
    };
    await expect(rolled(files, "src/a.d.ts", "src/b.d.ts")).rejects.toThrow(
      "src/a.d.ts and src/b.d.ts both declare src/class.d.ts",
    );
  });

  test("a declaration that is not there is refused", async () => {
    await expect(rolled({ "src/a.d.ts": 'export { A } from "./gone.js";' }, "src/a.d.ts")).rejects.toThrow("gone");
  });
});
