/** Why: a shared machine is quick now and slow then. Each round asks every candidate, each in a process of its own, in an order that moves. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Bench, type Candidate, median, type Row } from "./measure.js";
import { createTls, reimages } from "./server.js";

export interface Workload {
  /** A file in workloads/. */
  readonly file: string;
  readonly args?: readonly (string | number)[];
  /** Options of Node. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a workload in a process of its own; answers with the JSON that it printed. */
export async function spawn<T>(bench: Bench, candidate: Candidate, workload: Workload): Promise<T> {
  const { file, args = [], node = [], env } = workload;
  const { stdout } = await promisify(execFile)(
    bench.node,
    [...node, `workloads/${file}.mjs`, candidate, ...args.map(String)],
    { cwd: bench.project, env: { PATH: process.env.PATH, ...env }, timeout: 120_000 },
  );
  return JSON.parse(stdout);
}

/** What each candidate printed in each round, once in each, in a process of its own. */
export function processes<T>(
  bench: Bench,
  count: number,
  candidates: readonly Candidate[],
  workload: Workload,
): Promise<readonly ReadonlyMap<Candidate, T>[]> {
  return rounds(count, candidates, (candidate) => spawn<T>(bench, candidate, workload));
}

/** The same over loopback TLS: a server of reimages, whose URL is the last argument. */
export async function processesOverTls<T>(
  bench: Bench,
  count: number,
  candidates: readonly Candidate[],
  { args = [], ...workload }: Workload,
): Promise<readonly ReadonlyMap<Candidate, T>[]> {
  const tls = await createTls();
  const server = await tls.serve(reimages());
  try {
    return await processes(bench, count, candidates, { ...workload, args: [...args, server.url], env: tls.env });
  } finally {
    await server.close();
    await tls.remove();
  }
}

/** What each candidate came to in each round. */
export async function rounds<T>(
  count: number,
  candidates: readonly Candidate[],
  ask: (candidate: Candidate) => Promise<T>,
): Promise<readonly ReadonlyMap<Candidate, T>[]> {
  const all: Map<Candidate, T>[] = [];
  for (let round = 0; round < count; round++) {
    const order = candidates.map((_, i) => candidates[(i + round) % candidates.length] as Candidate);
    const answers = new Map<Candidate, T>();
    for (const candidate of order) answers.set(candidate, await ask(candidate));
    all.push(answers);
  }
  return all;
}

/** The medians of a figure, and of its ratios to the floor inside each round. */
export function summary<T>(
  all: readonly ReadonlyMap<Candidate, T>[],
  floor: Candidate,
  figure: (answer: T) => number,
): Required<Pick<Row, "floor" | "values" | "ratios">> {
  const candidates = [...(all[0]?.keys() ?? [])];
  const of = (candidate: Candidate) => all.map((round) => figure(round.get(candidate) as T));
  const floors = of(floor);
  const each = (pick: (candidate: Candidate) => readonly number[]) =>
    Object.fromEntries(candidates.map((candidate) => [candidate, median(pick(candidate))]));
  return {
    floor,
    values: each(of),
    ratios: each((candidate) => of(candidate).map((value, round) => value / (floors[round] ?? Number.NaN))),
  };
}

/** What each candidate came to beyond the floor in each round: what made a round slow made its floor slow too. */
export function beyond(
  all: readonly ReadonlyMap<Candidate, number>[],
  floor: Candidate,
): readonly ReadonlyMap<Candidate, number>[] {
  return all.map((round) => {
    const base = round.get(floor) ?? Number.NaN;
    return new Map([...round].map(([candidate, value]) => [candidate, value - base]));
  });
}
