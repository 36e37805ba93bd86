/** The command: it writes all or nothing, the same every time, and says what is wrong and where. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { produce } from "../../scripts/generate/produce.js";
import { generate } from "../../scripts/generate.js";
import { root } from "./contract.js";
import { copyProject } from "./project.js";

describe("what is generated", () => {
  test("is in generated/, to the byte", async () => {
    expect(await generate({ check: true })).toEqual([]);
  });

  test("is the same from another folder and of a copy elsewhere, and holds no path and no date", async () => {
    const project = copyProject();
    const here = process.cwd();
    process.chdir("/");
    try {
      const [one, two] = [await produce(root), await produce(project.root)];
      expect(two).toEqual(one);
      const text = Object.values(one).join("");
      for (const each of [root, project.root, `${new Date().getFullYear()}-`]) expect(text).not.toContain(each);
    } finally {
      process.chdir(here);
    }
  });

  test("says first what it comes from, that it is not to be edited, and how it is made again", async () => {
    for (const [path, { text }] of Object.entries(copyProject().generated())) {
      const [first, second] = text.split("\n");
      expect([path, first]).toEqual([
        path,
        expect.stringMatching(/^\/\/ Generated from \S+\.(yaml|ts): do not edit.*`npm run generate`/),
      ]);
      expect([path, second]).toEqual([path, expect.stringMatching(/^\/\/ Its sha256: [0-9a-f]{64}$/)]);
    }
  });
});

describe("a contract that is broken", () => {
  test.each([
    [
      "a lint rule",
      "spec/openapi.yaml",
      "summary: Reimage\n",
      "summary: ''\n",
      /^spec\/openapi\.yaml:\d+:\d+ error \S+\n/,
    ],
    [
      "YAML",
      "spec/openapi.yaml",
      "operationId: VirtualMachines_Reimage",
      'operationId: "VirtualMachines_Reimage',
      /^spec\/openapi\.yaml:\d+:\d+ error parse\n {4}\S/,
    ],
    [
      "the other contract's YAML",
      "spec/arm.yaml",
      "openapi: 3.1.1",
      "openapi: [3.1.1",
      /^spec\/arm\.yaml:\d+:\d+ error parse\n/,
    ],
    [
      "a reference",
      "spec/openapi.yaml",
      "$ref: examples/reimage.json",
      "$ref: examples/gone.json",
      /^spec\/openapi\.yaml:\d+:\d+ error \S+\n/,
    ],
    [
      "a sample",
      "spec/examples/reimage.json",
      "true",
      '"yes"',
      /^spec\/(openapi\.yaml|examples\/reimage\.json):\d+:\d+ error \S+\n/,
    ],
    [
      "by a constraint that no validator enforces",
      "spec/openapi.yaml",
      "      description: Specifies information required",
      "      minProperties: 0\n      description: Specifies information required",
      /^spec\/openapi\.yaml: #\/components\/schemas\/OSProfileProvisioningData\/minProperties: /,
    ],
  ])("in %s changes nothing and is told with its place", async (_, file, from, to, message) => {
    const project = copyProject();
    const before = project.generated();
    project.edit(file, from, to);
    const { code, printed } = await project.run();
    expect(printed).toMatch(message);
    expect(printed).toMatch(/\nNothing was written\.$/);
    expect(code).toBe(1);
    expect(project.generated()).toEqual(before);
  });
});

describe("generated/ that is not what the contracts say", () => {
  test("is told by file, with the command that mends it, and mended by that", async () => {
    const project = copyProject();
    const before = project.generated();
    project.edit("generated/client.ts", "endpoint: base", "endpint: base");
    rmSync(join(project.root, "generated/validate.ts"));
    mkdirSync(join(project.root, "generated/old"));
    writeFileSync(join(project.root, "generated/old/stale.ts"), "");

    const { code, printed } = await project.run("--check");
    expect(printed.split("\n")).toEqual([
      "generated/ is not what the contracts say:",
      "  changed  generated/client.ts",
      "  removed  generated/old/stale.ts",
      "  added    generated/validate.ts",
      "Mend it with `npm run generate`.",
    ]);
    expect(code).toBe(1);

    expect(await project.run()).toMatchObject({ code: 0 });
    expect(await project.run("--check")).toEqual({ code: 0, printed: "generated/ is what the contracts say." });
    const after = project.generated();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [path, { text }] of Object.entries(before)) expect(after[path]?.text).toBe(text);
    expect(after["schema.ts"]).toEqual(before["schema.ts"]);
  });

  test("follows an edit of the contract", async () => {
    const project = copyProject();
    project.edit("spec/openapi.yaml", "maxLength: 87380", "maxLength: 87376");
    expect((await project.run()).printed).toContain("changed  generated/validate.ts");
    const { "validate.ts": validate, "schema.ts": schema } = project.generated();
    expect(validate?.text).toContain("length(value) <= 87376");
    expect(schema?.text).toContain("@maxLength 87376");
  });
});

test("an option that it does not know is refused", async () => {
  await expect(copyProject().run("--cheque")).rejects.toThrow("--cheque");
});
