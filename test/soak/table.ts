// What a soak prints in the end.

/** Lines of cells, each column as wide as its widest cell. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Counts by name, the largest first. */
export function listed(counts: Readonly<Record<string, number>>, keep: (name: string) => boolean = () => true): string {
  const kept = Object.entries(counts).filter(([name]) => keep(name));
  kept.sort(([, one], [, other]) => other - one);
  return kept.map(([name, count]) => `${name} ${count}`).join(" · ") || "none";
}
