/** The launcher as npm calls it: from any folder, from its cache, and with a clean end. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./contract.js";

const launcher = join(root, "scripts/run.mjs");
const cache = join(root, "node_modules/.cache/azure-vm-reimage");
const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [launcher, ...args], { cwd: tmpdir() }).then(
    ({ stdout }) => ({ code: 0, printed: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, printed: error.stderr }),
  );

test("generate --check answers from another folder, and its bundle is made once", { timeout: 30_000 }, async () => {
  const bundles = () =>
    readdirSync(cache)
      .filter((file) => /^generate-.*\.mjs$/.test(file))
      .map((file) => [file, statSync(join(cache, file)).mtimeMs]);
  expect(await run("generate", "--check")).toEqual({ code: 0, printed: "generated/ is what the contracts say.\n" });
  const made = bundles();
  expect(made).not.toEqual([]);
  expect(await run("generate", "--check")).toMatchObject({ code: 0 });
  expect(bundles()).toEqual(made);
});

test.each(["", "no-such-script", "../package"])(
  "a script that is not there is told, with those that are: %j",
  async (name) => {
    expect(await run(name)).toEqual({ code: 1, printed: expect.stringMatching(/^usage: .*\bgenerate\b/) });
  },
);

test("an option that a script does not know is told without a stack", { timeout: 30_000 }, async () => {
  const { code, printed } = await run("generate", "--cheque");
  expect([code, printed]).toEqual([2, expect.stringMatching(/^Unknown option '--cheque'.*\n$/)]);
});

test.each([
  ["what it says is told without a stack", 'new Error("The sky is cloudy.")', /^The sky is cloudy\.\n$/],
  [
    "a mistake in it tells where",
    'new TypeError("sky is undefined")',
    /TypeError: sky is undefined\n +at main .*fails-/,
  ],
])("of a script that fails, %s", async (_, thrown, printed) => {
  const copy = mkdtempSync(join(tmpdir(), "launcher-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const folder of ["scripts", "node_modules"]) mkdirSync(join(copy, folder));
  for (const file of ["scripts/run.mjs", "package-lock.json"]) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules/esbuild"), join(copy, "node_modules/esbuild"));
  writeFileSync(join(copy, "scripts/fails.ts"), `export async function main() { throw ${thrown}; }`);
  const failed = promisify(execFile)(process.execPath, [join(copy, "scripts/run.mjs"), "fails"]);
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(printed) });
});

test("Ctrl+C ends --watch with exit code 0", { timeout: 30_000 }, async () => {
  const child = spawn(process.execPath, [launcher, "generate", "--watch"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const text of child.stdout) if (String(text).includes("Waiting for the next save")) break;
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});
