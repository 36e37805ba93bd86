import type {
  ReimageClientOptions,
  ReimageEvent,
  ReimageParameters,
  SerializedOperation,
  VirtualMachineId,
} from "../index.js";
import { ask, requireAnswerable } from "./ask.js";
import { conclude } from "./conclude.js";
import { connect } from "./connect.js";
import { drive } from "./drive.js";
import type { Io } from "./io.js";
import { type Journal, openJournal } from "./journal.js";
import { createLog } from "./log.js";
import { fateOf, LOOKED_AT, lookAt } from "./look.js";
import type { Arguments, REIMAGE_OPTIONS, Values } from "./options.js";
import { readParameters } from "./parameters.js";
import { leftBy } from "./past.js";
import { createPrinter } from "./print.js";
import { createProgress } from "./progress.js";
import { rehearse } from "./rehearse.js";
import { exitCodeOf, type Row } from "./rows.js";
import { createScreen, type Screen } from "./screen.js";
import { readSettings, type Settings } from "./settings.js";
import { showRequests } from "./show-requests.js";
import { SAMPLE_VM } from "./simulated.js";
import { readStates } from "./states.js";
import { readTargets } from "./targets.js";
import { UsageError } from "./usage.js";

/** The command as it was typed, read. */
interface Command {
  readonly args: readonly string[];
  readonly values: Values<typeof REIMAGE_OPTIONS>;
  readonly settings: Settings;
  readonly parameters: ReimageParameters | undefined;
  readonly io: Io;
  readonly screen: Screen;
}

/** What there is to do. */
interface Work {
  readonly fresh: readonly VirtualMachineId[];
  readonly states: readonly SerializedOperation[];
  /** What is told without doing anything. */
  readonly rows: readonly Row[];
}

/**
 * The command `reimage`. Gives the exit code.
 *
 * @param args - as they were typed, for the line that goes on with them
 * @throws {@link UsageError} before anything is sent
 */
export async function reimage(
  args: readonly string[],
  read: Arguments<typeof REIMAGE_OPTIONS>,
  io: Io,
): Promise<number> {
  const { values } = read;
  const settings = readSettings(read);
  const vms = await readTargets(read, io);
  const states = values.resume === undefined ? [] : await readStates(values.resume, io);
  const parameters = await readParameters(values, io);
  if (values.simulate && vms.length === 0) vms.push(SAMPLE_VM);
  if (vms.length + states.length === 0)
    throw new UsageError("Which VMs? Give their ids, or --resource-group and --name.");
  const harmless = values["dry-run"] || values.resume !== undefined;
  if (!harmless) requireAnswerable(values.yes, io);
  const command: Command = { args, values, settings, parameters, io, screen: createScreen(io) };
  if (values.journal === undefined) return carryOut(command, { fresh: vms, states, rows: [] }, undefined);
  const journal = await openJournal(values.journal);
  try {
    return await carryOut(command, leftBy(journal, vms), journal);
  } finally {
    await journal.close();
  }
}

async function carryOut(command: Command, work: Work, journal: Journal | undefined): Promise<number> {
  const { values, settings, parameters, io, screen } = command;
  const everything = [...work.fresh, ...work.states.map(({ vm }) => vm)];
  const listeners: ((event: ReimageEvent) => void)[] = [createLog(io, screen)];
  const connected = (own: Partial<ReimageClientOptions>) => connect(values, everything, io, own);
  const client = connected({
    onEvent(event) {
      for (const listener of listeners) listener(event);
    },
  });

  const looked = looksWanted(work.fresh, settings)
    ? await lookAt(client, work.fresh, settings.oldDisk, io.interrupted)
    : [];
  const refused = looked.flatMap((one) => ("row" in one ? [one.row] : []));
  const left = new Set(looked.flatMap((one) => ("row" in one ? [one.vm] : [])));
  const vms = work.fresh.filter((vm) => !left.has(vm));
  const told = [...work.rows, ...refused];
  const printer = createPrinter(settings.format, !values["no-wait"], io, screen);

  if (values["dry-run"]) {
    for (const one of looked)
      screen.say(`${one.vm.vmName}: ${"row" in one ? one.row.message : fateOf(one.found.oldOsDisk)}`);
    showRequests(await rehearse(connected, vms, parameters), settings.format, io);
    return exitCodeOf(told);
  }
  if (vms.length > 0 && !values.yes && !(await ask(vms, looked, io))) {
    screen.say("Nothing was sent.");
    return 1;
  }

  const begunAt = performance.now();
  const names = [...vms, ...work.states.map(({ vm }) => vm)].map((vm) => vm?.vmName ?? "VM");
  const progress = createProgress(screen, names);
  listeners.push(progress.onEvent);
  const rows: Row[] = [];
  const take = (row: Row) => {
    rows.push(row);
    printer.row(row);
  };
  for (const row of told) take(row);
  const plan = {
    vms,
    states: work.states,
    parameters,
    journal,
    wait: !values["no-wait"],
    timeoutMs: settings.timeoutMs,
    maxInFlight: settings.maxInFlight,
    interrupted: io.interrupted,
    onTotals: progress.onTotals,
  };
  try {
    for await (const row of drive(client, plan)) take(row);
  } finally {
    progress.stop();
  }
  printer.end(rows);
  await conclude(rows, { ...command, tookMs: performance.now() - begunAt });
  return exitCodeOf(rows);
}

/** A look is taken of some VMs unless it is unwanted, and of all where it decides. */
function looksWanted(vms: readonly VirtualMachineId[], { oldDisk }: Settings): boolean {
  return oldDisk === undefined ? vms.length <= LOOKED_AT : oldDisk !== "any";
}
