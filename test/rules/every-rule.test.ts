import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const contributing = readFileSync(join(here, "../../CONTRIBUTING.md"), "utf8");
const rules = [...contributing.matchAll(/^\| ([LS]\d+) \| (.*) \|$/gm)].map(([, rule = "", text = ""]) => ({
  rule,
  text,
}));
const sources = readdirSync(here)
  .filter((file) => /^[ls].*\.test\.ts$/.test(file))
  .map((file) => readFileSync(join(here, file), "utf8"))
  .join("\n");

test("CONTRIBUTING lists L1 to L19 and S1 to S13", () => {
  const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  expect(rules.map(({ rule }) => rule)).toEqual([...numbered("L", 19), ...numbered("S", 13)]);
});

test.each(rules)("$rule has tests named by it", ({ rule }) => {
  expect(sources).toMatch(new RegExp(`["'\`]${rule}[:, ]`));
});
