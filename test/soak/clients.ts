// The clients of the storm: they share a world, and their credentials hiccup.
import { type Credential, createReimageClient, type OperationState, type ReimageClient } from "../../src/index.js";
import { pause } from "../harness/clock.js";
import type { CapturedLog } from "./captured-log.js";
import { type Dice, diceOf } from "./dice.js";
import { tokenOf } from "./secrets.js";

/** The world of the callers. */
export interface World {
  readonly seed: string;
  readonly url: string;
  /** An address where nobody listens. */
  readonly refusedUrl: string;
  readonly log: CapturedLog;
  /** A signal that never aborts and serves all calls: no listener may stay on it. */
  readonly signal: AbortSignal;
  readonly trueNow: () => number;
  calm: boolean;
  /** What should not have been, from the callers' side. */
  readonly problems: string[];
  /** How often each thing was told to a caller. */
  readonly told: Record<string, number>;
}

/** The time for one request, in milliseconds: more than a busy machine is late by. */
export const REQUEST_LIMIT_MS = 4_000;
const POLL_INTERVAL_MS = 250;
/** The longest wait that anything in the storm asks for: a second, and a little for the clocks. */
const LONGEST_WAIT_MS = 1_100;
const LONGEST_BACK_OFF_MS = 30_000;

/** A client of the service. */
export function clientOf(
  world: World,
  id: string,
  { endpoint = world.url, pollIntervalMs = POLL_INTERVAL_MS } = {},
): ReimageClient {
  const client = createReimageClient({
    credential: hiccuping(world, diceOf(world.seed, "credential", id), id),
    endpoint,
    allowInsecureLoopback: true,
    pollIntervalMs,
    requestTimeoutMs: REQUEST_LIMIT_MS,
    // Longer than a storm's end: a timer that is forgotten is found.
    timeoutMs: 60_000,
    onEvent: (event) => {
      world.log.add(event);
      if (event.type === "state") checkState(world, event.state, Math.max(pollIntervalMs, LONGEST_WAIT_MS));
    },
  });
  world.log.addObject(client);
  return client;
}

/** L8, L11: no wait is longer than somebody asked for, whatever the clocks say. */
function checkState(world: World, state: OperationState, longestWaitMs: number): void {
  // The clock may have jumped while onAccepted was awaited; from then on a state is told as soon as it is made.
  if (state.status !== "running" || state.polls === 0) return;
  const wait = state.nextPollAt - Date.now();
  if (!(wait <= (state.readFailures > 0 ? LONGEST_BACK_OFF_MS : longestWaitMs)) || wait < -100)
    world.problems.push(`would wait ${wait} ms after ${state.readFailures} failures`);
}

/** A credential that fails now and then, in the ways that credentials have. */
function hiccuping(world: World, dice: Dice, id: string): Credential {
  let calls = 0;
  const token = () => {
    calls += 1;
    return tokenOf(`${id}.${calls}`);
  };
  const mishap = (often: number) => (!world.calm && dice.chance(often) ? dice : undefined);
  const count = (kind: string) => {
    world.told[`credential: ${kind}`] = (world.told[`credential: ${kind}`] ?? 0) + 1;
  };
  const error = () =>
    Object.assign(new Error("The identity service is not available."), {
      request: { headers: { authorization: `Bearer ${token()}` } },
    });
  if (dice.chance(0.25)) {
    return async () => {
      if (mishap(0.004)) throw error();
      if (mishap(0.02)) await pause(dice.int(10, 200));
      return token();
    };
  }
  return {
    getToken: async (_scopes, { abortSignal } = {}) => {
      const expiresOnTimestamp = Date.now() + 120_000 + dice.int(500, 4_000);
      const kind = mishap(0.08)?.weigh({ rejects: 3, null: 1, malformed: 1, slow: 3, hangs: 0.5 });
      if (kind) count(kind);
      if (kind === "rejects") throw error();
      if (kind === "null") return null;
      if (kind === "malformed") return { token: `${token()}\nx`, expiresOnTimestamp };
      if (kind === "slow") await pause(dice.int(50, 300));
      if (kind === "hangs") {
        await new Promise((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason), { once: true });
        });
      }
      return { token: token(), expiresOnTimestamp };
    },
  };
}
