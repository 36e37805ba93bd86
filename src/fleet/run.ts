import {
  InvalidInputError,
  isReimageError,
  type OperationState,
  type ReimageClient,
  type ReimageOperation,
  type ReimageParameters,
  type SerializedOperation,
  type VirtualMachine,
  type VirtualMachineId,
} from "../index.js";
import { createBucket } from "./bucket.js";
import { endOf, type Flight, look, timeoutOf } from "./look.js";
import type { Settings } from "./options.js";
import { createPacer, type Pacer, type Watch } from "./pacer.js";
import { type Job, post, unsent } from "./post.js";
import { createRegister, nameOf, savedVm } from "./register.js";
import { type FleetResult, resultOf } from "./results.js";
import { sightOf } from "./sight.js";
import { startTimer } from "./timer.js";

/** What a run tells. */
export interface Reports {
  result(result: FleetResult): void;
  /** A VM was accepted, throttled or ended. */
  changed(counts: { readonly waiting: number; readonly running: number; readonly throttled: number }): void;
  /** Nothing is in hand, and nothing will come. */
  end(): void;
}

/** A fleet under way. */
export interface Run {
  /** Does it take VMs still? */
  open(): boolean;
  /** Has it room for another VM? */
  hungry(): boolean;
  /** @throws {@link InvalidInputError} after a saved operation that does not say of which VM it is */
  add(vm: VirtualMachine): void;
  resume(saved: SerializedOperation): void;
  /** Does what is due, and sets the alarm for what is due next. */
  turn(): void;
  /** A result was taken. */
  taken(): void;
  /** No more VMs will come. */
  full(): void;
  /** Ends it all: "aborted" for what is in hand. */
  abort(): void;
  /** Ends it all without a word; resolves when the POSTs under way were answered, so that their resume states are told. */
  leave(): Promise<void>;
}

/** How many VMs wait for their POST at most: behind those of one subscription there may be some of another. */
const LOOK_AHEAD = 100;

/** Makes a run: the effects around the pacers. */
export function createRun(
  client: ReimageClient,
  parameters: ReimageParameters | undefined,
  settings: Settings,
  reports: Reports,
): Run {
  const { maxInFlight, timeoutMs, limits, signal } = settings;
  const register = createRegister();
  const lanes = new Map<string, { readonly pacer: Pacer; readonly waiting: Job[] }>();
  /** In the order in which they were accepted: the first is the first whose time is over. */
  const flights = new Map<Watch, Flight>();
  /** What is under way beside the looks: POSTs for the most part. */
  const tasks = new Set<Promise<void>>();
  const looking = new AbortController();
  let [waiting, posting, untaken, throttled] = [0, 0, 0, 0];
  let phase: "open" | "full" | "aborted" | "over" = "open";
  let alarm: ReturnType<typeof setTimeout> | undefined;
  let soon = false;
  let blind = false;

  const setAlarm = (ms: number) => {
    clearTimeout(alarm);
    alarm = startTimer(ms, run.turn);
  };
  const laneOf = ({ subscriptionId }: VirtualMachineId) => {
    const key = subscriptionId.toLowerCase();
    const lane = lanes.get(key) ?? { pacer: createPacer(limits), waiting: [] };
    lanes.set(key, lane);
    return lane;
  };
  const changed = () => {
    if (phase !== "over") reports.changed({ waiting, running: posting + flights.size, throttled });
  };
  const tell = (result: FleetResult) => {
    if (phase === "over") return;
    untaken += 1;
    reports.result(result);
    changed();
  };
  const follow = async (operation: ReimageOperation, accepted?: OperationState) => {
    if (phase === "over") return;
    if (operation.done) return tell(await endOf(operation));
    if (phase === "aborted") return tell(await endOf(operation, looking.signal));
    const { pacer } = laneOf(operation.vm);
    const now = performance.now();
    const watch = pacer.watch(now, accepted && sightOf(accepted));
    flights.set(watch, { operation, pacer, watch, deadline: now + timeoutMs, busy: false });
    changed();
  };
  const land = ({ watch, pacer }: Flight, result: FleetResult) => {
    flights.delete(watch);
    pacer.forget(watch);
    tell(result);
  };
  const send = async (pacer: Pacer, job: Job) => {
    posting += 1;
    const posted = await post(client, parameters, settings, pacer, job);
    posting -= 1;
    if ("operation" in posted) return follow(posted.operation, posted.operation.state);
    if (!("again" in posted)) return tell(posted.result);
    throttled += 1;
    if (phase === "aborted") return tell(posted.result);
    waiting += 1;
    laneOf(job.vm).waiting.push(posted.again);
    changed();
  };
  const watchOver = async (flight: Flight, ticket: Parameters<typeof look>[1]) => {
    let result = await look(flight, ticket, looking.signal);
    if (phase === "aborted") result ??= await endOf(flight.operation, looking.signal);
    if (result) land(flight, result);
    run.turn();
  };
  /** The run does not end before the task has. */
  const keep = (task: Promise<void>) => {
    const kept = task.finally(() => {
      tasks.delete(kept);
      run.turn();
    });
    tasks.add(kept);
  };
  /** Lets go of what is followed for too long; gives the time when the next is. */
  const expire = (now: number): number => {
    for (const flight of flights.values()) {
      if (flight.deadline > now) return flight.deadline;
      if (!flight.busy) land(flight, timeoutOf(flight.operation));
    }
    return Number.POSITIVE_INFINITY;
  };
  /** Starts what is due; gives the time when more is. */
  const start = (now: number): number => {
    let wakeAt = expire(now);
    const before = waiting;
    for (const { pacer, waiting: jobs } of lanes.values()) {
      for (let job = jobs[0]; job && pacer.postAt(now) <= now; job = jobs[0]) {
        jobs.shift();
        waiting -= 1;
        keep(send(pacer, job));
      }
      if (jobs.length > 0) wakeAt = Math.min(wakeAt, pacer.postAt(now));
      const looks = pacer.looks(now);
      wakeAt = Math.min(wakeAt, looks.wakeAt);
      for (const { watch, ticket } of looks.now) watchOver(flights.get(watch) as Flight, ticket);
    }
    if (waiting < before) changed();
    return wakeAt;
  };

  const run: Run = {
    open: () => phase === "open",
    hungry: () => phase === "open" && waiting < LOOK_AHEAD && waiting + posting + flights.size + untaken < maxInFlight,
    add(vm) {
      if (blind)
        throw new InvalidInputError([
          { path: "resume", rule: "must name its VM: nothing is sent beside one that does not" },
        ]);
      try {
        const id = register.enter(vm);
        laneOf(id).waiting.push({ vm: id, updates: createBucket(limits.vmUpdates) });
        waiting += 1;
        // Those that come in a row are one turn's work.
        if (!soon) setAlarm(1);
        soon = true;
      } catch (error) {
        tell(resultOf((isReimageError(error) && error.vm) || nameOf(vm), error));
      }
    },
    resume(saved) {
      try {
        const operation = client.resume(saved);
        register.note(operation.vm);
        keep(follow(operation));
      } catch (error) {
        const vm = (isReimageError(error) && error.vm) || nameOf(savedVm(saved));
        // Whatever became of it, it was POSTed: not again, and where nobody knows which it is, none.
        if (!register.note(vm)) blind = true;
        tell(resultOf(vm, error));
      }
    },
    turn() {
      clearTimeout(alarm);
      soon = false;
      if (phase === "over") return;
      const now = performance.now();
      const wakeAt = phase === "aborted" ? Number.POSITIVE_INFINITY : start(now);
      if (wakeAt < Number.POSITIVE_INFINITY) setAlarm(Math.ceil(wakeAt - now));
      if (phase !== "open" && waiting + tasks.size + flights.size === 0) {
        phase = "over";
        reports.end();
      }
    },
    taken() {
      untaken -= 1;
    },
    full() {
      if (phase === "open") phase = "full";
    },
    abort() {
      if (phase === "over") return;
      phase = "aborted";
      looking.abort(signal?.reason);
      for (const { waiting: jobs } of lanes.values()) {
        waiting -= jobs.length;
        for (const { vm } of jobs.splice(0)) tell(unsent(vm, signal?.reason));
      }
      for (const flight of flights.values())
        if (!flight.busy) keep(endOf(flight.operation, looking.signal).then((result) => land(flight, result)));
      run.turn();
    },
    async leave() {
      phase = "over";
      clearTimeout(alarm);
      looking.abort();
      flights.clear();
      await Promise.all(tasks);
    },
  };
  return run;
}
