/** One line of the table: what was tried, and what came of it. */
export interface Row {
  readonly what: string;
  readonly result: "passed" | "failed" | "not run";
  /** What was told, or why it did not run. */
  readonly told: string;
}
