// The README's first command: what it prepares, what it shows, and what makes it exit with 1.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { type Preparation, prepare } from "../scripts/demo/prepare.js";
import { scenes } from "../scripts/demo/scenes.js";
import { main } from "../scripts/demo.js";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the preparation", () => {
  const prepared = async (steps: Partial<Preparation> = {}) => {
    const built: string[] = [];
    const said: string[] = [];
    const preparation = { check: async () => [], build: async (root: string) => void built.push(root), ...steps };
    return { ready: await prepare("/project", (text) => said.push(text), preparation), said, built };
  };

  test("checks what was generated, then builds", async () => {
    expect(await prepared()).toEqual({
      ready: true,
      said: ["✓ generated/ is what spec/ says", "✓ dist/ is built from it"],
      built: ["/project"],
    });
  });

  test("stops and says what drifted, and how to mend it", async () => {
    expect(await prepared({ check: async () => [{ path: "schema.ts", kind: "changed" }] })).toEqual({
      ready: false,
      said: [
        "✗ generated/ is not what spec/ says:\ngenerated/schema.ts would be changed\nMend it with: npm run generate",
      ],
      built: [],
    });
  });

  test("stops and shows the compiler's words when it does not compile", async () => {
    const { ready, said } = await prepared({ build: () => Promise.reject(new Error("src/a.ts(1,1): error TS1: no")) });
    expect([ready, said.at(-1)]).toEqual([false, "✗ src/a.ts(1,1): error TS1: no"]);
  });
});

test("a scene that ends otherwise is the last, and makes it exit with 1", { timeout: 60_000 }, async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const played: number[] = [];
    const perform = async (_: string, scene: (typeof scenes)[number]) => played.push(scenes.indexOf(scene));
    expect(await main([], perform)).toBe(1);
    expect(played).toEqual([0]);
    expect(write.mock.calls.join("")).toContain("it ended with 1, not with 0.");
  } finally {
    write.mockRestore();
  }
});

test("the whole of it runs in a pipe, and exits with 0", { timeout: 90_000 }, async () => {
  const { FORCE_COLOR: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["scripts/run.mjs", "demo"], {
    cwd: root,
    env,
  });
  expect(stdout).toMatch(/✓ generated\/ is what spec\/ says\n✓ dist\/ is built from it\n/);
  expect(stdout).toMatch(/POST https:\/\/management\.azure\.com\/.*\/reimage\?api-version=/);
  expect(stdout).toMatch(/web-1 +web +succeeded\n1 succeeded, in 0:0\d\./);
  for (const name of ["fail-50", "fail-100", "fail-150"]) {
    expect(stdout).toMatch(new RegExp(`${name} +web +failed +OSProvisioningTimedOut\n`));
  }
  expect(stdout).toMatch(/197 succeeded, 3 failed, in 0:\d\d\.\n/);
  expect(stdout).toContain("Every scene ended as it was meant to.");
  expect(stderr).toMatch(/web-1: The old OS disk will be deleted\./);
  expect(stderr).not.toContain("Warning");
  expect(stripVTControlCharacters(stdout + stderr)).toBe(stdout + stderr);
});
