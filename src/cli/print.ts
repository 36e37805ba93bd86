import { parseVirtualMachineId } from "../index.js";
import { clock } from "./duration.js";
import type { Io } from "./io.js";
import type { Row } from "./rows.js";
import { columnsOf, type Look, type Screen, styled } from "./screen.js";
import { harmless, jsonOf } from "./text.js";

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
  if (format === "json") return { row() {}, end: (rows) => print(jsonOf(rows, 2)) };
  if (format === "jsonl") return { row: (row) => print(jsonOf(row)), end() {} };
  if (wait)
    return { row() {}, end: (rows, tookMs) => print(`${table(rows, io)}${counted(rows)}, in ${clock(tookMs)}.`) };
  // What --no-wait is for: the resume states, to be kept.
  return { row: ({ resume }) => resume && print(jsonOf(resume)), end() {} };
}

const LOOKS: Readonly<Partial<Record<Row["outcome"], Look>>> = {
  succeeded: "green",
  accepted: "green",
  unknown: "yellow",
  timeout: "yellow",
  aborted: "yellow",
};

/** What stands for a message that is long, and is told below the table. */
const SHORT: Readonly<Partial<Record<Row["outcome"], string>>> = { authentication: "no usable token" };

function table(rows: readonly Row[], { stdout }: Io): string {
  const fine = rows.filter(({ outcome }) => outcome === "succeeded");
  const shown = [...(fine.length > NAMED ? [] : fine), ...rows.filter(({ outcome }) => outcome !== "succeeded")];
  const cells = shown.map((row) => {
    const { vmName, resourceGroupName } = parseVirtualMachineId(row.vm);
    const detail = row.code ?? row.reason ?? SHORT[row.outcome] ?? row.message ?? "";
    return [
      harmless(vmName),
      resourceGroupName,
      row.outcome,
      harmless(`${row.earlier ? "(earlier) " : ""}${detail}`.trim()),
    ];
  });
  const head = ["VM", "GROUP", "OUTCOME", "DETAIL"];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((cell) => cell[i]?.length ?? 0)));
  const line = (cell: readonly string[], look: Look) => {
    const [vm, group, outcome] = cell.slice(0, 3).map((part, i) => part.padEnd(widths[i] ?? 0)) as [
      string,
      string,
      string,
    ];
    const lead = `${vm}  ${group}  `;
    const room = columnsOf(stdout) - 1 - `${lead}${outcome}  `.length;
    // A terminal would fold what is too long; a pipe gets it all, and how it ended is never cut.
    const detail = stdout.isTTY ? cell[3]?.slice(0, Math.max(room, 0)) : cell[3];
    return detail
      ? `${lead}${styled(look, outcome, stdout)}  ${detail}`
      : `${lead}${styled(look, outcome.trimEnd(), stdout)}`;
  };
  const lines = cells.map((cell, i) => line(cell, LOOKS[shown[i]?.outcome ?? "failed"] ?? "red"));
  return cells.length > 0 ? `${[line(head, "bold"), ...lines].join("\n")}\n` : "";
}

/** How many ended how: `197 succeeded, 3 failed`. */
export function counted(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}
