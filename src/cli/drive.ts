import { type FleetOptions, type FleetResult, type FleetTotals, reimageFleet } from "../fleet/index.js";
import {
  formatVirtualMachineId,
  type ReimageClient,
  type ReimageParameters,
  type SerializedOperation,
  type VirtualMachineId,
} from "../index.js";
import type { Journal } from "./journal.js";
import { type Row, rowOf } from "./rows.js";
import { keyOf } from "./targets.js";

/** What is to be done. */
export interface Plan {
  readonly vms: readonly VirtualMachineId[];
  /** What was accepted before, and is followed beside them. */
  readonly states: readonly SerializedOperation[];
  readonly parameters: ReimageParameters | undefined;
  readonly wait: boolean;
  /** The time for all of it; without one each VM is followed for as long as a fleet does unless told. */
  readonly timeoutMs: number | undefined;
  readonly maxInFlight: number | undefined;
  readonly journal: Journal | undefined;
  readonly interrupted: AbortSignal;
  readonly hurried: AbortSignal;
  readonly onTotals: (totals: FleetTotals) => void;
  /** Told when an end could not be written down; nothing is lost by it but a look in the next run. */
  readonly onTrouble: (what: string) => void;
}

/** Why a run ended before its VMs did, and what that makes of them. */
const TIME_IS_UP = new Error("the time is up");
const ALL_ACCEPTED = new Error("all were accepted");
const LONGEST_TIMER = 2 ** 31 - 1;
/** The words of the service that end what was accepted. */
const FINAL: readonly Row["outcome"][] = ["succeeded", "failed", "canceled"];

/** Does what is to be done, and gives the row of each VM as it ends. Every step is in the journal before the next is taken. */
export async function* drive(client: ReimageClient, plan: Plan): AsyncGenerator<Row, void, undefined> {
  const { vms, states, parameters, journal, maxInFlight, onTotals } = plan;
  const ending = new AbortController();
  const signal = AbortSignal.any([plan.interrupted, ending.signal]);
  const limitMs = plan.timeoutMs && Math.min(plan.timeoutMs, LONGEST_TIMER);
  const timer = limitMs && setTimeout(() => ending.abort(TIME_IS_UP), limitMs);
  const open = new Set(vms.map(keyOf));
  const followed = new Set(states.map(({ vm }) => keyOf(vm)));
  const stopIfAccepted = () => {
    if (!plan.wait && open.size === 0) ending.abort(ALL_ACCEPTED);
  };
  const settle = (vm: VirtualMachineId) => {
    open.delete(keyOf(vm));
    stopIfAccepted();
  };
  const options: FleetOptions = {
    signal,
    resume: states,
    onProgress: onTotals,
    ...(maxInFlight !== undefined && { maxInFlight }),
    // The run as a whole ends before any of its VMs has been followed for as long.
    ...(plan.timeoutMs !== undefined && { timeoutMs: plan.timeoutMs }),
    async beforeSend(intent) {
      signal.throwIfAborted();
      await journal?.write({ verb: "intend", intent });
      signal.throwIfAborted();
    },
    async onAccepted(saved) {
      await journal?.write({ verb: "accepted", saved });
      settle(saved.vm);
    },
  };
  stopIfAccepted();
  try {
    for await (const result of reimageFleet(hearOut(client, signal, plan.hurried), vms, parameters, options)) {
      const row = cutShort(rowOf(result), result, signal);
      // What may go on is not over: its last entry stays the one to resume from. So does that of an earlier run which this
      // one could not follow.
      const mayGoOn = row.resume || (followed.has(keyOf(result.vm)) && !FINAL.includes(row.outcome));
      if (journal?.knows(result.vm) && !mayGoOn) {
        await journal.write({ verb: "ended", row }).catch((error: Error) => {
          plan.onTrouble(`The end of ${result.vm.vmName} is not in the journal: ${error.message}`);
        });
      }
      settle(result.vm);
      yield row;
    }
    // A run that was ended has not come to the end of its list.
    const outcome = signal.reason === TIME_IS_UP ? "timeout" : "aborted";
    for (const vm of vms) if (open.has(keyOf(vm))) yield { vm: formatVirtualMachineId(vm), outcome, started: "no" };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A client whose POST is heard to its end, whoever is interrupted meanwhile: a POST without its answer leaves an unknown outcome.
 * Until there is a token the signal ends it; after that only who is in a hurry does.
 */
function hearOut(client: ReimageClient, signal: AbortSignal, hurried: AbortSignal): ReimageClient {
  const heed = announcer(signal);
  const hurry = announcer(hurried);
  return {
    ...client,
    beginReimage(vm, parameters, { beforeSend, ...options } = {}) {
      const early = new AbortController();
      const heedNoMore = heed(early);
      const release = hurry(early);
      return client
        .beginReimage(vm, parameters, {
          ...options,
          signal: early.signal,
          async beforeSend(intent) {
            heedNoMore();
            await beforeSend?.(intent);
          },
        })
        .finally(() => {
          heedNoMore();
          release();
        });
    },
  };
}

/** Aborts any number of controllers with a signal, each until that is taken back. One listener: runtimes warn of a leak at the eleventh. */
function announcer(signal: AbortSignal): (controller: AbortController) => () => void {
  const told = new Set<AbortController>();
  signal.addEventListener("abort", () => {
    for (const controller of told) controller.abort(signal.reason);
  });
  return (controller) => {
    if (signal.aborted) controller.abort(signal.reason);
    told.add(controller);
    return () => told.delete(controller);
  };
}

/** The row of a VM, which the end of the run may have cut short. */
function cutShort(row: Row, result: FleetResult, { aborted, reason }: AbortSignal): Row {
  const isCut =
    row.outcome === "aborted" || (result.outcome === "not-sent" && aborted && result.error.cause === reason);
  if (!isCut) return row;
  const { message, ...accepted } = row;
  if (reason === TIME_IS_UP) {
    const told = message?.replace(/(is no longer awaited|was ended) by the caller/, "met the end of --timeout");
    return { ...row, outcome: "timeout", ...(told !== undefined && { message: told }) };
  }
  if (reason !== ALL_ACCEPTED) return { ...row, outcome: "aborted" };
  return { ...accepted, outcome: "accepted" };
}
