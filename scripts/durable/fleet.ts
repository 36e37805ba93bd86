/** Why: what a durable fleet promises is about processes that die. This one kills them, and asks the service what it was sent. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { serveSimulator } from "../../src/node/serve.js";
import { createDice } from "../../src/simulator/random.js";
import { createSimulator } from "../../src/simulator/simulator.js";
import type { Row } from "../runtimes/row.js";
import { type Ending, judge } from "./judge.js";

export interface FleetOptions {
  readonly root: string;
  readonly vms: number;
  readonly seed: number;
  /** The Node that the workers run on. */
  readonly node: string;
  /** Where the workflows are stored. */
  readonly database: (folder: string) => string;
}

const KILLS = 6;
/** So many of them while a POST is on its way, since by chance alone all may miss one. */
const AIMED = 2;
const CONCURRENCY = 25;
/** How long a POST is on its way, so that some are when the process is killed. */
const POST_MS = 400;

/** Reimages a fleet while its worker is killed again and again, and judges by what the service saw. */
export async function killedAgainAndAgain({
  root,
  vms,
  seed,
  node,
  database,
}: FleetOptions): Promise<Omit<Row, "what">> {
  const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-durable-"));
  const arm = createSimulator({
    durationMs: (random) => 2_000 + 8_000 * random(),
    retryAfterSeconds: { accepted: 2, running: 3 },
    outcome: (_, random) => (random() < 0.05 ? "failed" : "succeeded"),
    faults: [{ kind: "delay", on: "reimage", ms: POST_MS, times: Number.POSITIVE_INFINITY }],
    seed,
  });
  const served = await serveSimulator(arm);
  const ids = Array.from({ length: vms }, (_, i) => idOf(`vm-${i}`));
  const env = {
    ...process.env,
    DATABASE: database(folder),
    ENDPOINT: served.url,
    VMS: ids.join(","),
    CONCURRENCY: String(CONCURRENCY),
    NODE_NO_WARNINGS: "1",
  };
  const script = await bundled(root);
  const start = (command: string) => spawn(node, [script, command], { env, stdio: ["ignore", "pipe", "inherit"] });
  const began = Date.now();
  try {
    await finished(start("enqueue"));
    const posts = () => arm.requests.filter(({ method }) => method === "POST").length;
    const kills = await killing(() => start("work"), createDice(seed), posts);
    const endings = (await finished(start("report")))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Ending);
    const verdict = judge(endings, { ids, requests: arm.requests, vms: arm.vms, kills, most: kills * CONCURRENCY });
    const seconds = Math.round((Date.now() - began) / 1000);
    return { ...verdict, told: `${verdict.told}; ${kills} kills, seed ${seed}, ${seconds} s` };
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const idOf = (name: string) =>
  `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`;

type Dice = (of: string) => number;

/** Starts a worker, kills it, starts the next; the last one works to the end. Answers with the number of kills. */
async function killing(start: () => ChildProcess, dice: Dice, posts: () => number): Promise<number> {
  let kills = 0;
  for (;;) {
    const worker = start();
    const end = exitOf(worker);
    if (kills < AIMED) void killWithin(worker, dice, posts);
    else if (kills < KILLS) void kill(worker, dice);
    const { code, signal } = await end;
    if (signal === "SIGKILL") kills++;
    else if (code === 0) return kills;
    else throw new Error(`the worker ended with ${code ?? signal}`);
  }
}

/** Kills at a random moment. */
async function kill(worker: ChildProcess, dice: Dice): Promise<void> {
  await pause(800 + 2_500 * dice("kill"));
  worker.kill("SIGKILL");
}

/** Kills at a random moment of a POST that is on its way, as long as there is one to come. */
async function killWithin(worker: ChildProcess, dice: Dice, posts: () => number): Promise<void> {
  const before = posts();
  while (posts() === before && worker.exitCode === null && worker.signalCode === null) await pause(10);
  await pause(POST_MS * dice("kill"));
  worker.kill("SIGKILL");
}

/** It keeps nobody waiting for it alone. */
const pause = (ms: number): Promise<void> => setTimeout(ms, undefined, { ref: false });

async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

/** What a process printed that has to end well. */
async function finished(child: ChildProcess): Promise<string> {
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))));
  });
  return printed;
}

/** The worker as one file, where it finds the packages. */
async function bundled(root: string): Promise<string> {
  const folder = join(root, "node_modules/.cache/azure-vm-reimage/durable");
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, "fleet.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["test/recipes/durable/fleet.ts"],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  return outfile;
}
