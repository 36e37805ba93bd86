import type { ReimageParameters, VirtualMachineId } from "../index.js";
import { canAsk } from "./ask.js";
import { beforehand } from "./beforehand.js";
import { carryOut } from "./carry-out.js";
import { connect, placeOf } from "./connect.js";
import type { Io } from "./io.js";
import { type Journal, openJournal, readJournal } from "./journal.js";
import { createLog } from "./log.js";
import type { Arguments, REIMAGE_OPTIONS, Values } from "./options.js";
import { readParameters } from "./parameters.js";
import { type Left, leftBy, planOf } from "./past.js";
import { rehearse } from "./rehearse.js";
import { exitCodeOf } from "./rows.js";
import { createScreen, type Screen } from "./screen.js";
import { readSettings, type Settings } from "./settings.js";
import { showRequests } from "./show-requests.js";
import { SAMPLE_VM } from "./simulated.js";
import { readStates } from "./states.js";
import { readTargets } from "./targets.js";
import { UsageError } from "./usage.js";

/** The command as it was typed, read. */
export interface Command {
  readonly args: readonly string[];
  readonly values: Values<typeof REIMAGE_OPTIONS>;
  readonly settings: Settings;
  readonly parameters: ReimageParameters | undefined;
  /** Is somebody asked before the first POST? */
  readonly asks: boolean;
  readonly io: Io;
  readonly screen: Screen;
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
  const named = await readTargets(read, io);
  const fresh: readonly VirtualMachineId[] = values.simulate && named.length === 0 ? [SAMPLE_VM] : named;
  const states = values.resume === undefined ? [] : await readStates(values.resume, io);
  if (fresh.length + states.length === 0) {
    throw new UsageError("Which VMs? Give their ids, or --resource-group and --name.");
  }
  const parameters = await readParameters(values, io);
  const destroys = !values["dry-run"] && values.resume === undefined;
  // Whose standard input was read has no more to say.
  const askable = canAsk(io) && settings.readers.length === 0;
  if (destroys && !values.yes && !values.simulate && !askable) {
    throw new UsageError(
      "This wipes OS disks, and there is no terminal to ask on: say --yes, or look first with --dry-run.",
    );
  }
  const asks = destroys && !values.yes && askable;
  const command: Command = { args, values, settings, parameters, asks, io, screen: createScreen(io) };
  if (values.journal === undefined) return perform(command, { fresh, states, rows: [] }, undefined);
  const place = placeOf(values);
  if (values["dry-run"]) return perform(command, leftBy(await readJournal(values.journal, place), fresh), undefined);
  const journal = await openJournal(values.journal, place);
  try {
    return await perform(command, leftBy(journal, fresh), journal);
  } finally {
    await journal.close();
  }
}

/** Looks, asks, and does it; or shows what it would do. */
async function perform(command: Command, left: Left, journal: Journal | undefined): Promise<number> {
  const { values, settings, parameters, io, screen } = command;
  const log = createLog(io, screen);
  const vms = [...left.fresh, ...left.states.map(({ vm }) => vm)];
  const connectWith = (own: Parameters<typeof connect>[3]) => connect(values, vms, io, own);
  const listeners = new Set([log]);
  const client = connectWith({
    onEvent(event) {
      for (const listen of listeners) listen(event);
    },
  });
  const work = await beforehand(client, command, left);
  if (typeof work === "number") return work;
  if (values["dry-run"]) {
    if (values.journal !== undefined) screen.say(planOf(work));
    showRequests(await rehearse(connectWith, work.fresh, parameters), settings.format, io);
    return exitCodeOf(work.rows);
  }
  return carryOut(client, command, work, journal, listeners);
}
