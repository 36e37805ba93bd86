import type { Core } from "./core.js";
import {
  AuthenticationError,
  aborted,
  OperationCanceledError,
  OperationFailedError,
  OutcomeUnknownError,
  WaitTimeoutError,
} from "./errors.js";
import { optionIssues, refuse } from "./input.js";
import {
  type EndedState,
  type OperationState,
  readStatus,
  type Step,
  type SucceededState,
  type Tracking,
} from "./lro.js";
import { signaturesIn } from "./redact.js";
import { type SerializedOperation, serialize } from "./saved.js";
import { type Identity, sendRead } from "./send.js";
import { serviceFields, serviceFieldsOf } from "./service.js";
import { EXPIRED, monotonic, quietly, singleFlight, sleep } from "./time.js";
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

/**
 * Follows an accepted reimage (L13, L14, L17 to L19).
 *
 * @param begun - its end, or what to poll
 */
export function createOperation(core: Core, identity: Identity, begun: Step): ReimageOperation {
  const { owner, secrets } = identity;
  const { redact } = secrets;
  let tracking: Tracking | undefined;
  let state: OperationState;
  /** When the next status request is due, on the monotonic clock. */
  let due = 0;
  const take = (step: Step) => {
    if ("tracking" in step) {
      const { url, waitMs } = step.tracking;
      if (url !== tracking?.url) secrets.add(...signaturesIn(url));
      tracking = step.tracking;
      due = monotonic() + waitMs;
    }
    state = deepFreeze("tracking" in step ? step.tracking.state : step.state);
  };
  take(begun);

  const toJSON = () => serialize(owner, state.status, tracking);
  const facts = () => {
    const resume = state.status === "running" ? toJSON() : undefined;
    return { ...owner, started: "yes", resume } as const;
  };
  /** Tells what ended a call: the caller's signal, or what it says itself. */
  const endedBy = (error: unknown, signal: AbortSignal | undefined) =>
    signal?.aborted ? aborted(facts(), signal.reason) : error;

  const read = singleFlight(async (signal) => {
    if (!tracking) return;
    const { url } = tracking;
    const sent = await sendRead(core.send, identity, {
      method: "GET",
      url,
      dispatch: (init) => core.fetch(url, { ...init, method: "GET", redirect: "manual" }),
      signal,
      limitMs: core.requestTimeoutMs,
    });
    signal.throwIfAborted();
    const reply = sent.kind === "reply" ? sent.reply : undefined;
    const now = Date.now();
    const step = readStatus(tracking, reply, { ...core, redact, now, random: Math.random() });
    take(step);
    const failures = state.status === "running" && state.readFailures;
    const { correlationId } = owner;
    if (failures) core.tell?.({ type: "retry", reason: "read-failure", correlationId, delayMs: tracking.waitMs });
    core.tell?.({ type: "state", state });
    if (!("stop" in step) || !step.stop) return;
    const what = `was accepted; its status cannot be read: ${step.stop}`;
    const told = { ...facts(), what, ...(reply && serviceFieldsOf(reply, now, redact)) };
    if (step.stop === "unauthorized") throw new AuthenticationError(told);
    throw new OutcomeUnknownError({ ...told, reason: step.stop });
  });

  /** Goes one step: sleeps until a status request is due, or sends it. */
  const advance = (deadline: number, signal?: AbortSignal): Promise<void> => {
    const now = monotonic();
    const left = deadline - now;
    const pause = due - now;
    if (left <= 0) throw new WaitTimeoutError({ ...facts(), what: "was accepted; the time to wait has passed" });
    if (pause > 0) return sleep(Math.min(pause, left), signal);
    // Each of its two requests at most ends by itself: the time of the wait can end it only when less is left.
    if (left > 2 * core.requestTimeoutMs) return read(signal);
    return read(signal, left).catch((error) => {
      if (error !== EXPIRED) throw error;
    });
  };

  /** What a waiter knows when it begins to wait: that it runs is no news. */
  const untold = () => (state.status === "running" ? state : undefined) as OperationState | undefined;

  async function* follow(): AsyncGenerator<OperationState, void, undefined> {
    const deadline = monotonic() + core.timeoutMs;
    for (let told = untold(); ; ) {
      if (state !== told) {
        told = state;
        yield state;
      } else if (state.status === "running") await advance(deadline);
      else return;
    }
  }

  return {
    vm: owner.vm,
    get state() {
      return state;
    },
    get done() {
      return state.status !== "running";
    },
    async poll({ signal } = {}) {
      if (state.status === "running") {
        await read(signal).catch((error) => {
          throw endedBy(error, signal);
        });
      }
      return state;
    },
    async wait(options = {}) {
      refuse(optionIssues(options), owner.vm);
      const { signal, timeoutMs = core.timeoutMs, onProgress } = options;
      const deadline = monotonic() + timeoutMs;
      try {
        for (let told = untold(); ; ) {
          if (state !== told) {
            told = state;
            quietly(onProgress, state);
          } else if (state.status === "running") await advance(deadline, signal);
          else break;
        }
      } catch (error) {
        throw endedBy(error, signal);
      }
      if (state.status === "succeeded") return state;
      const { status, httpStatus, error, requestId } = state as EndedState;
      const fields = serviceFields(httpStatus, error, requestId);
      const Ended = status === "failed" ? OperationFailedError : OperationCanceledError;
      throw new Ended({ ...facts(), what: `has ended: ${status}`, ...fields });
    },
    toJSON,
    [Symbol.asyncIterator]: follow,
  };
}

/** Makes a state what its type says: it does not change once it was told. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
