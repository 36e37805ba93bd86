import { OutcomeUnknownError, type SerializedOperation, type VirtualMachineId } from "../index.js";
import type { Journal } from "./journal.js";
import { type Row, rowOfError } from "./rows.js";
import { keyOf } from "./targets.js";

/** What an earlier run of the journal leaves to do. */
export interface Left {
  /** Never begun, or not taken by the service. */
  readonly fresh: readonly VirtualMachineId[];
  /** Accepted, and not known to have ended. */
  readonly states: readonly SerializedOperation[];
  /** Ended; or begun, and nobody knows whether it arrived: that is told and not repeated. */
  readonly rows: readonly Row[];
}

/** Sorts VMs by what the journal knows of them. Its other VMs count too: what was begun is followed. */
export function leftBy(journal: Pick<Journal, "past"> | undefined, vms: readonly VirtualMachineId[]): Left {
  if (!journal) return { fresh: vms, states: [], rows: [] };
  const states: SerializedOperation[] = [];
  const rows: Row[] = [];
  const begun = new Set<string>();
  for (const [key, entry] of journal.past) {
    if (entry.verb === "ended" && entry.row.started === "no") continue;
    begun.add(key);
    if (entry.verb === "accepted") states.push(entry.saved);
    else if (entry.verb === "ended") rows.push(toldAgain(entry.row));
    else {
      const { vm, correlationId } = entry.intent;
      const what = "was about to be sent when an earlier run ended";
      const error = new OutcomeUnknownError({ what, vm, correlationId, started: "maybe", reason: "no-answer" });
      rows.push({ ...rowOfError(vm, "unknown", error), earlier: true });
    }
  }
  return { fresh: vms.filter((vm) => !begun.has(keyOf(vm))), states, rows };
}

const ENDED: readonly Row["outcome"][] = ["succeeded", "failed", "canceled"];

/** What a run would do by its journal, in a line. */
export function planOf({ fresh, states, rows }: Left): string {
  const earlier = rows.filter((row) => row.earlier);
  const ended = earlier.filter(({ outcome }) => ENDED.includes(outcome)).length;
  const unknown = earlier.length - ended;
  const parts = [
    [states.length, "would be followed"],
    [unknown, `${unknown === 1 ? "is" : "are"} unknown and would be left alone`],
    [ended, "ended already"],
    [fresh.length, "would be begun"],
  ] as const;
  const told = parts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return `By the journal: ${told.join(", ") || "nothing is to be done"}.`;
}

/** The row of an earlier run. Who was in a hurry then, and gave up an answer, left an unknown outcome. */
function toldAgain(row: Row): Row {
  return { ...row, outcome: row.outcome === "aborted" ? "unknown" : row.outcome, earlier: true };
}
