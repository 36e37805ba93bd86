// Why: what is not measured side by side, in one run, on one machine, is a guess. `npm run bench` measures all and prints one table;
// `npm run bench -- sizes heap` only these, `--write` to put them into the results of the last run; `--quick` with few rounds; `--check`
// exits 1 when something is over its budget.
import { fileURLToPath } from "node:url";
import { standing } from "../test/bench/markdown.js";
import { holds, type Row } from "../test/bench/measure.js";
import { measures } from "../test/bench/measures.js";
import { prepare, VERSIONS } from "../test/bench/project.js";
import { readResults, writeResults } from "../test/bench/results.js";
import { buildIfStale } from "./build.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The command. */
export async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = [
    ...names.filter((name) => !measures.some((measure) => measure.name === name)),
    ...args.filter((arg) => arg.startsWith("--") && !["--quick", "--check", "--write"].includes(arg)),
  ];
  if (unknown.length > 0) {
    console.error(`What is ${unknown.join(", ")}? There are: ${measures.map(({ name }) => name).join(", ")}`);
    return 1;
  }
  await buildIfStale(root);
  const quick = args.includes("--quick");
  const bench = await prepare(root, quick);
  const rows: Row[] = [];
  for (const { name, measure } of measures) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.error(`measuring ${name} …`);
    rows.push(...(await measure(bench)));
  }
  console.log(standing(rows));
  const kept = rows.filter(holds).length;
  console.log(`\n${kept} of ${rows.length} within their budgets`);
  // A quick look is nothing to show; a part of it takes its place in what was measured before only when it is told to.
  if (!quick && (names.length === 0 || args.includes("--write"))) {
    const all =
      names.length === 0
        ? rows
        : readResults(root).rows.map((old) => rows.find(({ name }) => name === old.name) ?? old);
    writeResults(root, { date: new Date().toISOString().slice(0, 10), versions: VERSIONS, rows: all });
  }
  return args.includes("--check") && kept < rows.length ? 1 : 0;
}
