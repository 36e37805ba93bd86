import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { list } from "./list.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rules = [...readFileSync(`${root}CONTRIBUTING.md`, "utf8").matchAll(/^\| ([LS]\d+) \|/gm)];

test.each(rules.map(([, rule]) => rule))("%s has code that is taken out to see its tests go red", (rule) => {
  expect(list.filter((one) => one.rule === rule)).not.toEqual([]);
});

test.each(list)("$rule: $wrong: the place in $file is there, once", ({ file, from }) => {
  expect(readFileSync(`${root}${file}`, "utf8").split(from)).toHaveLength(2);
});
