/// <reference types="node" />
import type { FleetTotals } from "../fleet/index.js";
import type { OperationState, ReimageEvent, VirtualMachineId } from "../index.js";
import { clock } from "./duration.js";
import type { Screen } from "./screen.js";
import { harmless } from "./text.js";

/** Tells how far it is: a live line on a terminal, plain lines elsewhere. */
export interface Progress {
  readonly onEvent: (event: ReimageEvent) => void;
  readonly onTotals: (totals: FleetTotals) => void;
  stop(): void;
}

/** How often many VMs are told of where no line can be redrawn. */
const LINES_APART = 10_000;
const BAR = 24;

/** Tells how far something is until it is stopped: a live line, or where none can be redrawn a plain one each ten seconds, if it changed. */
export function keepTelling(screen: Screen, draw: () => string, plain: () => string = draw): () => void {
  if (screen.isLive) return screen.live(draw);
  let told = "";
  const timer = setInterval(() => {
    const now = plain();
    if (now !== told) screen.say(now);
    told = now;
  }, LINES_APART);
  return () => clearInterval(timer);
}

/** Progress of one VM by its state, of many by their number. */
export function createProgress(screen: Screen, vms: readonly VirtualMachineId[]): Progress {
  const begunAt = performance.now();
  const [vm, ...others] = vms;
  if (!vm) return { onEvent() {}, onTotals() {}, stop() {} };
  return others.length === 0 ? ofOne(screen, harmless(vm.vmName), begunAt) : ofMany(screen, vms.length, begunAt);
}

function ofOne(screen: Screen, name: string, begunAt: number): Progress {
  let told = "is asked for";
  const stop = screen.live(() => `${clock(performance.now() - begunAt)}  ${name} ${told}`);
  return {
    onEvent(event) {
      const now = event.type === "state" ? wordOf(event.state) : event.type === "retry" ? retryOf(event) : undefined;
      if (now === undefined || now === told) return;
      told = now;
      if (!screen.isLive) screen.say(`${name} ${told}.`);
    },
    onTotals() {},
    stop,
  };
}

function wordOf(state: OperationState): string {
  if (state.status !== "running") return state.status;
  if (state.readFailures > 0) return "goes on; its status could not be read just now";
  const { serviceStatus, percentComplete } = state;
  if (serviceStatus === undefined) return `is accepted (correlation id ${state.correlationId})`;
  return `is ${harmless(serviceStatus)}${percentComplete === undefined ? "" : `, ${percentComplete} %`}`;
}

function retryOf({ reason, delayMs }: Extract<ReimageEvent, { type: "retry" }>): string | undefined {
  return reason === "throttled" ? `was throttled by Azure; it is asked again in ${clock(delayMs)}` : undefined;
}

function ofMany(screen: Screen, count: number, begunAt: number): Progress {
  let totals: FleetTotals = { waiting: 0, running: 0, ended: 0, outcomes: {}, throttled: 0 };
  const stop = keepTelling(
    screen,
    () => bar(totals, count, performance.now() - begunAt),
    () => plain(totals, count),
  );
  return {
    onEvent() {},
    onTotals(now) {
      totals = now;
    },
    stop,
  };
}

/** `[=====>    ]  57/200  3 not succeeded  11.9/s  0:12 left`. */
export function bar(totals: FleetTotals, count: number, elapsedMs: number): string {
  const { ended } = totals;
  const done = Math.floor((ended / count) * BAR);
  const drawn = `[${"=".repeat(done)}${done < BAR ? ">" : ""}`.padEnd(BAR + 1).slice(0, BAR + 1);
  const rate = ended / (elapsedMs / 1000);
  const left =
    rate > 0 && ended < count ? [`${rate.toFixed(1)}/s`, `${clock(((count - ended) / rate) * 1000)} left`] : [];
  return [`${drawn}]`, `${ended}/${count}`, ...troubles(totals), `${totals.running} running`, ...left].join("  ");
}

function plain(totals: FleetTotals, count: number): string {
  const { ended, running } = totals;
  return [`${ended} of ${count} ended`, ...troubles(totals), `${running} running`].join(", ");
}

function troubles({ ended, outcomes, throttled }: FleetTotals): string[] {
  const bad = ended - (outcomes.succeeded ?? 0);
  return [...(bad > 0 ? [`${bad} not succeeded`] : []), ...(throttled > 0 ? [`${throttled} throttled`] : [])];
}
