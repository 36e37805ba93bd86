import { parseVirtualMachineId } from "../index.js";
import { clock } from "./duration.js";
import type { Io } from "./io.js";
import type { Row } from "./rows.js";
import type { Screen } from "./screen.js";
import { type Look, styled } from "./screen.js";

/** How results are printed. */
export type Format = "table" | "json" | "jsonl";

/** What prints the results: on standard output, and nothing else there. */
export interface Printer {
  /** A VM ended. */
  row(row: Row): void;
  /** All did, in so many milliseconds. */
  end(rows: readonly Row[], tookMs: number): void;
}

/** How many VMs that succeeded a table names; more are only counted. */
const NAMED = 50;

/** The printer of a format. */
export function createPrinter(format: Format, wait: boolean, io: Io, screen: Screen): Printer {
  const print = (text: string) => screen.aside(() => io.stdout.write(`${text}\n`));
  if (format === "json") return { row() {}, end: (rows) => print(JSON.stringify(rows, undefined, 2)) };
  if (format === "jsonl") return { row: (row) => print(JSON.stringify(row)), end() {} };
  if (wait)
    return { row() {}, end: (rows, tookMs) => print(`${table(rows, io)}${counted(rows)}, in ${clock(tookMs)}.`) };
  // What --no-wait is for: the resume states, to be kept.
  return { row: ({ resume }) => resume && print(JSON.stringify(resume)), end() {} };
}

const LOOKS: Readonly<Partial<Record<Row["outcome"], Look>>> = {
  succeeded: "green",
  accepted: "green",
  unknown: "yellow",
  timeout: "yellow",
  aborted: "yellow",
};

function table(rows: readonly Row[], { stdout }: Io): string {
  const fine = rows.filter(({ outcome }) => outcome === "succeeded");
  const shown = [...(fine.length > NAMED ? [] : fine), ...rows.filter(({ outcome }) => outcome !== "succeeded")];
  const cells = shown.map((row) => {
    const { vmName, resourceGroupName } = parseVirtualMachineId(row.vm);
    const detail = row.code ?? row.reason ?? row.message ?? "";
    return [vmName, resourceGroupName, row.outcome, `${row.earlier ? "(earlier) " : ""}${detail}`.trim()];
  });
  const head = ["VM", "GROUP", "OUTCOME", "DETAIL"];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((cell) => cell[i]?.length ?? 0)));
  const line = (cell: readonly string[]) => {
    const text = cell
      .map((part, i) => (i < 3 ? part.padEnd(widths[i] ?? 0) : part))
      .join("  ")
      .trimEnd();
    // A terminal would fold what is too long; a pipe gets it all.
    return stdout.isTTY ? text.slice(0, (stdout.columns ?? 80) - 1) : text;
  };
  const lines = cells.map((cell, i) => {
    const outcome = shown[i]?.outcome ?? "failed";
    return line(cell).replace(new RegExp(`(?<= )${outcome}(?= |$)`), (word) =>
      styled(LOOKS[outcome] ?? "red", word, stdout),
    );
  });
  return cells.length > 0 ? `${[styled("bold", line(head), stdout), ...lines].join("\n")}\n` : "";
}

/** How many ended how: `197 succeeded, 3 failed`. */
export function counted(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}
