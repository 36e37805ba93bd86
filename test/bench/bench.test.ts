/** What becomes of the figures; the figures themselves are `npm run bench`'s. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { comparison, figure, standing } from "./markdown.js";
import { type Candidate, holds, median, type Row } from "./measure.js";
import { withComparison } from "./readme.js";
import { readResults, writeResults } from "./results.js";
import { beyond, rounds, summary } from "./rounds.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const row: Row = {
  ...{ name: "a", what: "a thing", unit: "ms", floor: "fetch" },
  values: { fetch: 10, ours: 14, "arm-compute": 1234.5 },
  ratios: { fetch: 1, ours: 1.25, "arm-compute": 123 },
  budget: { of: "x the floor", most: 1.3 },
};

test("the README's comparison is what the results give: `npm run bench:readme`", () => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  expect(withComparison(readme, readResults(root))).toBe(readme);
  expect(readme).toContain("| @azure/arm-compute |");
});

test("the results are those of a full run, and name no folder", () => {
  expect(readResults(root).rows.map(({ name }) => name)).toEqual([
    ...["posts-after-500", "tokens-elsewhere", "sizes", "install-packages", "install-size"],
    ...["consumer-skip", "consumer-check", "cold-start", "first-reimage", "cpu-in-process", "cpu-over-tls", "heap"],
    ...["delay-p50", "delay-p99", "stall", "fleet-makespan", "fleet-delay", "fleet-throttled", "pipeline"],
  ]);
  expect(readFileSync(`${root}test/bench/results.json`, "utf8")).not.toMatch(/\/(home|tmp|root|work|usr)\//);
});

test("what was written down is shown as it was measured, not rounded twice", () => {
  const folder = mkdtempSync(join(tmpdir(), "results-"));
  mkdirSync(join(folder, "test/bench"), { recursive: true });
  const rows = [{ ...row, values: { fetch: 10, ours: 10.352 } }];
  writeResults(folder, { date: "2026-11-28", versions: {}, rows });
  expect(comparison(readResults(folder).rows)).toBe(comparison(rows));
  expect(comparison(rows)).toContain("10.4 ms");
  rmSync(folder, { recursive: true });
});

test("a README without markers is not written to", () => {
  expect(() => withComparison("# none", readResults(root))).toThrow("markers");
});

test("a budget is of the value, of what is over the floor, or of the ratio inside the rounds", () => {
  const with_ = (of: Row["budget"]["of"], most: number) => holds({ ...row, budget: { of, most } });
  expect([with_("value", 14), with_("value", 13.9)]).toEqual([true, false]);
  expect([with_("over the floor", 4), with_("over the floor", 3.9)]).toEqual([true, false]);
  expect([with_("x the floor", 1.25), with_("x the floor", 1.24)]).toEqual([true, false]);
});

test("what was not measured is over its budget", () => {
  expect(holds({ ...row, values: {}, ratios: {} })).toBe(false);
  expect(holds({ ...row, values: {}, budget: { of: "value", most: 1e9 } })).toBe(false);
});

test("a median is the middle one, or between the two", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

test("every round asks every candidate, and another one first", async () => {
  const asked: Candidate[] = [];
  await rounds(2, ["fetch", "ours"], async (candidate) => asked.push(candidate));
  expect(asked).toEqual(["fetch", "ours", "ours", "fetch"]);
});

test("what is beyond the floor is that inside the rounds, so that a slow round makes it no worse", () => {
  const round = (empty: number, ours: number) =>
    new Map<Candidate, number>([
      ["empty", empty],
      ["ours", ours],
    ]);
  const { values } = summary(beyond([round(100, 150), round(900, 940), round(300, 345)], "empty"), "empty", (ms) => ms);
  expect(values).toEqual({ empty: 0, ours: 45 });
});

test("ratios are those inside the rounds, so that a slow round makes none of them worse", () => {
  const slow = new Map<Candidate, number>([
    ["fetch", 100],
    ["ours", 200],
  ]);
  const quick = new Map<Candidate, number>([
    ["fetch", 1],
    ["ours", 2],
  ]);
  const { values, ratios } = summary([slow, quick, quick], "fetch", (ms) => ms);
  expect([values, ratios]).toEqual([
    { fetch: 1, ours: 2 },
    { fetch: 1, ours: 2 },
  ]);
});

test("a figure has three digits, and no unit where it counts", () => {
  expect([figure(0.5441, "MB"), figure(14.84, "ms"), figure(1234.5, "µs"), figure(0, "x"), figure(4, "")]).toEqual([
    "0.544 MB",
    "14.8 ms",
    "1235 µs",
    "0 x",
    "4",
  ]);
});

test("the table says what is over its budget, and by how much", () => {
  expect(standing([row])).toContain(
    "| a thing | 14 ms (1.25 x) | 1235 ms (123 x) |  | 10 ms | 1.3 x the floor, kept | a |",
  );
  expect(standing([{ ...row, budget: { of: "value", most: 9 } }])).toContain("| 9 ms, OVER: 14 ms |");
  expect(standing([{ ...row, budget: { of: "over the floor", most: 3 } }])).toContain(
    "3 ms over the floor, OVER: 4 ms",
  );
});

test("what is over an empty process is told without that of the empty process", () => {
  const over: Row = {
    ...row,
    floor: "empty",
    values: { empty: 4, ours: 14 },
    budget: { of: "over the floor", most: 8 },
  };
  expect(comparison([over])).toContain("| a thing | 10 ms |");
});

test("a user is not told of what has nothing to be compared with", () => {
  expect(comparison([{ ...row, values: { ours: 1 } }])).not.toContain("a thing");
});
