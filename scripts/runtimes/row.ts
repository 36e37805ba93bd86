/** One line of the table: what was tried, and what came of it. */
export interface Row {
  readonly what: string;
  readonly result: "passed" | "failed" | "not run";
  /** What was told, or why it did not run. */
  readonly told: string;
}

/** Prints the table; 1 when something went wrong. What cannot run here is said, and is no failure. */
export function tell(rows: readonly Row[]): number {
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, result, told } of rows) console.log(`${what.padEnd(width)}  ${result.padEnd(7)}  ${told}`);
  const count = (result: Row["result"]) => rows.filter((row) => row.result === result).length;
  console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("not run")} not run`);
  return count("failed") > 0 ? 1 : 0;
}
