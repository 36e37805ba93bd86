/** `npm run generate -- --watch`: every save shows, a broken contract is told and outlived, a signal ends it. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { main } from "../../scripts/generate.js";
import { copyProject } from "./project.js";

/** A project that is being watched: what was printed, how many rounds have ended, and what stops it and gives its exit code. */
function watching() {
  const project = copyProject();
  const abort = new AbortController();
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  const ended = main(["--watch"], { root: project.root, log: print, error: print, signal: abort.signal });
  const count = () => lines.filter((line) => line.includes("Waiting for the next save")).length;
  const stop = () => {
    abort.abort();
    return ended;
  };
  return { project, lines, count, stop };
}

test("a save is generated from, a broken contract is told and outlived, and the signal ends it", {
  timeout: 30_000,
}, async () => {
  const { project, lines, count, stop } = watching();
  const rounds = (expected: number) => vi.waitUntil(() => count() === expected, 10_000);
  await rounds(1);
  expect(lines[0]).toBe("generated/ is what the contracts say.");

  project.edit("spec/openapi.yaml", "maxLength: 87380", "maxLength: 8736");
  await rounds(2);
  expect(project.generated()["validate.ts"]?.text).toContain("length(value) <= 8736 ");

  project.edit("spec/openapi.yaml", "maxLength: 8736", "maxLength: [");
  await rounds(3);
  expect(lines.join("\n")).toMatch(/spec\/openapi\.yaml:\d+:\d+ error parse\n/);
  expect(project.generated()["validate.ts"]?.text).toContain("length(value) <= 8736 ");

  project.edit("spec/openapi.yaml", "maxLength: [", "maxLength: 87380");
  await rounds(4);
  expect(project.generated()["validate.ts"]?.text).toContain("length(value) <= 87380 ");

  project.edit("spec/examples/reimage.json", '"tempDisk": true', '"tempDisk": false');
  await rounds(5);
  expect(project.generated()["operations.ts"]?.text).toContain("tempDisk: false");

  expect(await stop()).toBe(0);
});

test("what comes later is seen too: a folder that is new, one that went and came again, and a rule, which asks for a new start", {
  timeout: 30_000,
}, async () => {
  const { project, lines, count, stop } = watching();
  /** Does something, and waits until a round has begun after it and nothing more comes. */
  const round = async (act: () => void) => {
    const before = count();
    act();
    await vi.waitUntil(() => count() > before, 10_000);
    for (let last = -1; last !== count(); await sleep(300)) last = count();
  };
  await vi.waitUntil(() => count() === 1, 10_000);
  const examples = join(project.root, "spec/examples");
  const sample = join(examples, "reimage.json");
  const text = readFileSync(sample, "utf8");

  await round(() => renameSync(examples, `${examples}.gone`));
  await round(() => renameSync(`${examples}.gone`, examples));
  await round(() => writeFileSync(sample, text.replace('"tempDisk": true', '"tempDisk": false')));
  expect(project.generated()["operations.ts"]?.text).toContain("tempDisk: false");

  const spec = join(project.root, "spec");
  await round(() => renameSync(spec, `${spec}.gone`));
  await round(() => renameSync(`${spec}.gone`, spec));
  // A folder that is gone before anybody could look at it.
  for (let i = 0; i < 50; i++) {
    mkdirSync(join(spec, "tmp/a"), { recursive: true });
    await sleep(i % 5);
    rmSync(join(spec, "tmp"), { recursive: true });
  }

  const folder = join(project.root, "spec/new");
  await round(() => mkdirSync(folder));
  await round(() => writeFileSync(join(folder, "notes.txt"), "saved"));

  const told = "A lint rule was saved: start again to lint by it.";
  expect(lines).not.toContain(told);
  const rule = join(project.root, "spec/rules/values.js");
  await round(() => writeFileSync(rule, `${readFileSync(rule, "utf8")}\n`));
  expect(lines).toContain(told);

  // Not even what is no fault of the contract ends it.
  const config = join(project.root, "redocly.yaml");
  renameSync(config, `${config}.gone`);
  await round(() => writeFileSync(sample, text));
  renameSync(`${config}.gone`, config);
  await round(() => writeFileSync(sample, `${text}\n`));
  expect(project.generated()["operations.ts"]?.text).not.toContain("tempDisk: false");

  expect(await stop()).toBe(0);
});
