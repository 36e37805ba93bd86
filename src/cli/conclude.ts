import { parseVirtualMachineId } from "../index.js";
import { commandLine } from "./command-line.js";
import { clock } from "./duration.js";
import { counted } from "./print.js";
import type { Command } from "./reimage.js";
import type { Row } from "./rows.js";
import { keepStates } from "./states.js";

/** How many errors are told in full; the others are in the results. */
const TOLD = 10;

/** What is said when all is over: how many ended how, why some did not end well, and how to go on with those that did not end. */
export async function conclude(
  rows: readonly Row[],
  { args, values, screen }: Pick<Command, "args" | "values" | "screen">,
  tookMs: number,
): Promise<void> {
  const bad = rows.filter(({ message }) => message !== undefined);
  for (const { vm, message } of bad.slice(0, TOLD)) screen.say(`${parseVirtualMachineId(vm).vmName}: ${message}`);
  if (bad.length > TOLD) screen.say(`And ${bad.length - TOLD} more: -o jsonl has all of them.`);
  // A table has told it.
  if (values.output !== undefined && values.output !== "table") screen.say(`${counted(rows)}, in ${clock(tookMs)}.`);

  const states = rows.flatMap(({ resume }) => (resume ? [resume] : []));
  if (states.length === 0 || values["no-wait"]) return;
  const subject = states.length === 1 ? "The reimage goes on" : `${states.length} reimages go on`;
  if (values.simulate) return screen.say(`${subject}? Not the simulated: its Azure ends with this process.`);
  if (values.journal !== undefined) {
    return screen.say(`${subject}. To follow, the same command again:\n  ${commandLine(args)}`);
  }
  const file = await keepStates(states);
  const where = (["cloud", "endpoint", "scope"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  screen.say(`${subject}. To follow:\n  ${commandLine(["--resume", file, ...where])}\nKeep the file like a secret.`);
}
