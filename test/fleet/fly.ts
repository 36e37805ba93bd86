// A fleet against the service in virtual time, and what came of it.
import { type FleetResult, reimageFleet } from "../../src/fleet/index.js";
import { createReimageClient, type SerializedOperation } from "../../src/index.js";
import type { Clock } from "./clock.js";
import { drawDurations } from "./durations.js";
import { createService, type Seen, type ServiceOptions } from "./service.js";

export const subscriptionId = "00000000-0000-4000-8000-000000000000";
export const idOf = (i: number, subscription = subscriptionId): string =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm${i}`;
export const idsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => idOf(i));

/** A client of a service that reimages VMs named vm0, vm1, …, each as long as the seed says. */
export function world(count: number, seed: number, options: Partial<ServiceOptions> = {}) {
  const durations = drawDurations(count, seed);
  const durationOf = (name: string) => durations[Number(name.slice(2))] ?? 60;
  const service = createService({ durationOf, seed, ...options });
  const client = createReimageClient({ credential: () => "token", fetch: service.fetch });
  return { ...service, client, durations };
}

/** Takes all results. */
export async function collect(fleet: AsyncIterable<FleetResult>): Promise<FleetResult[]> {
  const results: FleetResult[] = [];
  for await (const result of fleet) results.push(result);
  return results;
}

/** How often each outcome came. */
export function outcomesOf(results: readonly FleetResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export interface Figures {
  readonly requests: number;
  readonly throttled: number;
  readonly mostPosts: number;
  readonly reads: number;
  /** From an end to its result, in seconds. */
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  /** In seconds. */
  readonly makespan: number;
}

/** What a run came to, from what the service saw. */
export function figuresOf(seen: Seen): Figures {
  const told = [...seen.ends.values()].filter((end) => end.told !== undefined);
  const delays = told.map(({ at, told = 0 }) => (told - at) / 1000).sort((a, b) => a - b);
  const at = (share: number) => delays[Math.min(Math.floor(delays.length * share), delays.length - 1)] ?? 0;
  return {
    requests: seen.requests,
    throttled: seen.throttled,
    mostPosts: Math.max(0, ...seen.posts.values()),
    reads: seen.polls.length,
    mean: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    p50: at(0.5),
    p99: at(0.99),
    makespan: Math.max(...told.map(({ told = 0 }) => told)) / 1000,
  };
}

/** What a process writes down, and what is left of it after a crash. */
export interface Journal {
  readonly intended: Set<string>;
  readonly accepted: Map<string, SerializedOperation>;
  readonly ended: Map<string, FleetResult>;
}

export const newJournal = (): Journal => ({ intended: new Set(), accepted: new Map(), ended: new Map() });

/** Runs a fleet as a process with a journal would, until it ends or is killed at a time. */
export async function runProcess(
  clock: Clock,
  service: typeof globalThis.fetch,
  ids: readonly string[],
  journal: Journal,
  killAt = Number.POSITIVE_INFINITY,
): Promise<void> {
  const alive = () => clock.now() < killAt;
  // Whoever is dead sends nothing, hears nothing and writes nothing down.
  const dead = () => new Promise<never>(() => {});
  const fetch: typeof globalThis.fetch = async (...request) => {
    const answer = alive() ? await service(...request) : await dead();
    return alive() ? answer : dead();
  };
  const client = createReimageClient({ credential: () => "token", fetch });
  const nameOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);
  const fleet = reimageFleet(
    client,
    ids.filter((id) => !journal.intended.has(nameOf(id))),
    undefined,
    {
      resume: [...journal.accepted].filter(([name]) => !journal.ended.has(name)).map(([, saved]) => saved),
      beforeSend: ({ vm }) => (alive() ? void journal.intended.add(vm.vmName) : dead()),
      onAccepted: (saved) => (alive() ? void journal.accepted.set(saved.vm.vmName, saved) : dead()),
    },
  );
  const iterator = fleet[Symbol.asyncIterator]();
  const all = (async () => {
    for (let next = await iterator.next(); !next.done && alive(); next = await iterator.next())
      journal.ended.set(next.value.vm.vmName, next.value);
  })();
  if (killAt === Number.POSITIVE_INFINITY) return clock.until(all);
  await clock.pass(killAt - clock.now());
  iterator.return?.();
}
