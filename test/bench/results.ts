/** The figures that the README shows: those of the last full run, by their names. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./measure.js";

export interface Results {
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

const fileOf = (root: string) => `${root}/test/bench/results.json`;

export function readResults(root: string): Results {
  return JSON.parse(readFileSync(fileOf(root), "utf8"));
}

export function writeResults(root: string, results: Results): void {
  writeFileSync(fileOf(root), `${JSON.stringify(results, null, 2)}\n`);
}
