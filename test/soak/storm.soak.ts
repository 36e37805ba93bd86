// Two hundred reimages at a time for a minute, while everything goes wrong that faults.ts knows: each ends as the service says
// that it did, each VM is POSTed as often as S1 allows, nothing is left behind, and no secret shows.
//
// SOAK_SEED repeats a storm, SOAK_SECONDS (at most 600) and SOAK_AT_ONCE (at most 1000) change its size.
import { createServer } from "node:net";
import { afterAll, expect, test } from "vitest";
import type { ReimageClient } from "../../src/index.js";
import { pause, realNow, turns } from "../harness/clock.js";
import { abortListeners } from "../harness/leftovers.js";
import { watchTimers } from "../harness/timers.js";
import { newLife, reimageOnce } from "./callers.js";
import { captureLog } from "./captured-log.js";
import { clientOf, type World } from "./clients.js";
import { diceOf } from "./dice.js";
import { pollKinds, postKinds } from "./faults.js";
import { renewPool, takeStock, usedHeap } from "./leftovers.js";
import { type Storm, startStorm } from "./storm-server.js";
import { stormTable } from "./table.js";
import { own } from "./ways.js";

const number = (name: string, usual: number, most: number): number => {
  const given = Number(process.env[name] || usual);
  return Number.isFinite(given) && given > 0 ? Math.min(given, most) : usual;
};
const SEED = process.env.SOAK_SEED || String(Math.trunc(Date.now() / 1000) % 1_000_000);
const SECONDS = number("SOAK_SECONDS", 60, 600);
const AT_ONCE = number("SOAK_AT_ONCE", 200, 1000);
const CLIENTS = 8;
const MEBIBYTE = 2 ** 20;
/** How long the last ones may take when nothing goes wrong any more: the longest back-off, and a little. */
const CALM_SECONDS = 60;
/** When all are pressed to stop: in the middle of their POSTs and polls and waits. In the warm-up later, so that all code ran. */
const PRESSED_AFTER_MS = { warm: 3_000, stop: 500 };
/**
 * What may be held more after the storm than before: far less than an object or a kilobyte of each operation. The rest is what
 * the runtime and the test runner learn on the way, once: code, shapes, the source map of a file that an error came from.
 */
const MOST_OBJECTS = { of: 1_500, each: 0.05 };
const MOST_BYTES = { of: MEBIBYTE, each: 300 };

const trueNow = Date.now;
let storm: Storm;
afterAll(() => storm?.stop());

test(
  `${AT_ONCE} reimages at a time for ${SECONDS} s (SOAK_SEED=${SEED})`,
  async () => {
    storm = await startStorm(SEED);
    const { signal } = new AbortController();
    const log = captureLog();
    const { url } = storm;
    const refusedUrl = await closedAddress();
    const world: World = { seed: SEED, url, refusedUrl, log, signal, trueNow, calm: true, problems: [], told: {} };
    const clients = Array.from({ length: CLIENTS }, (_, n) => clientOf(world, `client-${n}`));

    await pressToStop(world, clients, "warm");
    await renewPool();
    const before = await takeStock();
    const heap = [await usedHeap()];
    const warnings: string[] = [];
    const onWarning = (warning: Error) => void warnings.push(String(warning));
    process.on("warning", onWarning);
    const stopListening = log.listen();
    const setClockRight = disturbTheClock();
    weather(world, "storm");
    const { over, count } = lanes(world, clients);
    try {
      // A lane that throws ends the storm at once.
      const failure = over.then(() => new Promise<never>(() => {}));
      for (let third = 0; third < 3; third += 1) {
        await Promise.race([pause((SECONDS / 3) * 1000), failure]);
        heap.push(await usedHeap());
      }
      weather(world, "calm");
      await Promise.race([over, pause(CALM_SECONDS * 1000)]);
    } finally {
      setClockRight();
    }
    expect(count.open, "reimages without an end").toBe(0);
    const pressed = await pressToStop(world, clients, "stop");
    const report = await storm.report();
    await renewPool();
    const after = await takeStock();
    stopListening();
    process.off("warning", onWarning);
    heap.push(await usedHeap());
    console.log(stormTable({ seed: SEED, report, world, heap, before, after, pressed: pressed.aborted }));

    expect.soft([...report.problems, ...world.problems].slice(0, 20)).toEqual([]);
    expect.soft(log.leaks.slice(0, 20)).toEqual([]);
    expect.soft(warnings).toEqual([]);
    expect.soft(report.connections.unanswered, "requests were left that nobody waits for").toBe(0);
    expect.soft(pressed.timers, "timers were left when all were pressed to stop").toEqual([]);
    expect.soft(pressed.listeners + abortListeners(signal), "listeners were left").toBe(0);
    expect.soft(after.handles, "handles were left").toEqual(before.handles);
    const most = ({ of, each }: typeof MOST_BYTES) => of + each * (count.begun + AT_ONCE);
    expect.soft(after.objects.all - before.objects.all, "objects were left").toBeLessThan(most(MOST_OBJECTS));
    expect.soft(after.bytes - before.bytes, "memory was left").toBeLessThan(most(MOST_BYTES));
    // A storm that was none proves nothing.
    if (SECONDS >= 60 && AT_ONCE >= 200) {
      expect.soft(postKinds.filter((kind) => !report.kinds.POST[kind])).toEqual([]);
      expect.soft(pollKinds.filter((kind) => !report.kinds.GET[kind])).toEqual([]);
      expect.soft(postKinds.filter((kind) => !report.measured[kind] && !/^no answer|^endless/.test(kind))).toEqual([]);
      expect.soft(report.kinds.connection.reset).toBeGreaterThan(0);
      expect.soft(["succeeded", "failed", "canceled"].filter((end) => !world.told[end])).toEqual([]);
      expect.soft(Object.values(log.entries).filter((entries) => entries < 500)).toEqual([]);
    }
    expect.soft(report.mostAtOnce).toBeGreaterThan(AT_ONCE * 0.9);
    expect.soft(pressed.aborted).toBeGreaterThan(AT_ONCE / 4);
  },
  (SECONDS + 3 * CALM_SECONDS + 60) * 1000,
);

function weather(world: World, which: "storm" | "calm"): void {
  world.calm = which === "calm";
  storm.calm(world.calm);
}

/** One reimage after the other, in so many lanes, until the time is over; then the last of them end. */
function lanes(world: World, clients: readonly ReimageClient[]) {
  const count = { begun: 0, open: 0 };
  const until = realNow() + SECONDS * 1000;
  const lane = async (n: number): Promise<void> => {
    for (let turn = 1; realNow() < until; turn += 1) {
      count.begun += 1;
      count.open += 1;
      storm.claim(await reimageOnce(world, clients[n % CLIENTS] as ReimageClient, `soak-${n}-${turn}`));
      count.open -= 1;
    }
  };
  return { over: Promise.all(Array.from({ length: AT_ONCE }, (_, n) => lane(n))), count };
}

/** Ends as many calls as a storm has, at one moment in the midst of it, and tells what they left; then sees each through. */
async function pressToStop(world: World, clients: readonly ReimageClient[], name: "warm" | "stop") {
  weather(world, "storm");
  const button = new AbortController();
  const watch = watchTimers();
  const lives = Array.from({ length: AT_ONCE }, (_, n) => newLife(world, `${name}-${n}`, button, true));
  // Every second one waits for long between its polls, so that it is surely stopped in a wait.
  const patient = clientOf(world, name, { pollIntervalMs: 10_000 });
  const parts = Promise.all(
    lives.map((life, n) => life.begin(n % 2 ? patient : (clients[n % CLIENTS] as ReimageClient))),
  );
  await pause(PRESSED_AFTER_MS[name]);
  const toldBefore = aborts(world);
  button.abort(own("stop"));
  const known = await parts;
  // That a timer is gone is told in the next turn.
  await turns(3);
  const timers = watch.alive();
  watch.stop();
  const left = { timers, listeners: abortListeners(button.signal), aborted: aborts(world) - toldBefore };
  weather(world, "calm");
  const claims = await Promise.all(lives.map((life, n) => life.seeThrough(known[n] as (typeof known)[0])));
  for (const claim of claims) storm.claim(claim);
  return left;
}

const aborts = ({ told }: World): number =>
  Object.entries(told).reduce((sum, [what, times]) => (/^AbortError|own reason/.test(what) ? sum + times : sum), 0);

/** An address where nobody listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** L19: lets the wall clock jump by up to an hour every other second; gives back what rights it. */
function disturbTheClock(): () => void {
  const dice = diceOf(SEED, "clock");
  let skew = 0;
  Date.now = () => trueNow() + skew;
  const jumps = setInterval(() => {
    skew = dice.chance(0.5) ? 0 : dice.int(-3_600_000, 3_600_000);
  }, 2_000);
  return () => {
    clearInterval(jumps);
    Date.now = trueNow;
  };
}
