/** `npm run generate -- --watch`: every save shows, a broken contract is told and outlived, a signal ends it. */
import { expect, test, vi } from "vitest";
import { main } from "../../scripts/generate.js";
import { copyProject } from "./project.js";

test("a save is generated from, a broken contract is told and outlived, and the signal ends it", {
  timeout: 30_000,
}, async () => {
  const project = copyProject();
  const stop = new AbortController();
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  const ended = main(["--watch"], { root: project.root, log: print, error: print, signal: stop.signal });
  const rounds = (count: number) =>
    vi.waitUntil(() => lines.filter((line) => line.includes("Waiting for the next save")).length === count, 10_000);
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

  stop.abort();
  expect(await ended).toBe(0);
});
