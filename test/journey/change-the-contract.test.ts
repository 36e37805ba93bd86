import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkBreaking } from "../../scripts/breaking.js";
import { type Copy, copyProject } from "./copy.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const section = readme.slice(readme.indexOf("\n## Change the contract"));

let copy: Copy;
beforeAll(() => {
  copy = copyProject();
});
afterAll(() => copy.remove());

/** The commands of the README's transcript, and what it says that they print. */
const transcript = [
  ...(/```console\n(.*?)```/s.exec(section)?.[1] ?? "").matchAll(/^\$ (.+)\n((?:(?!\$ ).*\n)*)/gm),
].map(([, command = "", output = ""]) => ({ command, output: output.trimEnd() }));

const commands: Readonly<Record<string, (output: string) => Promise<string>>> = {
  async "git diff --unified=0 spec/openapi.yaml"(output) {
    const lines = (sign: string) =>
      output
        .split("\n")
        .filter((line) => line.startsWith(sign))
        .map((line) => line.slice(1))
        .join("\n");
    copy.edit("spec/openapi.yaml", lines("-"), lines("+"));
    return output;
  },
  "npm run generate:check": async () => said(await copy.generate("--check"), 1),
  "npm run generate": async () => said(await copy.generate(), 0),
  "npm run build": async () => "", // what follows bundles the sources as they are now
  async "node consumer.mjs"() {
    const code = /```ts\n(.*?)```/s.exec(section)?.[1] ?? "";
    writeFileSync(
      join(copy.root, "consumer.ts"),
      code
        .replace('"azure-vm-reimage"', '"./src/index.js"')
        .replace('"azure-vm-reimage/simulator"', '"./src/simulator/index.js"'),
    );
    const lines: string[] = [];
    const log = console.log;
    console.log = (line: string) => lines.push(line);
    await copy.load("consumer.ts").finally(() => {
      console.log = log;
    });
    return lines.join("\n");
  },
  async "npm run breaking"() {
    const { version } = JSON.parse(readFileSync(join(copy.root, "package.json"), "utf8"));
    const { verdict, reasons, refusal } = await checkBreaking(join(copy.root, "spec"), version);
    const lines = reasons.map(
      ({ impact, message, where }) => `${impact}: ${message}\n    ${relative(copy.root, join(process.cwd(), where))}`,
    );
    return [...lines, `spec/openapi.yaml against spec/released.yaml: ${verdict}`, refusal].join("\n");
  },
};

function said({ code, printed }: { code: number; printed: string }, expected: number): string {
  expect(code).toBe(expected);
  return printed;
}

test("the README's transcript is what happens: edit, drift, generate, refused call, verdict", async () => {
  expect(transcript.map(({ command }) => command)).toEqual(Object.keys(commands));
  // Of the next release it is as true.
  const ofAnyRelease = (text = "") =>
    text.replace(/^Version \S+ may not break what \S+ /m, "Version X may not break what X ");
  for (const { command, output } of transcript)
    expect(ofAnyRelease(await commands[command]?.(output)), command).toBe(ofAnyRelease(output));
}, 30_000);

test("a property that leaves the contract is a compile error of its user", async () => {
  const spec = readFileSync(join(copy.root, "spec/openapi.yaml"), "utf8");
  const tempDisk = /^ {8}tempDisk:\n(?: {10}.*\n)+/m.exec(spec)?.[0] ?? "";
  copy.edit("spec/openapi.yaml", tempDisk, tempDisk.replace("tempDisk:", "temporaryDisk:"));
  for (const file of ["reimage.json", "reimage-non-ephemeral.json"])
    copy.edit(`spec/examples/${file}`, '"tempDisk"', '"temporaryDisk"');
  expect((await copy.generate()).printed).toContain("generated/schema.ts");
  writeFileSync(
    join(copy.root, "user.ts"),
    `import type { ReimageParameters } from "./src/index.js";\nexport const parameters: ReimageParameters = { tempDisk: true };\n`,
  );
  const tsc = join(copy.root, "node_modules/typescript-7/bin/tsc");
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--skipLibCheck",
    "--ignoreConfig",
    "user.ts",
  ];
  const complaint = () => {
    try {
      return execFileSync(process.execPath, [tsc, ...options], { cwd: copy.root, encoding: "utf8" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
  expect(complaint()).toMatch(/^user\.ts\(2,\d+\): error TS2353: .*'tempDisk' does not exist in type/);
}, 30_000);
