// What a soak prints in the end.
import type { Report } from "./books.js";
import type { World } from "./clients.js";
import { isHarmless } from "./faults.js";
import type { Held } from "./leftovers.js";

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
function listed(counts: Readonly<Record<string, number>>, keep: (name: string) => boolean = () => true): string {
  const kept = Object.entries(counts).filter(([name]) => keep(name));
  kept.sort(([, one], [, other]) => other - one);
  return kept.map(([name, count]) => `${name} ${count}`).join(" · ") || "none";
}

/** What is told of a storm. */
export interface Result {
  readonly seed: string;
  readonly report: Report;
  readonly world: World;
  /** In use before, at the thirds, and in the end. */
  readonly heap: readonly number[];
  readonly before: Held;
  readonly after: Held;
  /** How many calls ended when all were pressed to stop. */
  readonly pressed: number;
}

/** The table of a storm. */
export function stormTable({ seed, report, world, heap, before, after, pressed }: Result): string {
  const { kinds, posts, polls, taken, claims, mostAtOnce, measured, problems } = report;
  const { log, told } = world;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const [start = 0, first = 0, second = 0, third = 0, end = 0] = heap;
  const more = Object.keys(before.objects).map((kind) => {
    const name = kind as keyof Held["objects"];
    return [kind, after.objects[name] - before.objects[name]] as const;
  });
  const harmful = (kind: string) => !isHarmless(kind);
  const measurements = Object.values(measured).reduce((sum, times) => sum + times, 0);
  return aligned([
    ["seed", seed],
    ["operations", `${claims} claimed, ${mostAtOnce} at once at most, ${taken} taken by the service`],
    ["requests", `${posts} POSTs, ${polls} polls; ${measurements} claims measured by the answer to their POST`],
    ["told to callers", listed(told)],
    ["faults of POSTs", listed(kinds.POST, harmful)],
    ["faults of polls", listed(kinds.GET, harmful)],
    ["harmless POSTs", listed(kinds.POST, isHarmless)],
    ["harmless polls", listed(kinds.GET, isHarmless)],
    ["connections", listed(kinds.connection)],
    ["log", `${listed(log.entries)}; ${(log.characters / 1e6).toFixed(0)} million characters searched`],
    [
      "heap",
      `${mib(start)} before; ${[first, second, third].map(mib).join(", ")} at the thirds; ${mib(end)} in the end`,
    ],
    ["held more", `${listed(Object.fromEntries(more))}; ${((after.bytes - before.bytes) / 1024).toFixed(0)} KiB`],
    [
      "handles",
      `before: ${listed(before.handles)}; after: ${listed(after.handles)}; connections: ${listed(report.connections)}`,
    ],
    ["pressed to stop", `${pressed} calls ended at once`],
    ["problems", String(problems.length + world.problems.length + log.leaks.length)],
  ]);
}
