import type { Core } from "./core.js";
import { claimsOf, type Refusal } from "./credential.js";
import {
  AbortedError,
  AuthenticationError,
  type ErrorFacts,
  OperationCanceledError,
  OperationFailedError,
  OutcomeUnknownError,
  WaitTimeoutError,
} from "./errors.js";
import { refuse, timeIssues } from "./input.js";
import { type OperationState, readStatus, type StatusReason, type SucceededState, type Tracking } from "./lro.js";
import type { Redact } from "./redact.js";
import type { Reply } from "./reply.js";
import { type SerializedOperation, serialize } from "./saved.js";
import { serviceFields, serviceFieldsOf } from "./service.js";
import { limit, monotonic, quietly, singleFlight, sleep } from "./time.js";
import type { VirtualMachineId } from "./vm-id.js";

/** How long to wait, and whom to tell. */
export interface WaitOptions {
  /** Ends the wait, not the reimage. */
  readonly signal?: AbortSignal;
  /** The time for the whole wait, in milliseconds; the client's `timeoutMs` unless given. */
  readonly timeoutMs?: number;
  /** Told of every new state; what it throws is swallowed. */
  readonly onProgress?: (state: OperationState) => void;
}

/** A reimage that the service accepted. Deliberately not thenable: an async function can return it. */
export interface ReimageOperation extends AsyncIterable<OperationState> {
  readonly vm: VirtualMachineId;
  /** What is known now: immutable, plain JSON. */
  readonly state: OperationState;
  /** Did the service say that it ended? */
  readonly done: boolean;
  /**
   * Sends one status request now, and gives the state after it; `nextPollAt` says when the next is due.
   *
   * A read that failed but may be tried again gives the running state with `readFailures` counted.
   *
   * @throws {@link OutcomeUnknownError}, {@link AuthenticationError} when the status cannot be read for good
   * @throws {@link AbortedError} when the signal aborts
   */
  poll(options?: { readonly signal?: AbortSignal }): Promise<OperationState>;
  /**
   * Polls when it is due until the reimage succeeded.
   *
   * @throws {@link OperationFailedError}, {@link OperationCanceledError} when the service says so
   * @throws {@link OutcomeUnknownError}, {@link AuthenticationError} when the status cannot be read for good
   * @throws {@link WaitTimeoutError}, {@link AbortedError} when the caller's limit or signal ends the wait
   */
  wait(options?: WaitOptions): Promise<SucceededState>;
  /** The state to resume from: `JSON.stringify(operation)`. */
  toJSON(): SerializedOperation;
}

/** Whose operation it is, and what rides on its requests. */
export interface Identity {
  readonly vm: VirtualMachineId;
  readonly correlationId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: Redact;
}

const WHY: Readonly<Record<StatusReason | "unauthorized", string>> = {
  unauthorized: "was accepted, but the token is refused for reading its status",
  redirect: "was accepted, but its status URL answers with a redirect, which is never followed",
  "status-forbidden": "was accepted, but its status may not be read",
  "status-gone": "was accepted, but its status record is gone",
  "untrusted-status-url":
    "was accepted, but its status moved to an origin that must not see the token; it was not contacted",
  "unreadable-status": "was accepted, but its status could not be read several times in a row",
};

/** Follows an accepted reimage; `begun` is its first state, or what to poll (L13, L14, L17 to L19). */
export function createOperation(core: Core, identity: Identity, begun: SucceededState | Tracking): ReimageOperation {
  const { vm, correlationId, headers, redact } = identity;
  let tracking = "url" in begun ? begun : undefined;
  let state: OperationState = deepFreeze("url" in begun ? begun.state : begun);
  let due = monotonic() + (tracking?.waitMs ?? 0);

  const toJSON = () => serialize(identity, state.status, tracking);
  const facts = (what: string, more?: Partial<ErrorFacts>) => {
    const resume = state.status === "running" ? toJSON() : undefined;
    return { what, started: "yes" as const, vm, correlationId, resume, ...more };
  };
  const aborted = (signal: AbortSignal) =>
    new AbortedError(facts("goes on, but the caller stopped waiting", { cause: signal.reason }));

  const ask = async (at: Tracking, signal: AbortSignal, refusal?: Refusal): Promise<Reply | undefined> => {
    const sent = await core.send({
      method: "GET",
      url: at.url,
      dispatch: (init) => core.fetch(at.url, { ...init, method: "GET", redirect: "manual" }),
      headers,
      correlationId,
      redact,
      signal,
      limitMs: core.requestTimeoutMs,
      refusal,
    });
    signal.throwIfAborted();
    if (sent.kind !== "reply") return undefined;
    if (sent.reply.status !== 401) return sent.reply;
    if (refusal === undefined) return ask(at, signal, { token: sent.token, claims: claimsOf(sent.reply.headers) });
    core.tokens.forget(sent.token);
    return sent.reply;
  };

  const read = singleFlight(async (signal) => {
    if (tracking === undefined) return;
    const reply = await ask(tracking, signal);
    const now = Date.now();
    const step = readStatus(tracking, reply, { ...core, redact, now, random: Math.random() });
    state = deepFreeze("state" in step ? step.state : step.tracking.state);
    if ("tracking" in step) {
      tracking = step.tracking;
      due = monotonic() + tracking.waitMs;
      if (tracking.state.readFailures > 0)
        quietly(core.onEvent, { type: "retry", reason: "read-failure", correlationId, delayMs: tracking.waitMs });
    }
    quietly(core.onEvent, { type: "state", state });
    const stop = "stop" in step ? step.stop : undefined;
    if (stop === undefined) return;
    const told = facts(WHY[stop], reply && serviceFieldsOf(reply, now, redact));
    throw stop === "unauthorized" ? new AuthenticationError(told) : new OutcomeUnknownError({ ...told, reason: stop });
  });

  const readWithin = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    const time = limit(ms, signal);
    try {
      await read(time.signal);
    } catch (error) {
      if (time.expired) return;
      throw error;
    } finally {
      time.clear();
    }
  };

  async function* follow(timeoutMs: number, signal?: AbortSignal): AsyncGenerator<OperationState, void, undefined> {
    const deadline = monotonic() + timeoutMs;
    if (state.status !== "running") yield state;
    while (state.status === "running") {
      const before = state;
      const left = deadline - monotonic();
      const pause = due - monotonic();
      if (left <= 0) throw new WaitTimeoutError(facts("goes on, but the time limit for waiting has passed"));
      try {
        await (pause > 0 ? sleep(Math.min(pause, left), signal) : readWithin(left, signal));
      } catch (error) {
        throw signal?.aborted ? aborted(signal) : error;
      }
      if (state !== before) yield state;
    }
  }

  return {
    vm,
    get state() {
      return state;
    },
    get done() {
      return state.status !== "running";
    },
    async poll({ signal } = {}) {
      if (state.status !== "running") return state;
      try {
        await read(signal);
      } catch (error) {
        throw signal?.aborted ? aborted(signal) : error;
      }
      return state;
    },
    async wait({ signal, timeoutMs = core.timeoutMs, onProgress } = {}) {
      refuse(timeIssues({ timeoutMs }), vm);
      for await (const told of follow(timeoutMs, signal)) quietly(onProgress, told);
      if (state.status === "succeeded") return state;
      const ended = state as Exclude<OperationState, { status: "running" | "succeeded" }>;
      const failed = facts(
        ended.status === "failed" ? "failed" : "was canceled",
        serviceFields(ended.httpStatus, ended.error, ended.requestId),
      );
      throw ended.status === "failed" ? new OperationFailedError(failed) : new OperationCanceledError(failed);
    },
    toJSON,
    [Symbol.asyncIterator]: () => follow(core.timeoutMs),
  };
}

/** Makes a state what its type says: it does not change once it was told. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
