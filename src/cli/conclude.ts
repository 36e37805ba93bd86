import { parseVirtualMachineId, type SerializedOperation } from "../index.js";
import { commandLine } from "./command-line.js";
import { clock } from "./duration.js";
import type { Io } from "./io.js";
import { counted } from "./print.js";
import type { Command } from "./reimage.js";
import { isLost, type Row } from "./rows.js";
import { SIMULATED } from "./simulated.js";
import { keepStates } from "./states.js";
import { straysOf } from "./strays.js";
import { harmless, jsonOf } from "./text.js";

/** How many errors are told in full; the others are in the results. */
const TOLD = 10;

/**
 * What is said when all is over: how many ended how, why some did not end well, and how to go on with those that did not end.
 *
 * @param states - what the run was to follow from its beginning
 */
export async function conclude(
  rows: readonly Row[],
  states: readonly SerializedOperation[],
  command: Command,
  tookMs: number,
): Promise<void> {
  const { values, settings, io, screen } = command;
  const bad = rows.filter(({ message }) => message !== undefined);
  for (const { vm, message = "" } of bad.slice(0, TOLD))
    screen.say(harmless(`${parseVirtualMachineId(vm).vmName}: ${message}`));
  if (bad.length > TOLD) screen.say(`And ${bad.length - TOLD} more: -o jsonl has all of them.`);
  // A table has told it.
  if (settings.format !== "table" || values["no-wait"]) screen.say(`${counted(rows)}, in ${clock(tookMs)}.`);
  if (values.simulate) screen.say(SIMULATED);
  const earlier = rows.filter((row) => row.earlier).length;
  if (earlier > 0) screen.say(`${earlier} of them by an earlier run of this journal: nothing was sent to them now.`);

  const leftOut = rows.filter(wasLeftOut).length;
  const again = values.journal === undefined ? "" : " The same command again begins them.";
  if (leftOut > 0) screen.say(`${leftOut} of the list ${leftOut === 1 ? "was" : "were"} not begun.${again}`);
  if (io.interrupted.aborted && rows.every(wasNotSent)) screen.say("Nothing was sent.");
  const lost = rows.filter(({ reason }) => isLost(reason)).length;
  if (lost > 0 && !values.simulate)
    screen.say(`${lost} cannot be followed from here: look at the VM, and at the activity log.`);
  await sayStrays(rows, states, command);

  const open = rows.filter(({ resume, reason }) => resume !== undefined && !isLost(reason));
  if (open.length === 0) return;
  if (values.simulate) return screen.say("Nothing to resume: the simulated Azure ended with this process.");
  if (values["no-wait"] && (await isWritten(io))) return;
  // What the journal could not take is nowhere else.
  const recorded = values.journal === undefined ? [] : open.filter(({ reason }) => reason !== "not-recorded");
  if (recorded.length > 0) sayAgain(recorded, command);
  const unrecorded = open.filter((row) => !recorded.includes(row));
  const sequel = { subject: subjectOf(unrecorded), how: "To follow", where: [whereOf(values)] };
  if (unrecorded.length > 0) await sayResume(unrecorded, sequel, command);
}

/** Did nothing leave for a VM, in this run or another? What the service refused did. */
function wasNotSent({ started, outcome }: Row): boolean {
  return started === "no" && outcome !== "rejected";
}

function subjectOf(rows: readonly Row[]): string {
  const known = rows.every(({ outcome }) => outcome !== "unknown");
  if (rows.length > 1) return `${rows.length} reimages ${known ? "" : "may "}go on`;
  return known ? "The reimage goes on" : "The reimage may go on";
}

/** Had its turn not come when the run ended? Whoever had it and did not end well says why. */
function wasLeftOut({ started, message }: Row): boolean {
  return started === "no" && message === undefined;
}

/** Has everything arrived that was printed on standard output? */
function isWritten({ stdout }: Pick<Io, "stdout">): Promise<boolean> {
  return new Promise((resolve) => stdout.write("", (error) => resolve(!error)));
}

function sayAgain(rows: readonly Row[], { args, settings, io, screen }: Command): void {
  const input = settings.readers.length > 0 ? ", with the same standard input" : "";
  screen.say(`${subjectOf(rows)}. To follow, the same command again${input}:\n  ${commandLine(args, io)}`);
}

/** How to go on with what is kept. */
interface Sequel {
  /** What there is to know, as a sentence without its end. */
  readonly subject: string;
  readonly how: string;
  /** The options that lead there: a command for each. */
  readonly where: readonly (readonly string[])[];
}

async function sayResume(
  rows: readonly Row[],
  { subject, how, where }: Sequel,
  { io, screen }: Command,
): Promise<void> {
  const states = rows.flatMap(({ resume }) => resume ?? []);
  const from = (file: string) => where.map((more) => `\n  ${commandLine(["--resume", file, ...more], io)}`).join("");
  const file = await keepStates(states).catch(() => undefined);
  if (file !== undefined) {
    screen.say(`${subject}. ${how}:${from(file)}\nKeep the file like a secret.`);
    return;
  }
  const lines = states.map((state) => jsonOf(state)).join("\n");
  screen.say(
    `${subject}. No file could be written: keep these lines, like a secret.\n${lines}\n${how}, with them on standard input:${from("-")}`,
  );
}

/** The options that lead to the same Azure. */
function whereOf(values: Command["values"]): string[] {
  return (["cloud", "endpoint", "scope"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
}

/** Names the origins that were not trusted, and says how to go on where one is right: to trust it is nobody's decision but the reader's. */
async function sayStrays(
  rows: readonly Row[],
  states: readonly SerializedOperation[],
  command: Command,
): Promise<void> {
  const { values, io, screen } = command;
  const { rows: told, origins, handedIn } = straysOf(rows, states);
  for (const origin of values.resume === undefined ? [] : handedIn)
    screen.say(`There are states of ${origin}: if that is your endpoint, run again with --endpoint ${origin}`);
  if (origins.length === 0) return;
  const subject = `The status is told at ${origins.join(" and ")}, which is not trusted: no token was sent there`;
  // Nobody is handed a line that sends the token there: to add the origin is a decision.
  const how = "To follow, with --endpoint and that origin added if it is your endpoint";
  const where = [values.scope ? ["--scope", values.scope] : []];
  if (values["no-wait"] && (await isWritten(io))) screen.say(`${subject}.`);
  else await sayResume(told, { subject, how, where }, command);
}
