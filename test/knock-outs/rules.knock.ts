/**
 * Takes the code of each rule out, and sees a test of that rule go red: `npm run test:knock-outs`, a quarter of an hour.
 *
 * Each knock-out is one edit in a copy of the project, against which the tests that are named by its rule are run.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { type Copy, copyProject } from "../journey/copy.js";
import { list } from "./list.js";

const rules = [...new Set(list.map(({ rule }) => rule))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
const noticed = new Map<string, { tests: number; red: number; all: number }>();

afterAll(() => {
  console.log(["| rule | tests | knock-outs | noticed |", "|---|---|---|---|"].join("\n"));
  for (const [rule, { tests, all, red }] of noticed) console.log(`| ${rule} | ${tests} | ${all} | ${red} |`);
});

/** The tests named by a rule, in a copy. */
async function run(copy: Copy, rule: string, ...more: readonly string[]) {
  const folder = join(copy.root, "test/rules");
  const files = readdirSync(folder).filter(
    (file) =>
      /\.test\.ts$/.test(file) && new RegExp(`["'\`]${rule}[:, ]`).test(readFileSync(join(folder, file), "utf8")),
  );
  const vitest = join(copy.root, "node_modules/vitest/vitest.mjs");
  const args = ["run", "--no-typecheck", "--reporter=json", "-t", `(^| )${rule}[:,]`, ...more];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, ...args, ...files.map((file) => `test/rules/${file}`)],
    { cwd: copy.root, maxBuffer: 1e9 },
  ).catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

describe.each(rules)("%s", (rule) => {
  const mine = list.filter((one) => one.rule === rule);

  test(`${rule}: the tests pass as the code is`, async () => {
    const copy = copyProject();
    const { passed, failed } = await run(copy, rule).finally(copy.remove);
    noticed.set(rule, { tests: passed, all: mine.length, red: 0 });
    expect({ failed, some: passed > 0 }).toEqual({ failed: 0, some: true });
  });

  test.each(mine)("$rule: is noticed in $file: $wrong", async ({ file, from, to }) => {
    const copy = copyProject();
    copy.edit(file, from, to);
    const { failed } = await run(copy, rule, "--bail=1").finally(copy.remove);
    expect(failed).toBeGreaterThan(0);
    const count = noticed.get(rule);
    if (count) count.red += 1;
  });
});
