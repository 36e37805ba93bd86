// The callers of the storm: each begins a reimage, follows it in one way, and after each rejection goes on from the resume
// state as a new process would, to the last word that can be had. What they were told becomes a claim, for the judge.
import {
  type AnyReimageError,
  isReimageError,
  type OperationState,
  type ReimageClient,
  type ReimageOperation,
} from "../../src/index.js";
import { realNow } from "../harness/clock.js";
import { abortListeners } from "../harness/leftovers.js";
import { clientOf, REQUEST_LIMIT_MS, type World } from "./clients.js";
import { diceOf } from "./dice.js";
import type { Claim, First } from "./judge.js";
import { customDataOf, passwordOf, signaturesSavedIn } from "./secrets.js";
import { chooseWay, own, WAYS, type Way } from "./ways.js";

/** What is known after a part of the way: the claim, or the state to go on from. */
export type Known = Claim | { readonly saved: string };

/** One reimage, in its parts. */
export interface Life {
  /** Begins it, and follows it until it ends or a call rejects. */
  begin(client: ReimageClient): Promise<Known>;
  /** Asks again and again for what may still be learnt. */
  seeThrough(known: Known): Promise<Claim>;
}

const subscriptionId = "6c8e9a1e-0000-4000-8000-000000000001";
/** L14: an abort ends a call at once; so late, and no busy machine is to blame. */
const AT_ONCE_MS = 2_000;

/** Sees one reimage through, and says what was told. */
export async function reimageOnce(world: World, client: ReimageClient, vmName: string): Promise<Claim> {
  const dice = diceOf(world.seed, vmName, "patience");
  const control = dice.chance(0.06) ? new AbortController() : undefined;
  const impatience = control && setTimeout(() => control.abort(own("no patience")), dice.int(0, 2_500));
  const life = newLife(world, vmName, control);
  try {
    const known = await life.begin(client);
    if (control && abortListeners(control.signal) > 0)
      world.problems.push(`${vmName}: a listener stayed on its signal`);
    return await life.seeThrough(known);
  } finally {
    clearTimeout(impatience);
  }
}

/** One call of the client, as far as it matters for what its rejection means. */
interface Call {
  readonly signal: AbortSignal;
  readonly way: Way;
  readonly begun: number;
  /** Has it a time limit of its own? */
  readonly hurried?: boolean;
}

/**
 * Makes the life of one reimage.
 *
 * @param signal - what may end its first part
 * @param abortable - is the signal to reach it at any moment?
 */
export function newLife(
  world: World,
  vmName: string,
  { signal }: { readonly signal: AbortSignal } = world,
  abortable = false,
): Life {
  const { log, problems } = world;
  const dice = diceOf(world.seed, vmName, "caller");
  const names = { subscriptionId, resourceGroupName: "soak", vmName };
  const path = `/subscriptions/${subscriptionId}/resourceGroups/soak/providers/Microsoft.Compute/virtualMachines/${vmName}`;
  const vm = dice.chance(0.5) ? names : path;
  let accepted = false;
  let signatures: readonly string[] = [];

  const keep = (saved: string): void => {
    log.addSaved(saved);
    signatures = signaturesSavedIn(saved);
  };
  const ended = (state: OperationState): Claim => {
    log.add(state);
    count(world, state.status);
    if (state.status === "running") throw new Error(`${vmName}: it was told to have ended, and runs`);
    const code = state.status === "succeeded" ? undefined : state.error?.code;
    return { vmName, first: "accepted", last: state.status, at: world.trueNow(), ...(code && { code }) };
  };

  /** What a rejection means, by what its documentation says of it. */
  const meant = (error: unknown, call: Call): Known => {
    log.addError(error, signatures);
    const at = world.trueNow();
    const { aborted, reason } = call.signal;
    const late = aborted && call.way.startsWith("wait") ? realNow() - reason.at : 0;
    if (late > AT_ONCE_MS) problems.push(`${vmName}: ended ${Math.round(late)} ms after the abort`);
    if (aborted && error === reason && !accepted) {
      count(world, "the caller's own reason");
      return { vmName, first: "no", last: "no", unsent: "ever", at };
    }
    if (!isReimageError(error)) throw error;
    const { name, started, resume } = error;
    count(world, ["reason" in error ? `${name} (${error.reason})` : name, `started ${started}`].join(", "));
    if (name === "InvalidInputError") throw error;
    if (name === "AbortError" && !aborted) problems.push(`${vmName}: was not aborted, but told so`);
    if (name === "OperationFailedError" || name === "OperationCanceledError") {
      const last = name === "OperationFailedError" ? "failed" : "canceled";
      return { vmName, first: "accepted", last, at, ...(error.code && { code: error.code }) };
    }
    // Where the 202 led elsewhere, only a client that trusts that place could go on.
    const elsewhere = resume?.statusUrl && !resume.statusUrl.startsWith(`${world.url}/`);
    if (resume && !elsewhere) {
      accepted = true;
      const saved = JSON.stringify(resume);
      keep(saved);
      if (started !== "yes") problems.push(`${vmName}: ${name} can be resumed, but started is ${started}`);
      return { saved };
    }
    if (accepted) throw new Error(`${vmName}: ${name} (${started}) leaves nothing to resume`, { cause: error });
    const first: First = started;
    const excuse = excuseOf(error, call);
    const unsent = name === "NotSentError" && { unsent: "last" as const };
    const said = `${name} ${"status" in error ? error.status : ""}`;
    return { vmName, first, last: first, at, said, ...(excuse && { excuse }), ...unsent };
  };

  const follow = async (operation: ReimageOperation, way: Way, until: AbortSignal): Promise<Known> => {
    accepted = true;
    const call = { signal: until, way, begun: realNow() };
    log.addObject(operation);
    try {
      return ended(await WAYS[way]({ world, dice, operation, signal: until }));
    } catch (error) {
      return meant(error, call);
    }
  };

  const begin = async (client: ReimageClient): Promise<Known> => {
    const way = chooseWay(dice, abortable);
    const id = `${vmName}-${dice.int(0, 1e9)}`;
    const secret = { osProfile: { adminPassword: passwordOf(id), customData: customDataOf(id) } };
    const [forgetful, careless] = [dice.chance(0.01), dice.chance(0.02)];
    const options = {
      headers: { "x-soak-life": lifeOf(1, way) },
      signal,
      beforeSend: (intent: object) => (forgetful ? Promise.reject(own("beforeSend")) : log.add(intent)),
      onAccepted: (saved: object) => (careless ? Promise.reject(own("onAccepted")) : keep(JSON.stringify(saved))),
    };
    const parameters = dice.chance(0.7) ? secret : undefined;
    const used = dice.chance(0.005) ? clientOf(world, vmName, { endpoint: world.refusedUrl }) : client;
    const limit = way === "wait" && dice.chance(0.1) ? { timeoutMs: dice.int(300, 3_000) } : {};
    const call = { signal, way, begun: realNow(), hurried: "timeoutMs" in limit };
    try {
      if (way === "wait" && (call.hurried || dice.chance(0.5)))
        return ended(await used.reimage(vm, parameters, { ...options, ...limit }));
      const operation = await used.beginReimage(vm, parameters, options);
      keep(JSON.stringify(operation));
      return await follow(operation, way, signal);
    } catch (error) {
      return meant(error, call);
    }
  };

  return {
    begin,
    async seeThrough(known) {
      for (let n = 2; "saved" in known; n += 1) {
        if (n > 200) throw new Error(`${vmName}: resumed 200 times`);
        const way = chooseWay(dice, false);
        const client = clientOf(world, `${vmName}-${n}`);
        const operation = client.resume(known.saved, { headers: { "x-soak-life": lifeOf(n, way) } });
        known = await follow(operation, way, world.signal);
      }
      return known;
    },
  };
}

/** How the service can tell lives apart: their number, and whether the client or the caller paces the requests. */
const lifeOf = (n: number, way: Way): string => `${n}.${way === "poll" ? "poll" : "wait"}`;

function count(world: World, what: string): void {
  world.told[what] = (world.told[what] ?? 0) + 1;
}

/** What may have come between the caller and the service's answer to the POST; never by the word of the client alone. */
function excuseOf(error: AnyReimageError, { signal, begun, hurried }: Call): Claim["excuse"] {
  const lasted = realNow() - begun;
  if (signal.aborted) return "aborted";
  if (hurried && error.name === "RequestRejectedError" && error.retryAfterMs) return "hurried";
  if (error.name === "AuthenticationError") return "no token";
  if (error.name !== "OutcomeUnknownError" || error.reason !== "no-answer") return undefined;
  return lasted >= REQUEST_LIMIT_MS || hurried ? "expired" : "no answer";
}
