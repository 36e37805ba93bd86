/** The launcher as npm calls it: from any folder, from its cache, and with a clean end. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
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

test("Ctrl+C ends --watch with exit code 0", { timeout: 30_000 }, async () => {
  const child = spawn(process.execPath, [launcher, "generate", "--watch"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const text of child.stdout) if (String(text).includes("Waiting for the next save")) break;
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});
