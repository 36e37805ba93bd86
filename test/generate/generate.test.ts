/** The command: it writes all or nothing, the same every time, and says what is wrong and where. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
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

test.each(["--help", "-h"])("%s lists the options, and does nothing else", async (option) => {
  const project = copyProject();
  project.edit("spec/openapi.yaml", "maxLength: 87380", "maxLength: 87376");
  const before = project.generated();
  const { code, printed } = await project.run(option);
  expect(code).toBe(0);
  expect(printed.match(/(?<=^ .*)--\w+/gm)).toEqual(["--check", "--watch", "--help"]);
  expect(project.generated()).toEqual(before);
});

test("--check with --watch is refused: one writes nothing, the other at every save", async () => {
  const project = copyProject();
  project.edit("spec/openapi.yaml", "maxLength: 87380", "maxLength: 87376");
  const before = project.generated();
  const { code, printed } = await project.run("--check", "--watch");
  expect([code, printed]).toEqual([2, expect.stringMatching(/give one of them\.\n\nusage: /)]);
  expect(project.generated()).toEqual(before);
});

test("an option that it does not know is refused", async () => {
  await expect(copyProject().run("--cheque")).rejects.toThrow("--cheque");
});

describe("what no code can follow is told in a sentence, and nothing is written:", () => {
  type Edit = readonly [file: string, from: string, to: string];
  const openapi = "spec/openapi.yaml";
  const renamed = (to: string): readonly Edit[] => [
    [openapi, "    InnerError:\n", `    ${to}:\n`],
    [openapi, 'schemas/InnerError"', `schemas/${to}"`],
  ];
  const node = `
    Node:
      title: must be an object
      type: object
      additionalProperties: false
      properties:
        pin:
          title: a pin
          type: string
          format: password
          writeOnly: true
          x-ms-secret: true
        child:
          $ref: "#/components/schemas/Node"`;

  test.each<[what: string, edits: readonly Edit[], message: RegExp]>([
    ["a schema called Inner-Error", renamed("Inner-Error"), /schemas\/Inner-Error: a schema is named by letters/],
    ["a schema called paths", renamed("paths"), /schemas\/paths: a schema is named/],
    [
      "a schema called Promise",
      renamed("Promise"),
      /schemas\/Promise: a schema is named .* not as one of the language/,
    ],
    ["a schema called Issue", renamed("Issue"), /would be called Issue, in schema\.ts and in validate\.ts/],
    ["a schema called ApiRequest", renamed("ApiRequest"), /would be called ApiRequest, in request\.ts/],
    [
      "a path parameter of another type",
      [
        [
          openapi,
          "first, no . or - last\n        type: string\n        minLength: 1\n",
          "\n        type: integer\n        minLength: 1\n",
        ],
        [openapi, "example: myVMName", "example: 7"],
      ],
      /the parameter vmName must say `type: string` itself/,
    ],
    [
      "a server that leaves its host open",
      [
        [
          openapi,
          "  - url: https://management.azure.com\n",
          "  - url: https://{host}.azure.com\n    variables: {host: {default: management}}\n",
        ],
      ],
      /the server https:\/\/\{host\}\.azure\.com leaves open which host sees the token/,
    ],
    [
      "a server without a cloud among those with",
      [["spec/arm.yaml", "    x-ms-cloud: public\n", ""]],
      /either every server has an x-ms-cloud, or none/,
    ],
    [
      "two servers of one cloud",
      [["spec/arm.yaml", "x-ms-cloud: china", "x-ms-cloud: public"]],
      /two servers are of the same x-ms-cloud/,
    ],
    [
      "an operation with servers of its own",
      [
        [
          openapi,
          "long-running-operation: true\n",
          "long-running-operation: true\n      servers: [{url: https://elsewhere.azure.com}]\n",
        ],
      ],
      /servers of its own are not supported/,
    ],
    [
      "a parameter with content in place of a schema",
      [
        [
          openapi,
          "machine.\n      schema:\n        title: >-\n          must have 1 to 64",
          "machine.\n      content:\n       text/plain:\n        schema:\n         title: >-\n          must have 1 to 64",
        ],
        ...["type: string\n        minLength: 1\n        maxLength: 64\n", "pattern: '^(?![_.])"].map(
          (text) => [openapi, `        ${text}`, `         ${text.replaceAll("\n  ", "\n   ")}`] as const,
        ),
        [openapi, "      example: myVMName\n", ""],
      ],
      /parameter vmName must have a `schema`; `content` is not supported/,
    ],
    [
      "a sample that is elsewhere",
      [[openapi, "$ref: examples/reimage.json", "externalValue: https://elsewhere.example/reimage.json"]],
      /https:\/\/elsewhere\.example\/reimage\.json is elsewhere; a sample is a file of spec\/examples/,
    ],
    [
      "a secret in a schema that holds itself",
      [
        [
          openapi,
          "        exactVersion:\n",
          '        node:\n          $ref: "#/components/schemas/Node"\n        exactVersion:\n',
        ],
        [openapi, "\n    CloudError:\n", `${node}\n    CloudError:\n`],
      ],
      /node\.pin: a secret in a schema that holds itself cannot be cut by name/,
    ],
  ])("%s", async (_, edits, message) => {
    const project = copyProject();
    for (const edit of edits) project.edit(...edit);
    const before = project.generated();
    const { code, printed } = await project.run();
    expect([code, printed]).toEqual([1, expect.stringMatching(message)]);
    expect(printed).toMatch(/\nNothing was written\.$/);
    expect(project.generated()).toEqual(before);
  });

  test("a folder with a # in its name", async () => {
    await expect(produce("/projects/a#b")).rejects.toThrow(
      "/projects/a#b: no reference is followed below a folder with a #",
    );
  });

  test("a folder in the place of a file", async () => {
    const project = copyProject();
    rmSync(join(project.root, "generated/operations.ts"));
    mkdirSync(join(project.root, "generated/operations.ts"));
    project.edit(openapi, "maxLength: 87380", "maxLength: 87376");
    const before = project.generated();
    expect(await project.run()).toMatchObject({
      code: 1,
      printed: expect.stringMatching(/operations\.ts is a folder/),
    });
    expect(project.generated()).toEqual(before);
  });
});

test.each(["x-y", "body"])("a path parameter may be called %s", async (name) => {
  const project = copyProject();
  project.edit("spec/openapi.yaml", "{vmName}/reimage", `{${name}}/reimage`);
  project.edit("spec/openapi.yaml", "name: vmName", `name: ${name}`);
  project.edit("spec/arm.yaml", "/{vmName}:", `/{${name}}:`);
  expect((await project.run()).printed).toContain("Generated");
  const outfile = join(project.root, "client.mjs");
  await build({ entryPoints: [join(project.root, "generated/client.ts")], bundle: true, format: "esm", outfile });
  const { virtualMachinesReimageRequest } = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  const path = { subscriptionId: "00000000-0000-0000-0000-000000000000", resourceGroupName: "group" };
  const { url } = virtualMachinesReimageRequest({ ...path, [name]: "web-1" });
  expect(url).toContain("/virtualMachines/web-1/reimage?");
  expect(() => virtualMachinesReimageRequest({ ...path, [name]: "web/1" })).toThrow(`${name}: must have 1 to 64`);
});

test("a sample without a name is a fact as well as one with", async () => {
  const project = copyProject();
  const { reimage, other } = { reimage: "examples/reimage.json", other: "examples/reimage-non-ephemeral.json" };
  project.edit(
    "spec/openapi.yaml",
    `            examples:\n              nonEphemeral:\n                $ref: ${other}\n              tempDisk:\n                $ref: ${reimage}\n`,
    "            example:\n              tempDisk: true\n",
  );
  project.edit("spec/openapi.yaml", "      example: myVMName\n", "      examples: {one: {value: anotherVM}}\n");
  expect((await project.run()).printed).toContain("Generated");
  const facts = project.generated()["operations.ts"]?.text ?? "";
  expect(facts).toMatch(/requests: \{\s*example: \{\s*tempDisk: true,/);
  expect(facts).toContain('vmName: "anotherVM"');
});
