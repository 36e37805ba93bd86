// Why: one suite for every runtime. It imports nothing that runs: the package is handed in, so that each launcher loads it as its
// runtime does. Names of cases are sentences; a case that throws has failed.
import type * as fleet from "../../src/fleet/index.js";
import type * as main from "../../src/index.js";
import type * as preflight from "../../src/preflight/index.js";
import type * as simulator from "../../src/simulator/index.js";
import { servedCases } from "./suite-served.js";
import { simulatedCases } from "./suite-simulated.js";

export interface Surroundings {
  /** The package: the names of `.`, `./preflight`, `./fleet` and `./simulator`. */
  readonly api: typeof main & typeof preflight & typeof fleet & typeof simulator;
  /** Where test/runtime/host.ts answers, without a slash at the end; the runtime's own `fetch` goes there. */
  readonly host: string;
}

export interface Case {
  readonly name: string;
  /** Answers with what the runtime shows of itself, where runtimes may differ. */
  run(surroundings: Surroundings): Promise<unknown>;
}

export interface Result {
  readonly name: string;
  readonly told?: string;
  /** Why it failed; absent when it passed. */
  readonly failed?: string;
}

export const cases: readonly Case[] = [...simulatedCases, ...servedCases];

/** Runs the whole suite, one case after the other. */
export async function runSuite(surroundings: Surroundings): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { name, run } of cases) {
    results.push(
      await run(surroundings).then(
        (told) => (typeof told === "string" ? { name, told } : { name }),
        (error: unknown) => ({ name, failed: String(error) }),
      ),
    );
  }
  return results;
}
