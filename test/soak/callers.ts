// The callers of the storm: clients with credentials that hiccup, and the many ways to see an operation through.
import {
  type AnyReimageError,
  type Credential,
  createReimageClient,
  isReimageError,
  type OperationState,
  type ReimageClient,
  type ReimageOperation,
} from "../../src/index.js";
import { pause, realNow } from "../harness/clock.js";
import type { CapturedLog } from "./captured-log.js";
import { type Dice, diceOf } from "./dice.js";
import type { Claim, First } from "./judge.js";
import { customDataOf, passwordOf, tokenOf } from "./secrets.js";

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

const subscriptionId = "6c8e9a1e-0000-4000-8000-000000000001";
const POLL_INTERVAL_MS = 250;
/** The longest wait that anything in the storm asks for: a second, and a little for the clocks. */
const LONGEST_WAIT_MS = 1_100;
const LONGEST_BACK_OFF_MS = 30_000;

/** What the caller itself throws, or aborts with. */
const own = (what: string): Error => new Error(`The caller's own: ${what}.`);

/** A credential that fails now and then, in the ways that credentials have. */
export function hiccuping(world: World, dice: Dice, id: string): Credential {
  let calls = 0;
  const token = () => {
    calls += 1;
    return tokenOf(`${id}.${calls}`);
  };
  const mishap = (often: number) => (!world.calm && dice.chance(often) ? dice : undefined);
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

/** A client of the service. */
export function clientOf(world: World, id: string, endpoint: string = world.url): ReimageClient {
  return createReimageClient({
    credential: hiccuping(world, diceOf(world.seed, "credential", id), id),
    endpoint,
    allowInsecureLoopback: true,
    pollIntervalMs: POLL_INTERVAL_MS,
    requestTimeoutMs: 1_500,
    // Longer than a storm's end: a timer that is forgotten is found.
    timeoutMs: 60_000,
    onEvent: (event) => {
      world.log.add(event);
      if (event.type === "state") checkState(world, event.state);
    },
  });
}

/** L8, L11: no wait is longer than somebody asked for, whatever the clocks say. */
function checkState(world: World, state: OperationState): void {
  if (state.status !== "running" || state.polls === 0) return;
  const wait = state.nextPollAt - Date.now();
  if (!(wait <= (state.readFailures > 0 ? LONGEST_BACK_OFF_MS : LONGEST_WAIT_MS)) || wait < -100)
    world.problems.push(`would wait ${wait} ms after ${state.readFailures} failures`);
}

function count(world: World, what: string): void {
  world.told[what] = (world.told[what] ?? 0) + 1;
}

/** Sees one reimage through, to the last word that can be had, and says what was told. */
export async function reimageOnce(world: World, client: ReimageClient, vmName: string): Promise<Claim> {
  const dice = diceOf(world.seed, vmName, "caller");
  const control = dice.chance(0.06) ? new AbortController() : undefined;
  const impatience = control && setTimeout(() => control.abort(own("no patience")), dice.int(0, 2_500));
  const attempt = beginLife(world, dice, vmName, control?.signal ?? world.signal);
  try {
    let claim = await attempt.begin(client);
    // What may still be learnt is asked for again and again, as a new process would: by a new client, from the saved state.
    for (let n = 2; "saved" in claim; n += 1) {
      if (n > 200) throw new Error(`${vmName}: resumed 200 times`);
      claim = await attempt.resume(claim.saved, n);
    }
    return claim;
  } finally {
    clearTimeout(impatience);
  }
}

/** What may have come between the caller and the service's answer to the POST. */
function excuseOf(error: AnyReimageError): Pick<Claim, "excuse"> {
  if (error.name === "AbortError") return { excuse: "aborted" };
  if (/time limit has passed/.test(error.message)) return { excuse: "expired" };
  return error.name === "OutcomeUnknownError" && error.reason === "no-answer" ? { excuse: "no answer" } : {};
}

/** What is known after a part of the way: the claim, or the state to go on from. */
type Known = Claim | { readonly saved: string };

/** The ways of one operation: how it is begun, how it is followed, what an error means. */
function beginLife(world: World, dice: Dice, vmName: string, signal: AbortSignal) {
  const names = { subscriptionId, resourceGroupName: "soak", vmName };
  const vm = dice.chance(0.5)
    ? names
    : `/subscriptions/${subscriptionId}/resourceGroups/soak/providers/Microsoft.Compute/virtualMachines/${vmName}`;
  let accepted = false;

  const ended = (state: OperationState): Claim => {
    count(world, state.status);
    if (state.status === "running") throw new Error(`${vmName}: it was told to have ended, and runs`);
    const code = state.status === "succeeded" ? undefined : state.error?.code;
    return { vmName, first: "accepted", last: state.status, at: world.trueNow(), ...(code && { code }) };
  };

  /** What a rejection means, by what its documentation says of it. */
  const meant = (error: unknown): Known => {
    world.log.addError(error);
    const at = world.trueNow();
    if (error === signal.reason && !accepted) {
      count(world, "the caller's own reason");
      return { vmName, first: "no", last: "no", excuse: "aborted", at };
    }
    if (!isReimageError(error)) throw error;
    const { name, started, resume } = error;
    count(world, ["reason" in error ? `${name} (${error.reason})` : name, `started ${started}`].join(", "));
    if (name === "InvalidInputError") throw error;
    if (name === "OperationFailedError" || name === "OperationCanceledError") {
      const last = name === "OperationFailedError" ? "failed" : "canceled";
      return { vmName, first: "accepted", last, at, ...(error.code && { code: error.code }) };
    }
    if (resume) {
      accepted = true;
      const saved = JSON.stringify(resume);
      world.log.addSaved(saved);
      if (started !== "yes") world.problems.push(`${vmName}: ${name} can be resumed, but started is ${started}`);
      return { saved };
    }
    if (accepted) throw new Error(`${vmName}: ${name} (${started}) leaves nothing to resume`, { cause: error });
    const first: First = started;
    return { vmName, first, last: first, at, ...excuseOf(error) };
  };

  const follow = async (operation: ReimageOperation, way: Way, until: AbortSignal): Promise<Known> => {
    accepted = true;
    try {
      return ended(await WAYS[way]({ world, dice, operation, signal: until }));
    } catch (error) {
      return meant(error);
    }
  };

  return {
    async begin(client: ReimageClient): Promise<Known> {
      const way = chooseWay(dice);
      const id = `${vmName}-${dice.int(0, 1e9)}`;
      const secret = { osProfile: { adminPassword: passwordOf(id), customData: customDataOf(id) } };
      const options = {
        headers: { "x-soak-life": lifeOf(1, way) },
        signal,
        ...(dice.chance(0.01) && { beforeSend: () => Promise.reject(own("beforeSend")) }),
        ...(dice.chance(0.02) && { onAccepted: () => Promise.reject(own("onAccepted")) }),
      };
      const parameters = dice.chance(0.7) ? secret : undefined;
      const used = dice.chance(0.005) ? clientOf(world, vmName, world.refusedUrl) : client;
      try {
        if (way === "wait" && dice.chance(0.5)) {
          const limit = dice.chance(0.1) ? { timeoutMs: dice.int(300, 3_000) } : {};
          return ended(await used.reimage(vm, parameters, { ...options, ...limit }));
        }
        const operation = await used.beginReimage(vm, parameters, options);
        world.log.addSaved(JSON.stringify(operation));
        return follow(operation, way, signal);
      } catch (error) {
        return meant(error);
      }
    },
    async resume(saved: string, n: number): Promise<Known> {
      const way = chooseWay(dice);
      const client = clientOf(world, `${vmName}-${n}`);
      const operation = client.resume(saved, { headers: { "x-soak-life": lifeOf(n, way) } });
      return follow(operation, way, world.signal);
    },
  };
}

type Way = "wait" | "wait impatiently" | "wait twice" | "iterate" | "poll";

const chooseWay = (dice: Dice): Way =>
  dice.weigh({ wait: 6, "wait impatiently": 2, "wait twice": 1, iterate: 3, poll: 3 });

/** How the service can tell lives apart: their number, and whether the client or the caller paces the requests. */
const lifeOf = (n: number, way: Way): string => `${n}.${way === "poll" ? "poll" : "wait"}`;

interface Following {
  readonly world: World;
  readonly dice: Dice;
  readonly operation: ReimageOperation;
  readonly signal: AbortSignal;
}

const WAYS: Readonly<Record<Way, (following: Following) => Promise<OperationState>>> = {
  wait: ({ operation, signal, world }) => operation.wait({ signal, onProgress: (state) => world.log.add(state) }),

  "wait impatiently": ({ operation, signal, dice }) => operation.wait({ signal, timeoutMs: dice.int(100, 1_500) }),

  // One of two waiters leaves; the other must not notice.
  "wait twice": async ({ operation, signal, dice, world }) => {
    const leaver = new AbortController();
    const timer = setTimeout(() => leaver.abort(own("leaves")), dice.int(0, 1_000));
    const left = operation.wait({ signal: leaver.signal }).catch((error) => world.log.addError(error));
    try {
      return await operation.wait({ signal });
    } finally {
      clearTimeout(timer);
      leaver.abort(own("leaves"));
      await left;
    }
  },

  iterate: async ({ operation, world }) => {
    let last = operation.state;
    for await (const state of operation) {
      world.log.add(state);
      last = state;
    }
    return last;
  },

  // As durable engines do: one request at a time, and the state written down in between.
  poll: async ({ operation, signal, dice, world }) => {
    const begun = realNow();
    for (;;) {
      const state = await operation.poll({ signal });
      if (state.status !== "running") return state;
      world.log.addSaved(JSON.stringify(operation));
      if (realNow() - begun > 60_000) throw new Error("polled for a minute");
      await pause(Math.min(Math.max(state.nextPollAt - Date.now(), 0), dice.int(100, 1_000)));
    }
  },
};
