import type { BeginOptions } from "./begin.js";
import type { Core } from "./core.js";
import { OperationCanceledError, OperationFailedError, OutcomeUnknownError, refuse } from "./errors.js";
import { advance, endedBy, type Followed, factsOf, isRunning, read, savedOf, take } from "./follow.js";
import { optionIssues } from "./input.js";
import type { EndedState, OperationState, Step, SucceededState } from "./lro.js";
import type { SerializedOperation } from "./saved.js";
import type { Identity } from "./send.js";
import { serviceFields } from "./service.js";
import { EXPIRED, monotonic, quietly, wake, within } from "./time.js";
import type { VirtualMachineId } from "./vm-id.js";

/** How long to wait, and whom to tell. */
export interface WaitOptions {
  /** Ends the wait, not the reimage. */
  readonly signal?: AbortSignal | undefined;
  /** The time for the whole wait, in milliseconds; the client's `timeoutMs` unless given. */
  readonly timeoutMs?: number | undefined;
  /** Told of every new state; what it throws is swallowed. */
  readonly onProgress?: ((state: OperationState) => void) | undefined;
}

/** A reimage that the service accepted. Deliberately not thenable: an async function can return it. */
export interface ReimageOperation extends AsyncIterable<OperationState> {
  /** The VM that is reimaged. */
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
  poll(options?: { readonly signal?: AbortSignal | undefined }): Promise<OperationState>;
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
 * Takes up an accepted reimage: the record behind it.
 *
 * @param begun - its end, or what to poll
 * @internal
 */
export function takeUp(core: Core, identity: Identity, begun: Step): Followed {
  // What is known of it, `take` adds.
  const followed = { core, identity } as Followed;
  take(followed, begun);
  return followed;
}

/** What the caller holds of it. @internal */
export function show(followed: Followed): ReimageOperation {
  followed.shown = {
    vm: followed.identity.owner.vm,
    state: followed.step.state,
    done: !isRunning(followed),
    poll: (options?: PollOptions) => poll(followed, options),
    wait: (options?: WaitOptions) => wait(followed, options),
    toJSON: () => savedOf(followed),
    [Symbol.asyncIterator]: () => iterate(followed),
  };
  return followed.shown;
}

/** Hands the resume state over before anything else can go wrong; whatever does then carries it too. @internal */
export async function handOver(
  followed: Followed,
  { signal, onAccepted }: BeginOptions,
  deadline: number,
): Promise<void> {
  if (!onAccepted && !signal?.aborted) return;
  // It is called whatever the time, and the signal.
  const handed = (async () => onAccepted?.(savedOf(followed)))();
  handed.catch(() => {});
  try {
    await within(deadline - monotonic(), signal, () => handed);
  } catch (cause) {
    const told = { ...factsOf(followed), what: "was accepted; onAccepted rejected", cause };
    const error = cause === EXPIRED ? cause : new OutcomeUnknownError({ ...told, reason: "not-recorded" });
    throw endedBy(error, followed, signal);
  }
}

type PollOptions = Pick<WaitOptions, "signal">;

async function poll(followed: Followed, options: PollOptions = {}): Promise<OperationState> {
  refuse(optionIssues(options), followed.identity.owner.vm);
  const { signal } = options;
  try {
    if (isRunning(followed)) await read(followed, signal);
  } catch (error) {
    if (isRunning(followed)) throw endedBy(error, followed, signal);
  }
  return followed.step.state;
}

/**
 * Polls when it is due until the reimage succeeded, or the time is over.
 *
 * @param deadline - on the monotonic clock; the options' time from now unless given
 * @internal
 */
export async function wait(followed: Followed, options: WaitOptions = {}, deadline?: number): Promise<SucceededState> {
  // Those of a reimage were checked before its POST: whatever the caller has made of them since, the operation is not lost.
  if (deadline === undefined) refuse(optionIssues(options), followed.identity.owner.vm);
  const { signal, onProgress, timeoutMs = followed.core.timeoutMs } = options;
  const end = deadline ?? monotonic() + timeoutMs;
  try {
    for (let told = running(followed); ; ) {
      if (followed.step.state !== told) {
        told = followed.step.state;
        quietly(onProgress, told);
      } else if (isRunning(followed)) await advance(followed, end, signal);
      else break;
    }
  } catch (error) {
    wake(followed);
    // What ends a wait at the moment of the end hides it from nobody.
    if (isRunning(followed)) throw endedBy(error, followed, signal);
  }
  return successOf(followed);
}

// One loop for both, a generator under the wait, takes half a kilobyte more for each of ten thousand waits.
async function* iterate(followed: Followed): AsyncGenerator<OperationState, void, undefined> {
  const deadline = monotonic() + followed.core.timeoutMs;
  try {
    for (let told = running(followed); ; ) {
      if (followed.step.state !== told) {
        told = followed.step.state;
        yield told;
      } else if (isRunning(followed)) await advance(followed, deadline);
      else return;
    }
  } catch (error) {
    wake(followed);
    throw endedBy(error, followed);
  }
}

/** The state that a waiter need not be told when he begins: a running one; of an end he always is. */
function running(followed: Followed): OperationState | undefined {
  return isRunning(followed) ? followed.step.state : undefined;
}

function successOf(followed: Followed): SucceededState {
  const { state } = followed.step;
  if (state.status === "succeeded") return state;
  const { status, httpStatus, error, requestId } = state as EndedState;
  const fields = serviceFields(httpStatus, error, requestId);
  const Ended = status === "failed" ? OperationFailedError : OperationCanceledError;
  throw new Ended({ ...factsOf(followed), what: `has ended: ${status}`, ...fields });
}
