import { type ReimageOperation, WaitTimeoutError } from "../index.js";
import type { Ticket } from "./gate.js";
import type { Pacer, Watch } from "./pacer.js";
import { type FleetResult, resultOf } from "./results.js";
import { sightOf } from "./sight.js";

/** An operation that is followed. */
export interface Flight {
  readonly operation: ReimageOperation;
  readonly pacer: Pacer;
  readonly watch: Watch;
  /** When its time is over, on the monotonic clock. */
  readonly deadline: number;
  /** Is a look under way? */
  busy: boolean;
}

/** Looks at an operation, once; gives its result if it has one now. */
export async function look(flight: Flight, ticket: Ticket, signal: AbortSignal): Promise<FleetResult | undefined> {
  const { operation, pacer, watch } = flight;
  flight.busy = true;
  try {
    const sight = sightOf(await operation.poll({ signal }));
    pacer.looked(watch, ticket, performance.now(), sight);
    return operation.done ? await endOf(operation) : undefined;
  } catch (error) {
    pacer.looked(watch, ticket, performance.now(), { status: "unread" });
    return resultOf(operation.vm, error);
  } finally {
    flight.busy = false;
  }
}

/** The result of an operation that ended, or that `signal` ends: a poll with a signal that has aborted sends nothing. */
export async function endOf(operation: ReimageOperation, signal?: AbortSignal): Promise<FleetResult> {
  const { vm } = operation;
  try {
    if (signal) await operation.poll({ signal });
    return { vm, outcome: "succeeded", state: await operation.wait() };
  } catch (error) {
    return resultOf(vm, error);
  }
}

/** The result of an operation whose time is over. */
export function timeoutOf(operation: ReimageOperation): FleetResult {
  const { vm, state } = operation;
  const what = "was accepted; the time limit has passed";
  const facts = { what, started: "yes", vm, correlationId: state.correlationId, resume: operation.toJSON() } as const;
  return { vm, outcome: "timeout", error: new WaitTimeoutError(facts) };
}
