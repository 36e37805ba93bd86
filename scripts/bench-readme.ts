// Why: figures that are typed are figures that were true once. `npm run bench:readme` writes the README's comparison from the results.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withComparison } from "../test/bench/readme.js";
import { readResults } from "../test/bench/results.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The command. */
export async function main(): Promise<number> {
  const file = `${root}README.md`;
  writeFileSync(file, withComparison(readFileSync(file, "utf8"), readResults(root)));
  return 0;
}
