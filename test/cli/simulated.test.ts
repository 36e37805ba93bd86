/** What `--simulate` says and does that a real run does not. */
import { describe, expect, test } from "vitest";
import { azure, idOf, run } from "./run.js";

const SIMULATED = "Simulated: nothing real is wiped.\n";

describe("what is simulated says so on standard error", () => {
  test("before the question", async () => {
    const { code, err } = await run(["--simulate"], { terminal: true, stdin: "n\n" });
    expect([code, err]).toEqual([1, expect.stringContaining(`${SIMULATED}This wipes the OS disk`)]);
  });

  test("in a dry run", async () => {
    const { err } = await run(["--simulate", "--dry-run"]);
    expect(err).toContain(SIMULATED);
  });

  test.each(["table", "json", "jsonl"])(
    "beside the closing count, and standard output is as ever: -o %s",
    async (format) => {
      const { out, err } = await run(["--simulate", "--yes", "-o", format]);
      expect(err.endsWith(SIMULATED)).toBe(true);
      expect(out).not.toContain("Simulated");
      if (format !== "table") expect(JSON.parse(out)).toBeTruthy();
    },
  );
});

test("what is not simulated does not say so", async () => {
  const { at } = await azure();
  const dry = await run([idOf("a"), "--dry-run", ...at]);
  const { err } = await run([idOf("a"), ...at], { terminal: true, stdin: "y\n" });
  expect(dry.err + err).not.toContain("Simulated");
});
