// Two hundred reimages at a time for a minute, while everything goes wrong that faults.ts knows: each ends as the service says
// that it did, each VM is POSTed as often as S1 allows, nothing leaks, and no secret shows.
//
// SOAK_SEED repeats a storm, SOAK_SECONDS (at most 600) and SOAK_AT_ONCE (at most 1000) change its size.
import { createServer } from "node:net";
import { afterAll, expect, test } from "vitest";
import { pause, realNow } from "../harness/clock.js";
import { abortListeners } from "../harness/leftovers.js";
import { clientOf, reimageOnce, type World } from "./callers.js";
import { captureLog } from "./captured-log.js";
import { diceOf } from "./dice.js";
import { isHarmless, pollKinds, postKinds } from "./faults.js";
import { type Storm, startStorm } from "./storm-server.js";
import { aligned, listed } from "./table.js";

const number = (name: string, usual: number, most: number): number => {
  const given = Number(process.env[name] || usual);
  return Number.isFinite(given) && given > 0 ? Math.min(given, most) : usual;
};
const SEED = process.env.SOAK_SEED || String(Math.trunc(Date.now() / 1000) % 1_000_000);
const SECONDS = number("SOAK_SECONDS", 60, 600);
const AT_ONCE = number("SOAK_AT_ONCE", 200, 1000);
const CLIENTS = 8;
/** How long the last ones may take when nothing goes wrong any more: the longest back-off, and a little. */
const CALM_SECONDS = 60;
const MEBIBYTE = 2 ** 20;

let storm: Storm | undefined;
afterAll(() => storm?.stop());

const trueNow = Date.now;

test(
  `${AT_ONCE} reimages at a time for ${SECONDS} s (SOAK_SEED=${SEED})`,
  async () => {
    storm = await startStorm(SEED);
    const { signal } = new AbortController();
    const log = captureLog();
    const world: World = {
      seed: SEED,
      url: storm.url,
      refusedUrl: await closedAddress(),
      log,
      signal,
      trueNow,
      calm: false,
      problems: [],
      told: {},
    };
    const warnings: string[] = [];
    const onWarning = (warning: Error) => void warnings.push(String(warning));
    process.on("warning", onWarning);
    await pause(100);
    const before = handles();
    const clients = Array.from({ length: CLIENTS }, (_, n) => clientOf(world, `client-${n}`));
    const heap = [await usedHeap()];
    let begun = 0;
    let open = 0;
    let mostOpen = 0;

    const lane = async (n: number, until: number): Promise<void> => {
      for (let turn = 1; realNow() < until; turn += 1) {
        begun += 1;
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        const claim = await reimageOnce(world, clients[n % CLIENTS] as (typeof clients)[0], `soak-${n}-${turn}`);
        storm?.claim(claim);
        open -= 1;
      }
    };
    const setClockRight = disturbTheClock();
    try {
      const end = realNow() + SECONDS * 1000;
      const lanes = Promise.all(Array.from({ length: AT_ONCE }, (_, n) => lane(n, end)));
      // A lane that throws ends the storm at once.
      const failure = lanes.then(() => new Promise<never>(() => {}));
      for (let third = 0; third < 3; third += 1) {
        await Promise.race([pause((SECONDS / 3) * 1000), failure]);
        heap.push(await usedHeap());
      }
      world.calm = true;
      storm.calm();
      await Promise.race([lanes, pause(CALM_SECONDS * 1000)]);
    } finally {
      setClockRight();
    }
    const after = await settledHandles(before);
    const report = await storm.report();
    heap.push(await usedHeap());
    process.off("warning", onWarning);
    print({ begun, mostOpen, report, world, heap, before, after });

    expect([...report.problems, ...world.problems].slice(0, 20)).toEqual([]);
    expect(log.leaks.slice(0, 20)).toEqual([]);
    expect(warnings).toEqual([]);
    expect(open, "reimages without an end").toBe(0);
    expect(report.claims).toBe(begun);
    expect(mostOpen).toBe(AT_ONCE);
    const [empty = 0, first = 0, , third = 0, end = 0] = heap;
    expect(third, "the heap grew between the first third and the last").toBeLessThan(first * 1.3 + 10 * MEBIBYTE);
    expect(end, "the heap did not shrink when all was over").toBeLessThan(empty + 20 * MEBIBYTE);
    expect(after, "handles were left behind").toEqual(before);
    expect(abortListeners(signal)).toBe(0);
    // A storm that was none proves nothing.
    if (SECONDS >= 60 && AT_ONCE >= 200) {
      expect(postKinds.filter((kind) => !report.kinds.POST[kind])).toEqual([]);
      expect(pollKinds.filter((kind) => !report.kinds.GET[kind])).toEqual([]);
      expect(["succeeded", "failed", "canceled"].filter((end) => !world.told[end])).toEqual([]);
    }
  },
  (SECONDS + CALM_SECONDS + 60) * 1000,
);

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

/** The heap without what is garbage; more than once, since what has finalizers goes only in the second round. */
async function usedHeap(): Promise<number> {
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc?.();
    await pause(10);
  }
  return process.memoryUsage().heapUsed;
}

/** What keeps a process alive, by kind. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo().sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** The handles once they are what they were; after a while, whatever they are. The runtime keeps idle connections for seconds. */
async function settledHandles(before: Record<string, number>): Promise<Record<string, number>> {
  for (let n = 0; n < 20; n += 1) {
    const now = handles();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    await pause(500);
  }
  return handles();
}

interface Result {
  readonly begun: number;
  readonly mostOpen: number;
  readonly report: Awaited<ReturnType<Storm["report"]>>;
  readonly world: World;
  readonly heap: readonly number[];
  readonly before: Record<string, number>;
  readonly after: Record<string, number>;
}

function print({ begun, mostOpen, report, world, heap, before, after }: Result): void {
  const mib = heap.map((bytes) => (bytes / MEBIBYTE).toFixed(1));
  const harmful = (kind: string) => !isHarmless(kind);
  const { entries, characters, leaks } = world.log;
  const lines: [string, string][] = [
    ["seed", SEED],
    ["operations", `${begun} begun, ${mostOpen} at once at most, ${report.taken} taken by the service`],
    ["requests", `${report.posts} POSTs, ${report.polls} polls`],
    ["told to callers", listed(world.told)],
    ["faults of POSTs", listed(report.kinds.POST, harmful)],
    ["faults of polls", listed(report.kinds.GET, harmful)],
    ["harmless POSTs", listed(report.kinds.POST, isHarmless)],
    ["harmless polls", listed(report.kinds.GET, isHarmless)],
    ["log", `${entries} entries, ${(characters / 1e6).toFixed(0)} million characters searched`],
    ["heap", `${mib[0]} MiB before, ${mib.slice(1, 4).join(", ")} MiB at the thirds, ${mib[4]} MiB in the end`],
    [
      "handles",
      `before: ${listed(before)}; after: ${listed(after)}; connections at the service: ${report.openSockets}`,
    ],
    ["problems", String(report.problems.length + world.problems.length + leaks.length)],
  ];
  console.log(aligned(lines));
}
