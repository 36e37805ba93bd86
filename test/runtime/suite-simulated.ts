/** The cases in process: clocks, signals, streams, classes and iterators as each runtime has them. */
import type { Fault, SimulatorOptions } from "../../src/simulator/index.js";
import type { Case, Surroundings } from "./suite.js";
import { equal, rejection } from "./suite-assert.js";

const vm = { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName: "vm" };
const hurry: SimulatorOptions = { durationMs: 60, retryAfterSeconds: null };
const password = "Correct-horse-7";

/** A simulator, a client in front of it, and the POSTs that came. */
function stage({ api }: Surroundings, options: SimulatorOptions = {}) {
  const arm = api.createSimulator({ ...hurry, ...options });
  const client = api.createReimageClient({ credential: () => "the-token", fetch: arm.fetch, pollIntervalMs: 15 });
  return { arm, client, posts: () => arm.requests.filter(({ method }) => method === "POST").length };
}
const failing = (fault: Fault): SimulatorOptions => ({ faults: [fault] });

export const simulatedCases: readonly Case[] = [
  {
    name: "a VM is reimaged by one POST, and its progress is told",
    async run(at) {
      const { client, posts } = stage(at, { durationMs: 400 });
      const told: string[] = [];
      const { status } = await client.reimage(vm, {}, { onProgress: (state) => told.push(state.status) });
      equal([status, told.at(-1), told.includes("running"), posts()], ["succeeded", "succeeded", true, 1]);
    },
  },
  {
    name: "a failure has the service's code, and says that the disk was touched",
    async run(at) {
      const { name, started, ...error } = await rejection(stage(at, at.api.presets.fails).client.reimage(vm));
      equal([name, started, "code" in error && error.code], ["OperationFailedError", "yes", "OSProvisioningTimedOut"]);
    },
  },
  {
    name: "a cancellation is an outcome of its own",
    async run(at) {
      equal((await rejection(stage(at, at.api.presets.preempted).client.reimage(vm))).name, "OperationCanceledError");
    },
  },
  {
    name: "a refusal is told apart, by classes and by a guard",
    async run(at) {
      const error = await rejection(stage(at, at.api.presets.notFound).client.reimage(vm));
      const { RequestRejectedError, isReimageError } = at.api;
      equal([error instanceof RequestRejectedError, isReimageError(error), error.started], [true, true, "no"]);
    },
  },
  {
    name: "what breaks the contract is refused before a byte is sent",
    async run(at) {
      const { client, arm } = stage(at);
      const error = await rejection(client.reimage(vm, { osProfile: { adminPassword: "short" } }));
      equal([error.name, arm.requests.length, error.message.includes("short")], ["InvalidInputError", 0, false]);
    },
  },
  {
    name: "a password and a token are in no error, no event and no saved state",
    async run({ api }) {
      const arm = api.createSimulator({ ...hurry, ...api.presets.fails });
      const told: unknown[] = [];
      const onEvent = (event: unknown) => void told.push(event);
      const client = api.createReimageClient({
        ...{ credential: () => "the-token", fetch: arm.fetch, pollIntervalMs: 15, onEvent },
      });
      const parameters = { osProfile: { adminPassword: password } };
      const error = await rejection(client.reimage(vm, parameters, { onAccepted: (saved) => void told.push(saved) }));
      const text = `${JSON.stringify([told, error])}${error.message}${error.stack}`;
      equal([told.length > 3, text.includes(password), text.includes("the-token")], [true, false, false]);
    },
  },
  {
    name: "a lost answer is not sent again, and nobody claims to know",
    async run(at) {
      const { client, posts } = stage(at, at.api.presets.lostAnswer);
      const { name, started } = await rejection(client.reimage(vm));
      equal([name, started, posts()], ["OutcomeUnknownError", "maybe", 1]);
    },
  },
  {
    name: "a 503 is not sent again",
    async run(at) {
      const { client, posts } = stage(at, at.api.presets.serverError);
      equal([(await rejection(client.reimage(vm))).name, posts()], ["OutcomeUnknownError", 1]);
    },
  },
  {
    name: "a 429 with a Retry-After is sent once more, after it",
    async run(at) {
      const { client, posts } = stage(at, at.api.presets.throttledOnce);
      const start = performance.now();
      await client.reimage(vm);
      equal([posts(), performance.now() - start > 900], [2, true]);
    },
  },
  {
    name: "a status URL at another origin is not asked",
    async run(at) {
      const { client, arm } = stage(at, at.api.presets.wrongOrigin);
      equal([(await rejection(client.reimage(vm))).name, arm.requests.length], ["OutcomeUnknownError", 1]);
    },
  },
  {
    name: "polls that go wrong are borne: a reset, a cut answer, a page of HTML",
    async run(at) {
      const faults: Fault[] = (["reset", "truncated", "html"] as const).map((kind, after) => ({
        ...{ kind, after, on: "status" as const },
      }));
      const { client, arm } = stage(at, { faults });
      equal([(await client.reimage(vm)).status, arm.requests.length >= 5], ["succeeded", true]);
    },
  },
  {
    name: "a signal that was aborted before rejects with its reason, and nothing is sent",
    async run(at) {
      const { client, arm } = stage(at);
      const reason = new Error("not today");
      const rejected = await rejection<unknown>(client.reimage(vm, {}, { signal: AbortSignal.abort(reason) }));
      equal([rejected === reason, arm.requests.length], [true, 0]);
    },
  },
  {
    name: "an abort ends the wait at once; what it leaves is taken up again, and no second POST is sent",
    async run(at) {
      const { client, posts } = stage(at, { durationMs: 200 });
      const stop = new AbortController();
      const error = await rejection(client.reimage(vm, {}, { signal: stop.signal, onProgress: () => stop.abort() }));
      equal([error.name, error.started], ["AbortError", "yes"]);
      const { status } = await client.resume(JSON.stringify(error.resume)).wait();
      equal([status, posts()], ["succeeded", 1]);
    },
  },
  {
    name: "an abort reaches a request that is under way",
    async run(at) {
      const { client } = stage(at, failing({ kind: "delay", ms: 10_000, on: "reimage" }));
      const stop = new AbortController();
      const start = performance.now();
      setTimeout(() => stop.abort(), 50);
      const { name, started } = await rejection(client.reimage(vm, {}, { signal: stop.signal }));
      equal([name, started, performance.now() - start < 5_000], ["AbortError", "maybe", true]);
    },
  },
  {
    name: "a limit on the wait ends the wait, not the reimage",
    async run(at) {
      const { client } = stage(at, at.api.presets.hangs);
      const error = await rejection(client.reimage(vm, {}, { timeoutMs: 100 }));
      equal([error.name, error.resume?.vm.vmName], ["WaitTimeoutError", "vm"]);
    },
  },
  {
    name: "an operation is iterated, and is JSON at every step",
    async run(at) {
      const { client } = stage(at);
      let saved = JSON.stringify(await client.beginReimage(vm, { tempDisk: false }));
      const seen = new Set<string>();
      for await (const state of client.resume(saved)) seen.add(state.status);
      equal([...seen].at(-1), "succeeded");
      saved = JSON.stringify(client.resume(saved));
      equal((await client.resume(saved).poll()).status, "succeeded");
    },
  },
  {
    name: "two waiters share the polls, not their signals",
    async run(at) {
      const { client } = stage(at, { durationMs: 120 });
      const operation = await client.beginReimage(vm);
      const stop = new AbortController();
      const first = rejection(operation.wait({ signal: stop.signal }));
      const second = operation.wait();
      stop.abort();
      equal([(await first).name, (await second).status], ["AbortError", "succeeded"]);
    },
  },
  {
    name: "a look before and a look after tell that it happened",
    async run(at) {
      const { client } = stage(at);
      const before = await at.api.inspect(client, vm);
      equal(at.api.reconcile(before, await at.api.inspect(client, vm)), "cannot tell");
      await client.reimage(vm);
      equal(at.api.reconcile(before, await at.api.inspect(client, vm)), "happened");
    },
  },
  {
    name: "a fleet ends, each VM by one POST, whatever becomes of the others",
    async run(at) {
      const { client, posts } = stage(at, failing({ kind: "status", status: 404, on: "reimage", vmName: "vm-2" }));
      const vms = [1, 2, 3, 4].map((number) => ({ ...vm, vmName: `vm-${number}` }));
      const ended: string[] = [];
      for await (const { vm, outcome } of at.api.reimageFleet(client, vms)) ended.push(`${vm.vmName} ${outcome}`);
      equal(
        ended.sort().map((line) => line.split(" ")[1]),
        ["succeeded", "rejected", "succeeded", "succeeded"],
      );
      equal(posts(), 4);
    },
  },
];
