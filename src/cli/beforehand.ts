import { isReimageError, type ReimageClient } from "../index.js";
import { ask } from "./ask.js";
import { clock } from "./duration.js";
import { INTERRUPTED } from "./io.js";
import { LOOKED_AT, lookAt, NOT_LOOKED_AT, type Watchers } from "./look.js";
import type { Left } from "./past.js";
import { keepTelling } from "./progress.js";
import type { Command } from "./reimage.js";
import type { Screen } from "./screen.js";
import { SIMULATED } from "./simulated.js";
import { linesOf } from "./tell-looks.js";
import { UsageError } from "./usage.js";

/** How often it is told that Azure throttles, at most. */
const TOLD_APART = 10_000;

/**
 * What comes before the first POST: the resume states are checked, the VMs looked at, and somebody is asked.
 *
 * Gives what is left to do, or the exit code if that is nothing.
 *
 * @throws {@link UsageError} when a resume state is none
 */
export async function beforehand(client: ReimageClient, command: Command, left: Left): Promise<Left | number> {
  const { values, settings, io, screen } = command;
  checkStates(client, left);
  let begun = 0;
  const wanted = settings.oldDisk === undefined ? left.fresh.length <= LOOKED_AT : settings.oldDisk !== "any";
  const telling = () => `looking at VM ${begun} of ${left.fresh.length} before the wipe`;
  const stop = wanted ? keepTelling(screen, telling) : () => {};
  const watchers: Watchers = {
    onNext(count) {
      begun = count;
    },
    onThrottled: createThrottleTold(screen),
  };
  try {
    const looked = wanted ? await lookAt(client, left.fresh, settings.oldDisk, io.interrupted, watchers) : [];
    stop();
    // Ctrl-C reaches `az` too, which then has no token.
    io.interrupted.throwIfAborted();
    const refused = new Map(looked.flatMap((one) => ("row" in one ? [[one.vm, one.row]] : [])));
    const fresh = left.fresh.filter((vm) => !refused.has(vm));
    const work: Left = { ...left, fresh, rows: [...left.rows, ...refused.values()] };
    const asks = command.asks && fresh.length > 0;
    const shows = values["dry-run"] || asks;
    // Who is left alone is told in the end, too.
    for (const line of linesOf(shows ? looked : looked.filter((one) => "found" in one))) screen.say(line);
    // The question says it itself, and --old-disk any has asked for it.
    if (!wanted && !asks && settings.oldDisk === undefined) screen.say(NOT_LOOKED_AT);
    if (values.simulate && shows) screen.say(SIMULATED);
    const answer = asks ? await ask(fresh, wanted, io) : 0;
    if (answer === 0) return work;
    screen.say("Nothing was sent.");
    return answer;
  } catch (error) {
    stop();
    if (!io.interrupted.aborted) throw error;
    screen.say("Interrupted; nothing was sent.");
    return INTERRUPTED;
  }
}

/** Tells that Azure throttles the looks; once, where many were under way, and not each second while others share its limit. */
function createThrottleTold(screen: Screen): (waitMs: number) => void {
  let quietUntil = 0;
  return (waitMs) => {
    const now = performance.now();
    if (now < quietUntil) return;
    screen.say(`Azure throttles the looks; they go on in ${clock(waitMs)}.`);
    quietUntil = now + Math.max(waitMs, TOLD_APART);
  };
}

/** A state that leads elsewhere is a result of its own; one that is none is a mistake of whoever handed it in. */
function checkStates(client: ReimageClient, { states }: Left): void {
  for (const [i, state] of states.entries()) {
    try {
      client.resume(state);
    } catch (error) {
      if (!isReimageError(error)) throw error;
      if (error.name !== "InvalidInputError") continue;
      const rules = error.issues.map(({ path, rule }) => `${path} ${rule}`).join("; ");
      throw new UsageError(`Resume state ${i + 1} is none: ${rules}.`);
    }
  }
}
