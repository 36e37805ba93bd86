/** Why: what a measure is, what it gives, and when it is over its budget. */

/** Who is measured side by side: modules in candidates/, and two commands. */
export type Candidate =
  | "empty"
  | "fetch"
  | "fetch-ruled"
  | "openapi-fetch"
  | "arm-compute"
  | "arm-compute-api"
  | "npx"
  | "ours";

/** What we may come to: a value, one beyond the floor's, or one in relation to the floor's. */
export interface Budget {
  readonly of: "value" | "over the floor" | "x the floor";
  readonly most: number;
}

/** A line of the table. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly floor?: Candidate;
  /** Medians. */
  readonly values: Readonly<Partial<Record<Candidate, number>>>;
  /** Medians of the ratios to the floor inside each round. */
  readonly ratios?: Readonly<Partial<Record<Candidate, number>>>;
  readonly budget: Budget;
}

/** Where the measures find things. */
export interface Bench {
  /** The repository. */
  readonly root: string;
  /** A project with the tarball, the others, candidates/ and workloads/. */
  readonly project: string;
  /** The Node that all candidates run on. */
  readonly node: string;
  /** Fewer rounds and operations. */
  readonly quick: boolean;
}

export interface Measure {
  readonly name: string;
  measure(bench: Bench): Promise<readonly Row[]>;
}

/** What our figure is, as the budget reckons. */
export function reckon({ values, ratios, floor, budget }: Row): number {
  const ours = values.ours ?? Number.NaN;
  if (budget.of === "value") return ours;
  const base = (floor && values[floor]) ?? Number.NaN;
  return budget.of === "over the floor" ? ours - base : (ratios?.ours ?? ours / base);
}

/** Is it within the budget? What was not measured is not. */
export function holds(row: Row): boolean {
  return reckon(row) <= row.budget.most;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}
