import type { ReimageClient, ReimageEvent } from "../index.js";
import { conclude } from "./conclude.js";
import { drive } from "./drive.js";
import type { Journal } from "./journal.js";
import type { Left } from "./past.js";
import { createPrinter } from "./print.js";
import { createProgress } from "./progress.js";
import type { Command } from "./reimage.js";
import { exitCodeOf, type Row, withoutSequel } from "./rows.js";

/** Does what is left to do, tells how far it is and how each VM ended, and gives the exit code. */
export async function carryOut(
  client: ReimageClient,
  command: Command,
  { fresh, states, rows: told }: Left,
  journal: Journal | undefined,
  listeners: Set<(event: ReimageEvent) => void>,
): Promise<number> {
  const { values, settings, parameters, io, screen } = command;
  const wait = !values["no-wait"];
  const begunAt = performance.now();
  const printer = createPrinter(settings.format, wait, io, screen);
  const rows: Row[] = [];
  const take = (taken: Row) => {
    const row = values.simulate ? withoutSequel(taken) : taken;
    rows.push(row);
    printer.row(row);
  };
  for (const row of told) take(row);
  const progress = createProgress(screen, [...fresh, ...states.map(({ vm }) => vm)]);
  listeners.add(progress.onEvent);
  const tellWaiting = () =>
    screen.say("Interrupted: a POST under way is heard to its end first. Once more leaves its outcome unknown.");
  io.interrupted.addEventListener("abort", tellWaiting);
  try {
    const { timeoutMs, maxInFlight } = settings;
    const todo = { vms: fresh, states, parameters, journal, wait, timeoutMs, maxInFlight };
    for await (const row of drive(client, {
      ...todo,
      interrupted: io.interrupted,
      hurried: io.hurried,
      onTotals: progress.onTotals,
      onTrouble: screen.say,
    })) {
      take(row);
    }
  } finally {
    io.interrupted.removeEventListener("abort", tellWaiting);
    progress.stop();
  }
  const tookMs = performance.now() - begunAt;
  printer.end(rows, tookMs);
  await conclude(rows, states, command, tookMs);
  return exitCodeOf(rows);
}
