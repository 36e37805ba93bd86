// A fleet in virtual time, against a service and a model of its own: what it came to, and what no schedule could better.
import { reimageFleet } from "../../src/fleet/index.js";
import { admissions, bestMeanDelay, makespanBound } from "../fleet/best.js";
import { installClock } from "../fleet/clock.js";
import { collect, type Figures, figuresOf, idsOf, outcomesOf, world } from "../fleet/fly.js";
import { type ServiceOptions, SIZES, type Size } from "../fleet/service.js";

export const told = { first: 10, next: 30 };

export interface Scenario {
  readonly seed: number;
  readonly options: Partial<ServiceOptions>;
  /** One call of `reimage` for each VM, all at once. */
  readonly naive?: true;
}

export interface Pace extends Figures {
  /** No run ends before, in seconds. */
  readonly bound: number;
  /** No schedule notices ends sooner, in the mean, in seconds. */
  readonly best: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

const bests = new Map<string, number>();

export async function pace(count: number, { seed, options, naive }: Scenario): Promise<Pace> {
  const clock = installClock();
  const { client, durations, seen } = world(count, seed, options);
  const outcomes: Record<string, number> = {};
  if (naive) {
    const wait = async (id: string) =>
      client.reimage(id, undefined, { throttleRetries: 1000 }).then(
        () => "succeeded",
        ({ name }) => name,
      );
    for (const outcome of await clock.until(Promise.all(idsOf(count).map(wait))))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  } else Object.assign(outcomes, outcomesOf(await clock.until(collect(reimageFleet(client, idsOf(count))))));
  clock.uninstall();
  const mine = ({ capacity, refillPerSecond }: Size) => {
    const share = 1 - (options.others ?? 0);
    return { capacity: capacity * share, refillPerSecond: refillPerSecond * share };
  };
  const admitted = admissions(count, [mine(SIZES.writes), mine(SIZES.updates)]);
  const silent = options.retryAfter === null;
  const key = `${count} ${silent} ${options.others}`;
  const best = bests.get(key) ?? bestMeanDelay(admitted, mine(SIZES.reads), silent ? { first: 1, next: 1 } : told);
  bests.set(key, best);
  return { ...figuresOf(seen), bound: makespanBound(admitted, durations), best, outcomes };
}
