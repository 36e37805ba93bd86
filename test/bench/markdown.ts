/** The rows as a Markdown table: for the terminal with the budgets, for the README without. */
import { type Candidate, holds, type Row, reckon } from "./measure.js";

const COLUMNS: readonly { readonly title: string; readonly of: readonly Candidate[] }[] = [
  { title: "azure-vm-reimage", of: ["ours"] },
  { title: "@azure/arm-compute", of: ["arm-compute", "arm-compute-api"] },
  { title: "openapi-fetch and a loop", of: ["openapi-fetch", "npx"] },
  { title: "40 lines of fetch", of: ["fetch", "fetch-ruled"] },
];

/** What is said of a figure, where the column's title does not. */
const REMARKS: Readonly<Partial<Record<Candidate, string>>> = {
  "arm-compute-api": " by its `/api` entry",
  "fetch-ruled": " with the limit, ids and cap that the rules ask of each request",
  npx: " by `npx redocly lint` and `npx openapi-typescript`",
};

/** Three digits are all that such a figure is worth. */
export function figure(value: number, unit: string): string {
  const text = unit === "" || value === 0 ? String(value) : value.toPrecision(value >= 1000 ? 4 : 3);
  return `${Number(text)}${unit && ` ${unit}`}`;
}

function cell(row: Row, candidate: Candidate): string {
  const value = row.values[candidate];
  if (value === undefined) return "";
  const base = row.floor === "empty" ? (row.values.empty ?? 0) : 0;
  const ratio = row.budget.of === "x the floor" && candidate !== row.floor ? row.ratios?.[candidate] : undefined;
  return `${figure(value - base, row.unit)}${ratio === undefined ? "" : ` (${figure(ratio, "x")})`}${REMARKS[candidate] ?? ""}`;
}

const cells = (row: Row) =>
  COLUMNS.map(({ of }) =>
    of
      .map((candidate) => cell(row, candidate))
      .filter(Boolean)
      .join(", "),
  );

const table = (titles: readonly string[], lines: readonly (readonly string[])[]) =>
  [titles, titles.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

/** What a user wants to know: where there is something to compare with. */
export function comparison(rows: readonly Row[]): string {
  return table(
    ["", ...COLUMNS.map(({ title }) => title)],
    rows.filter(({ values }) => Object.keys(values).length > 1).map((row) => [row.what, ...cells(row)]),
  );
}

/** What we want to know: where we stand, of what we may come to. */
export function standing(rows: readonly Row[]): string {
  return table(
    ["", ...COLUMNS.map(({ title }) => title), "budget", "name"],
    rows.map((row) => {
      const { of, most } = row.budget;
      const unit = of === "x the floor" ? "x" : row.unit;
      const kept = holds(row) ? "kept" : `OVER: ${figure(reckon(row), unit)}`;
      const limit = of === "value" ? "" : ` ${of === "x the floor" ? "the floor" : of}`;
      return [row.what, ...cells(row), `${figure(most, unit)}${limit}, ${kept}`, row.name];
    }),
  );
}
