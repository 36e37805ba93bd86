import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { parse } from "yaml";
import { formatLintProblems, lintContracts } from "../../scripts/lint.js";
import { type Edit, editedSpec, root } from "./copy.js";
import { mutations } from "./mutations.js";

vi.setConfig({ testTimeout: 60_000 });

const configPath = join(root, "redocly.yaml");

test("both contracts are clean, without a single warning", async () => {
  expect(await lintContracts(join(root, "spec"), configPath)).toEqual([]);
});

const cases = Object.entries(mutations).flatMap(([rule, edits]) =>
  edits.map((edit, at) => ({ rule, nth: at + 1, edit })),
);

test.each(cases)("$rule notices edit $nth", async ({ rule, edit }) => {
  const problems = await lintContracts(editedSpec(edit), configPath);
  expect(problems.filter((problem) => problem.severity === "error").map((problem) => problem.rule)).toContain(rule);
});

const harmless: readonly (readonly [what: string, edit: Edit])[] = [
  [
    "a pattern that looks for the signs of a look-behind",
    { from: "^[\\p{L}\\p{Nd}_.()\\-]*[\\p{L}\\p{Nd}_()\\-]$", to: "^(?:[A-Za-z(?<=]+|\\(?<=)$" },
  ],
  [
    "a number that counts tokens",
    {
      from: "InnerError:\n      description: Inner error details.\n      type: object\n      properties:\n",
      to: "InnerError:\n      description: Inner error details.\n      type: object\n      properties:\n        tokenCount:\n          type: integer\n",
    },
  ],
  ["a page of answers that has a token", { from: "errordetail:", to: "nextPageToken:" }],
  [
    "a switch that speaks of passwords",
    {
      from: "        exactVersion:\n",
      to: "        disablePasswordAuthentication:\n          type: boolean\n        exactVersion:\n",
    },
  ],
  [
    "a list of secrets",
    {
      from: "        exactVersion:\n",
      to: "        secrets:\n          type: array\n          items:\n            type: string\n        exactVersion:\n",
    },
  ],
  [
    "a map",
    {
      from: "        exactVersion:\n",
      to: "        tags:\n          title: t\n          type: object\n          additionalProperties:\n            type: string\n        exactVersion:\n",
    },
  ],
  [
    "a secret that may be null",
    {
      from: "OS disk is reimaged to the existing version of OS Disk.\n          type: string\n",
      to: "x\n          type: [string, 'null']\n          format: password\n          writeOnly: true\n          x-ms-secret: true\n",
    },
  ],
  ["a single length", { from: "maxLength: 123", to: "maxLength: 8" }],
  ["a single number", { file: "arm.yaml", from: "minimum: 0", to: "minimum: 100" }],
  ["a secretary", { from: "errordetail:", to: "secretary:" }],
  ["words beside a reference", { from: "description: The Api inner error\n", to: "title: The reason\n" }],
  [
    "a default of a schema that holds itself",
    {
      from: "description: Inner error details.\n      type: object\n      properties:\n",
      to: 'description: Inner error details.\n      type: object\n      default: {}\n      properties:\n        inner:\n          $ref: "#/components/schemas/InnerError"\n',
    },
  ],
];

test.each(harmless)("%s is nothing to complain about", async (_, edit) => {
  expect(await lintContracts(editedSpec(edit), configPath)).toEqual([]);
});

test("every rule of our own, and every one that redocly.yaml turns on, is tried by an edit", async () => {
  const plugin: { default: () => { rules: { oas3: object } } } = await import(join(root, "spec/rules/arm.js"));
  const { rules } = parse(readFileSync(configPath, "utf8")) as { rules: Record<string, string> };
  const own = Object.keys(plugin.default().rules.oas3).map((rule) => `arm/${rule}`);
  const turnedOn = Object.keys(rules).filter((rule) => rules[rule] !== "off");
  expect(Object.keys(mutations)).toEqual(expect.arrayContaining([...own, ...turnedOn]));
});

test("a problem says in which file and where", async () => {
  const spec = editedSpec({ from: "maxLength: 87380", to: "maxLenght: 87380" });
  const lines = readFileSync(join(spec, "openapi.yaml"), "utf8").split("\n");
  const line = lines.findIndex((it) => it.includes("maxLenght")) + 1;
  const problems = await lintContracts(spec, configPath);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: join(spec, "openapi.yaml"), line, column: 11, rule: "struct" });
  expect(formatLintProblems(problems, spec)).toMatch(
    /^openapi\.yaml:\d+:11 error struct\n {4}Property `maxLenght` is not expected/,
  );
});

test("a problem of a secret is placed at the secret, also when it is reached by a reference", async () => {
  const spec = editedSpec(
    {
      from: 'title: "must have 8 to 123 characters for Windows, ',
      to: '$comment: "must have 8 to 123 characters for Windows, ',
    },
    { from: "WindowsAdminPassword:", to: "WindowsAdminPassword: # here" },
  );
  const problems = await lintContracts(spec, configPath);
  const lines = readFileSync(join(spec, "openapi.yaml"), "utf8").split("\n");
  expect(problems.map((it) => [it.rule, lines[it.line - 2]])).toEqual([
    ["arm/constraint-titled", "    WindowsAdminPassword: # here"],
  ]);
});

test("a contract that is no YAML is one problem, with its place and without a stack", async () => {
  const spec = editedSpec({ from: "title: Virtual Machines - Reimage", to: 'title: "Virtual Machines - Reimage' });
  const problems = await lintContracts(spec, configPath);
  expect(problems).toMatchObject([
    { file: join(spec, "openapi.yaml"), rule: "parse", message: "deficient indentation" },
  ]);
  expect(problems[0]?.line).toBeGreaterThan(1);
});

test("a sample that is no JSON is one problem of the sample, beside those who refer to it", async () => {
  const spec = editedSpec({ file: "examples/throttled.json", from: '"summary"', to: '"summary' });
  const problems = await lintContracts(spec, configPath);
  expect(problems.filter((it) => it.file.endsWith("throttled.json"))).toMatchObject([{ rule: "no-unresolved-refs" }]);
});

test("a contract that is missing, empty or of another kind is a problem", async () => {
  const spec = editedSpec({ from: "openapi: 3.1.1\n", to: "swagger: yes\n" });
  expect(await lintContracts(spec, configPath)).toMatchObject([{ rule: "parse", line: 1, column: 1 }]);
  rmSync(join(spec, "openapi.yaml"));
  const [missing] = await lintContracts(spec, configPath);
  expect(missing).toMatchObject({
    rule: "parse",
    file: join(spec, "openapi.yaml"),
    message: expect.stringContaining("ENOENT"),
  });
});

test("`redocly lint` with the same redocly.yaml agrees", async () => {
  const spec = editedSpec({ from: "title: must be base64", to: "$comment: must be base64" });
  const run = promisify(execFile);
  const lint = [join(root, "node_modules/@redocly/cli/bin/cli.js"), "lint", "--config", configPath, "--format", "json"];
  const refusal = await run(process.execPath, [...lint, join(spec, "openapi.yaml")]).catch((error) => error);
  const { problems } = JSON.parse(refusal.stdout) as { problems: { ruleId: string }[] };
  expect(refusal.code).toBe(1);
  expect(problems.map((it) => it.ruleId)).toEqual((await lintContracts(spec, configPath)).map((it) => it.rule));
});
