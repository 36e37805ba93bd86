import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { type Copy, copyProject } from "./copy.js";

const was = virtualMachinesReimageOperation.apiVersion;
const becomes = "2031-12-01";

let copy: Copy;
beforeAll(async () => {
  copy = copyProject();
  copy.edit("spec/openapi.yaml", `const: "${was}"`, `const: "${becomes}"`);
  expect(await copy.generate()).toMatchObject({ code: 0 });
}, 30_000);
afterAll(() => copy.remove());

test("the api-version stands in one place of the contract, and nowhere that is written by hand", async () => {
  const { stdout } = await promisify(execFile)(
    "grep",
    ["-rlP", `${was}(?!T)`, "README.md", "CONTRIBUTING.md", "spec", "scripts", "src", "test"],
    {
      cwd: copy.root,
    },
  ).catch((error: { stdout: string }) => error);
  expect(stdout.split("\n").filter((file) => file && file !== "spec/released.yaml")).toEqual([]);
});

test("after that one edit, client and simulator speak the new version, and the old one is refused", async () => {
  const { createReimageClient } = (await copy.load("src/index.ts")) as unknown as typeof import("../../src/index.js");
  const { createSimulator } = (await copy.load(
    "src/simulator/index.ts",
  )) as unknown as typeof import("../../src/simulator/index.js");
  const arm = createSimulator({ durationMs: 20, retryAfterSeconds: null });
  const urls: string[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    urls.push(input instanceof Request ? input.url : String(input));
    return arm.fetch(input, init);
  };
  const client = createReimageClient({ credential: () => "any-token", fetch, pollIntervalMs: 10 });
  const vm = { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName: "vm" };
  expect(await client.reimage(vm)).toMatchObject({ status: "succeeded" });
  expect(new URL(urls[0] ?? "").search).toBe(`?api-version=${becomes}`);
  const old = await arm.fetch((urls[0] ?? "").replace(becomes, was), {
    method: "POST",
    headers: { authorization: "Bearer any-token" },
  });
  expect(old.status).toBe(400);
});

test("the tests of the typed client and of the simulator pass without another edit", async () => {
  const vitest = join(copy.root, "node_modules/vitest/vitest.mjs");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, "run", "--no-typecheck", "--reporter=json", "test/generate/client.test.ts", "test/simulator"],
    { cwd: copy.root, env: { ...process.env, NO_COLOR: "1" } },
  );
  expect(JSON.parse(stdout)).toMatchObject({ success: true, numFailedTests: 0 });
  expect(JSON.parse(stdout).numPassedTests).toBeGreaterThan(20);
}, 60_000);

test("the docs of the types name the new version", () => {
  expect(readFileSync(join(copy.root, "generated/schema.ts"), "utf8")).toContain(becomes);
  expect(readFileSync(join(copy.root, "generated/schema.ts"), "utf8")).not.toContain(was);
});
