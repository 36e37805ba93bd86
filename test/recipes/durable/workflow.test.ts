/** The durable recipe, killed at every moment it has; `npm run test:durable` kills real processes under a real engine. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createReimageClient } from "../../../src/index.js";
import { createSimulator, type SimulatorOptions } from "../../../src/simulator/index.js";
import { readmeBlocks } from "../../package/readme.js";
import { createEngine, Killed } from "./engine.js";
import { type Ended, reimageDurably, type Steps } from "./workflow.js";

const vm =
  "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";

function arrange(options: SimulatorOptions = {}) {
  let at = 0;
  const arm = createSimulator({ durationMs: 2_500, now: () => at, ...options });
  const client = createReimageClient({ credential: () => "any-token", fetch: arm.fetch });
  return {
    workflow: (steps: Steps) => reimageDurably(client, vm, steps),
    pass: () => {
      at += 1_000;
    },
    posts: () => arm.requests.filter(({ method }) => method === "POST").length,
  };
}

/** Starts passes until one comes to an end. */
async function runWith(killAt: readonly number[], options?: SimulatorOptions) {
  const { workflow, pass, posts } = arrange(options);
  const engine = createEngine(killAt, pass);
  for (let passes = 1; ; passes++) {
    const ended = await engine.pass(workflow).catch((error: unknown): undefined => {
      if (!(error instanceof Killed)) throw error;
    });
    if (ended) return { ended, passes, posts: posts(), moments: engine.moments };
  }
}

const undisturbed = await runWith([]);

test("undisturbed, a workflow sends one POST and follows it to its end in several looks", () => {
  expect(undisturbed).toMatchObject({ ended: { outcome: "succeeded" }, passes: 1, posts: 1 });
  expect(undisturbed.moments).toContain("stored look 3");
});

describe.each(undisturbed.moments.map((moment, at) => ({ moment, at })))("killed $moment", ({ moment, at }) => {
  const between = ["stored intent", "before begin", "after begin"].includes(moment);

  test(`it ends ${between ? "unknown" : "succeeded"}, and no second POST is sent`, async () => {
    const { ended, passes, posts } = await runWith([at]);
    expect(passes).toBe(2);
    expect(ended.outcome).toBe(between ? "unknown" : "succeeded");
    expect(posts).toBe(moment === "stored intent" || moment === "before begin" ? 0 : 1);
  });

  test("and killed once more at any later moment, there is still no second POST", async () => {
    for (let later = at + 1; later < at + 8; later++) {
      const { ended, posts } = await runWith([at, later]);
      expect(posts).toBeLessThanOrEqual(1);
      expect(["succeeded", "unknown"]).toContain(ended.outcome);
      if (ended.outcome === "succeeded") expect(posts).toBe(1);
    }
  });
});

test("a second process that takes the workflow over while the first still runs does not send the POST", async () => {
  const { workflow, pass, posts } = arrange();
  const engine = createEngine([], pass);
  let second: Ended | undefined;
  const first = await engine.pass((steps) =>
    workflow({
      ...steps,
      run: (step, work) =>
        steps.run(step, async () => {
          if (step.name === "begin" && !second) {
            second = { outcome: "still running" };
            second = await engine.pass(workflow);
          }
          return work();
        }),
    }),
  );
  expect(second).toMatchObject({ outcome: "unknown", told: expect.stringMatching(/correlation id [\da-f-]{36}$/) });
  expect(posts()).toBe(1);
  expect(first.outcome).toBe("succeeded");
});

test.each<[Ended["outcome"], SimulatorOptions]>([
  ["failed", { outcome: "failed" }],
  ["not begun", { faults: [{ kind: "status", on: "reimage", status: 404 }] }],
  ["unknown", { faults: [{ kind: "reset", on: "reimage", acted: true }] }],
  ["unknown", { faults: [{ kind: "status", on: "status", status: 410, times: 9 }] }],
  ["still running", { durationMs: Number.MAX_SAFE_INTEGER }],
])("a reimage can end “%s”", async (outcome, options) => {
  expect(await runWith([], options)).toMatchObject({ ended: { outcome }, posts: 1 });
});

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

test("the README shows this very workflow", () => {
  const block = readmeBlocks().find(({ code }) => code.includes("reimageDurably"));
  expect(block?.code).toBe(read("./workflow.ts").replace('"../../../src/index.js"', '"azure-vm-reimage"'));
});

test("and each line of the program around it", () => {
  const [, excerpt = ""] = /```typescript\n(.*?)```/s.exec(read("../../../README.md")) ?? [];
  const program = read("./fleet.ts");
  const lines = excerpt.split("\n").map((line) => line.trim());
  expect(lines.filter((line) => !program.includes(line))).toEqual([]);
  expect(lines.length).toBeGreaterThan(5);
});
