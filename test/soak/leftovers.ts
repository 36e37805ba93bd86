// What a process holds when nothing is under way any more: objects, bytes, handles. Held against what it held before, each
// to the piece: an operation that leaves one object behind shows after a few hundred of them.
import { getHeapSpaceStatistics, queryObjects } from "node:v8";
import { pause } from "../harness/clock.js";

/** What is held. */
export interface Held {
  /** Living objects; all of them, and some kinds. */
  readonly objects: Readonly<Record<keyof typeof KINDS, number>>;
  /** The heap without code. */
  readonly bytes: number;
  /** What keeps the process alive, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

const KINDS = { all: Object, functions: Function, arrays: Array, promises: Promise, maps: Map, sets: Set } as const;

/** The runtime's fetch keeps its connections here. */
const POOL: unique symbol = Symbol.for("undici.globalDispatcher.1") as never;
interface Pool {
  destroy(): Promise<void>;
}
const runtime = globalThis as { [POOL]?: Pool };

/**
 * Gives the runtime a new pool of connections and destroys the old, which is not ours to judge: it keeps a client for each
 * connection that there ever was at the same time, and for good a request whose connection was reset as soon as it stood.
 * What we left in it, the service knows: a connection whose request nobody waits for.
 */
export async function renewPool(): Promise<void> {
  const old = runtime[POOL];
  if (!old) throw new Error("The runtime keeps its connections elsewhere.");
  runtime[POOL] = new (old.constructor as new () => Pool)();
  await old.destroy();
}

/** Collects the garbage; more than once, since what has a finalizer goes only in the second round. */
export async function collect(): Promise<void> {
  if (!globalThis.gc) throw new Error("Run with --expose-gc.");
  for (let n = 0; n < 6; n += 1) {
    globalThis.gc();
    await pause(10);
  }
}

/** Takes stock. */
export async function takeStock(): Promise<Held> {
  await collect();
  const objects = Object.fromEntries(
    Object.entries(KINDS).map(([name, kind]) => [name, Number(queryObjects(kind, { format: "count" }))]),
  ) as Held["objects"];
  const bytes = getHeapSpaceStatistics()
    .filter(({ space_name }) => !/code|read_only/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  return { objects, bytes, handles: handles() };
}

/** The heap in use, garbage left out. */
export async function usedHeap(): Promise<number> {
  await collect();
  return process.memoryUsage().heapUsed;
}

function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo().sort()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
