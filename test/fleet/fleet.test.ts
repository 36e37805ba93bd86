import { getEventListeners } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { type FleetResult, type FleetTotals, reimageFleet } from "../../src/fleet/index.js";
import {
  createReimageClient,
  parseVirtualMachineId,
  type ReimageClient,
  type ReimageOperation,
  type SerializedOperation,
  type VirtualMachine,
} from "../../src/index.js";
import { collect, idOf, idsOf, outcomesOf, subscriptionId, world } from "./fly.js";
import { virtualTime } from "./virtual-time.js";

// Seconds of work on a machine that has time for it, but not on one that is busy.
vi.setConfig({ testTimeout: 30_000 });

const clock = virtualTime();

const answer = (status: number, body: unknown = null, headers: Record<string, string> = {}) =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers });
const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};
const errorOf = (result: FleetResult | undefined) => (result && "error" in result ? result.error : undefined);

describe("outcomes", () => {
  test("what succeeded carries its last state", async () => {
    const { client } = world(1, 1);
    const result = only(await clock.until(collect(reimageFleet(client, [idOf(0)]))));
    expect(result).toMatchObject({ outcome: "succeeded", vm: { vmName: "vm0" }, state: { status: "succeeded" } });
  });

  test.each([
    ["Failed", "failed", "OperationFailedError"],
    ["Canceled", "canceled", "OperationCanceledError"],
  ])("%s is %s, and ends that VM alone", async (word, outcome, name) => {
    const { client } = world(3, 1, { endingOf: (vm) => (vm === "vm1" ? word : "Succeeded") });
    const results = await clock.until(collect(reimageFleet(client, idsOf(3))));
    expect(outcomesOf(results)).toEqual({ succeeded: 2, [outcome]: 1 });
    expect(errorOf(results.find((one) => one.outcome === outcome))).toMatchObject({ name, started: "yes" });
  });

  test.each([
    [409, "rejected", "no"],
    [500, "unknown", "maybe"],
    [302, "unknown", "maybe"],
    [401, "rejected", "no"],
  ])("a POST answered with %i is %s, is not sent again, and ends that VM alone", async (status, outcome, started) => {
    let refused = 0;
    const odd = (method: string, vm: string) => {
      if (method !== "POST" || vm !== "vm1") return undefined;
      refused += 1;
      return answer(status);
    };
    const { client } = world(3, 1, { odd });
    const results = await clock.until(collect(reimageFleet(client, idsOf(3))));
    expect(outcomesOf(results)).toEqual({ succeeded: 2, [outcome]: 1 });
    expect(errorOf(results.find((one) => one.outcome === outcome))).toMatchObject({ started });
    expect(refused).toBe(1);
  });

  test("a POST whose answer is lost is unknown, and not repeated", async () => {
    let sent = 0;
    const { client } = world(1, 1, { odd: () => (++sent > 0 ? "lost" : undefined) });
    expect(only(await clock.until(collect(reimageFleet(client, [idOf(0)]))))).toMatchObject({
      outcome: "unknown",
      error: { started: "maybe" },
    });
    expect(sent).toBe(1);
  });

  test("a status that must not be read is unknown, with what to resume from", async () => {
    const { client } = world(1, 1, { odd: (method) => (method === "GET" ? answer(403) : undefined) });
    const error = errorOf(only(await clock.until(collect(reimageFleet(client, [idOf(0)])))));
    expect(error).toMatchObject({ reason: "status-forbidden", started: "yes" });
    expect(error?.resume).toMatchObject({ vm: { vmName: "vm0" } });
  });

  test("a status that cannot be read for the moment is read again later", async () => {
    const { client, seen } = world(1, 1, {
      odd: (method, _, now) => (method === "GET" && now < 180_000 ? answer(503) : undefined),
    });
    expect(only(await clock.until(collect(reimageFleet(client, [idOf(0)]))))).toMatchObject({ outcome: "succeeded" });
    expect(seen.requests).toBeLessThan(30);
  });

  test("what cannot be read, and what was named before in any case of letters, is invalid, and nothing is sent for it", async () => {
    const { client, seen } = world(1, 1);
    const named = { subscriptionId, resourceGroupName: "RG", vmName: "VM0" };
    const vms = ["nonsense", idOf(0), named, idOf(0), { ...named, vmName: "a/b" }, null, 7] as VirtualMachine[];
    const results = await clock.until(collect(reimageFleet(client, vms)));
    expect(outcomesOf(results)).toEqual({ succeeded: 1, invalid: 6 });
    expect(results.map(({ vm }) => vm.vmName).sort()).toEqual(["", "", "VM0", "a/b", "nonsense", "vm0", "vm0"]);
    expect(seen.posts).toEqual(new Map([["vm0", 1]]));
  });

  test("parameters against the contract are invalid for each VM, at once and without a request", async () => {
    const { client, seen } = world(1, 1);
    const results = await clock.until(collect(reimageFleet(client, idsOf(1000), { exactVersion: 7 as never })));
    expect(outcomesOf(results)).toEqual({ invalid: 1000 });
    expect([seen.requests, clock.now()]).toEqual([0, 0]);
  });

  test("a credential without a token is authentication, and costs no writes", async () => {
    const { fetch, seen } = world(1, 1);
    const tokenless = createReimageClient({ credential: () => Promise.reject(new Error("no")), fetch });
    expect(outcomesOf(await clock.until(collect(reimageFleet(tokenless, idsOf(500)))))).toEqual({
      authentication: 500,
    });
    expect([seen.requests, clock.now()]).toEqual([0, 0]);
  });

  test("an operation that never ends is a timeout after two hours, with what to resume from", async () => {
    const { client } = world(1, 1, { durationOf: () => 1e6 });
    const error = errorOf(only(await clock.until(collect(reimageFleet(client, [idOf(0)])))));
    expect(error).toMatchObject({ name: "WaitTimeoutError", started: "yes", resume: { vm: { vmName: "vm0" } } });
    expect(clock.now()).toBeGreaterThanOrEqual(7_200_000);
    expect(clock.now()).toBeLessThan(7_201_000);
  });

  test.each([
    [3, 5, "succeeded"],
    [3, 2.5, "timeout"],
    [1.5, 1, "timeout"],
  ])("one that takes %d hours, followed for %d, is %s", async (takes, hours, outcome) => {
    const { client } = world(1, 1, { durationOf: () => takes * 3_600 });
    const options = { timeoutMs: hours * 3_600_000 };
    const results = await clock.until(collect(reimageFleet(client, [idOf(0)], undefined, options)));
    expect(only(results)).toMatchObject({ outcome });
    const end = Math.min(takes, hours) * 3_600_000;
    expect(clock.now()).toBeGreaterThanOrEqual(end);
    // One that takes far longer than others is looked at seldom.
    expect(clock.now()).toBeLessThan(end + (outcome === "timeout" ? 1_000 : 900_000));
  });

  test("one that was resumed is followed as long from then on", async () => {
    const { client } = world(1, 1, { durationOf: () => 1e6 });
    const operation = await client.beginReimage(idOf(0));
    await clock.pass(3_600_000);
    const options = { resume: [operation.toJSON()], timeoutMs: 1_800_000 };
    const results = await clock.until(collect(reimageFleet(client, [], undefined, options)));
    expect(only(results)).toMatchObject({ outcome: "timeout" });
    expect(Math.abs(clock.now() - 5_400_000)).toBeLessThan(1_000);
  });

  test("a client that throws what is no error of ours leaves the outcome unknown", async () => {
    const { client } = world(1, 1);
    const odd = { ...client, beginReimage: () => Promise.reject(new TypeError("no")) };
    expect(only(await clock.until(collect(reimageFleet(odd, [idOf(0)]))))).toMatchObject({
      outcome: "unknown",
      error: { started: "maybe" },
    });
  });

  test("a POST answered with 200 is a success at once", async () => {
    const { client } = world(1, 1, { odd: () => answer(200) });
    expect(only(await clock.until(collect(reimageFleet(client, [idOf(0)]))))).toMatchObject({ outcome: "succeeded" });
  });
});

describe("429", () => {
  test("on a POST: all POSTs pause as long as it says, then that VM is sent again under the same correlation id", async () => {
    const posts: { vm: string; at: number }[] = [];
    const odd = (method: string, vm: string, now: number) => {
      if (method !== "POST") return undefined;
      posts.push({ vm, at: now });
      return vm === "vm0" && now < 1000 ? answer(429, null, { "retry-after": "20" }) : undefined;
    };
    const { client, seen } = world(30, 1, { odd, latency: 1 });
    const intents: string[] = [];
    const saved: SerializedOperation[] = [];
    const results = await clock.until(
      collect(
        reimageFleet(client, idsOf(30), undefined, {
          beforeSend: ({ vm, correlationId }) => void intents.push(`${vm.vmName} ${correlationId}`),
          onAccepted: (one) => void saved.push(one),
        }),
      ),
    );
    expect(outcomesOf(results)).toEqual({ succeeded: 30 });
    expect(posts.filter(({ vm }) => vm === "vm0").map(({ at }) => at >= 20_000)).toEqual([false, true]);
    expect(posts.filter(({ at }) => at > 100 && at < 20_000)).toEqual([]);
    expect(intents).toHaveLength(30);
    expect(intents).toContain(`vm0 ${saved.find(({ vm }) => vm.vmName === "vm0")?.correlationId}`);
    expect(Math.max(...seen.posts.values())).toBe(1);
  });

  test("on a POST without a time to wait: the VM is rejected, and not sent again", async () => {
    let sent = 0;
    const { client } = world(1, 1, { odd: () => (++sent > 0 ? answer(429) : undefined) });
    expect(outcomesOf(await clock.until(collect(reimageFleet(client, [idOf(0)]))))).toEqual({ rejected: 1 });
    expect(sent).toBe(1);
  });

  test("a VM whose POST is throttled again and again is sent again twice, then rejected", async () => {
    let sent = 0;
    const { client } = world(1, 1, { odd: () => (++sent > 0 ? answer(429, null, { "retry-after": "1" }) : undefined) });
    expect(only(await clock.until(collect(reimageFleet(client, [idOf(0)]))))).toMatchObject({
      outcome: "rejected",
      error: { status: 429, retryAfterMs: 1000 },
    });
    expect(sent).toBe(3);
  });

  test("a Retry-After of an hour is waited for; one of more rejects its VM at once, and stops no other", async () => {
    for (const [seconds, outcomes, ended] of [
      [3600, { succeeded: 3 }, 3_600_000],
      [3601, { rejected: 1, succeeded: 2 }, 0],
      [999_999_999, { rejected: 1, succeeded: 2 }, 0],
    ] as const) {
      let sent = 0;
      const from = clock.now();
      const odd = () => (++sent === 1 ? answer(429, null, { "retry-after": String(seconds) }) : undefined);
      const results = await clock.until(collect(reimageFleet(world(3, 1, { odd }).client, idsOf(3))));
      expect(outcomesOf(results)).toEqual(outcomes);
      expect(clock.now() - from).toBeGreaterThanOrEqual(ended);
      expect(clock.now() - from).toBeLessThan(ended + 600_000);
      const rejected = results.find(({ outcome }) => outcome === "rejected");
      if (rejected) expect(errorOf(rejected)).toMatchObject({ started: "no", retryAfterMs: seconds * 1000 });
    }
  });

  test("on a status request: all reads pause as long as it says, then go on", async () => {
    let refusedAt = 0;
    const odd = (method: string, _: string, now: number) => {
      if (method !== "GET" || refusedAt > 0) return undefined;
      refusedAt = now;
      return answer(429, null, { "retry-after": "40" });
    };
    const { client, seen } = world(50, 1, { odd, retryAfter: null });
    expect(outcomesOf(await clock.until(collect(reimageFleet(client, idsOf(50)))))).toEqual({ succeeded: 50 });
    expect(refusedAt).toBeGreaterThan(0);
    const early = seen.polls.filter(({ at }) => at > refusedAt && at < refusedAt + 40_000);
    expect(early).toEqual([]);
  });
});

describe("the list of VMs", () => {
  test("is taken from as there is room: never more in hand than maxInFlight", async () => {
    const { client } = world(40, 1);
    let [taken, yielded, most] = [0, 0, 0];
    const source = function* () {
      for (let i = 0; i < 40; i += 1) {
        taken += 1;
        most = Math.max(most, taken - yielded);
        yield idOf(i);
      }
    };
    await clock.until(
      (async () => {
        for await (const _ of reimageFleet(client, source(), undefined, { maxInFlight: 7 })) yielded += 1;
      })(),
    );
    expect([yielded, most]).toEqual([40, 7]);
  });

  test("waits while nobody takes the results", async () => {
    const { client, seen } = world(40, 1);
    const iterator = reimageFleet(client, idsOf(40), undefined, { maxInFlight: 5 })[Symbol.asyncIterator]();
    await clock.until(iterator.next());
    await clock.pass(1_000_000);
    expect(seen.posts.size).toBe(6);
    await iterator.return?.();
  });

  test("with one at a time it goes on after every kind of end", async () => {
    const odd = (method: string, vm: string) => (method === "POST" && vm === "vm1" ? answer(409) : undefined);
    const { client } = world(5, 1, { odd });
    const results = await clock.until(collect(reimageFleet(client, ["?", ...idsOf(5)], undefined, { maxInFlight: 1 })));
    expect(outcomesOf(results)).toEqual({ invalid: 1, succeeded: 4, rejected: 1 });
  });

  test("may be asynchronous, and slow: what it gives is begun at once", async () => {
    const { client, seen, durations } = world(3, 1);
    const source = async function* () {
      for (let i = 0; i < 3; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 300_000));
        yield idOf(i);
      }
    };
    expect(outcomesOf(await clock.until(collect(reimageFleet(client, source()))))).toEqual({ succeeded: 3 });
    const begun = [...seen.ends].map(([name, { at }]) => at - (durations[Number(name.slice(2))] ?? 0) * 1000);
    for (const [i, at] of begun.entries()) expect(Math.abs(at - (i + 1) * 300_000)).toBeLessThan(100);
  });

  test("that throws is told of when all that was in hand has ended", async () => {
    const { client } = world(2, 1);
    const source = function* () {
      yield* idsOf(2);
      throw new RangeError("mine");
    };
    const results: FleetResult[] = [];
    const all = (async () => {
      for await (const result of reimageFleet(client, source())) results.push(result);
    })();
    await expect(clock.until(all)).rejects.toThrow(RangeError);
    expect(outcomesOf(results)).toEqual({ succeeded: 2 });
  });

  test("that is empty ends at once", async () => {
    expect(await clock.until(collect(reimageFleet(world(0, 1).client, [])))).toEqual([]);
  });

  test("is POSTed once, however often the fleet is iterated", async () => {
    const { client, seen } = world(2, 1);
    const fleet = reimageFleet(client, idsOf(2));
    const [one, two] = await clock.until(Promise.all([collect(fleet), collect(fleet)]));
    expect([...one, ...two].map(({ vm }) => vm.vmName).sort()).toEqual(["vm0", "vm1"]);
    expect([...seen.posts.values()]).toEqual([1, 1]);
  });
});

describe("callbacks", () => {
  test("beforeSend is awaited before each POST; one that rejects keeps that POST from being sent", async () => {
    const { client, seen } = world(4, 1);
    const written = new Set<string>();
    const beforeSend = async ({ vm }: { vm: { vmName: string } }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (vm.vmName === "vm2") throw new Error("disk full");
      written.add(vm.vmName);
      expect(seen.posts.has(vm.vmName)).toBe(false);
    };
    const results = await clock.until(collect(reimageFleet(client, idsOf(4), undefined, { beforeSend })));
    expect(outcomesOf(results)).toEqual({ succeeded: 3, "not-sent": 1 });
    expect([...seen.posts.keys()].sort()).toEqual([...written].sort());
  });

  test("onAccepted is awaited before the first status request; one that rejects is unknown, with what to resume from", async () => {
    const { client, seen } = world(2, 1);
    const results = await clock.until(
      collect(
        reimageFleet(client, idsOf(2), undefined, {
          onAccepted: async ({ vm }) => {
            await new Promise((resolve) => setTimeout(resolve, 120_000));
            expect(seen.polls.filter((poll) => poll.vm === vm.vmName)).toEqual([]);
            if (vm.vmName === "vm1") throw new Error("disk full");
          },
        }),
      ),
    );
    expect(outcomesOf(results)).toEqual({ succeeded: 1, unknown: 1 });
    expect(errorOf(results.find(({ outcome }) => outcome === "unknown"))?.resume).toBeDefined();
  });

  test("onProgress tells totals that add up, and what it throws is its own affair", async () => {
    const { client } = world(20, 1, { endingOf: (vm) => (vm === "vm3" ? "Failed" : "Succeeded") });
    const told: FleetTotals[] = [];
    const onProgress = (totals: FleetTotals) => {
      told.push(totals);
      throw new Error("mine");
    };
    await clock.until(collect(reimageFleet(client, idsOf(20), undefined, { onProgress })));
    expect(told.at(-1)).toEqual({
      waiting: 0,
      running: 0,
      ended: 20,
      throttled: 0,
      outcomes: { succeeded: 19, failed: 1 },
    });
    expect(told.some(({ running }) => running === 20)).toBe(true);
    for (const { waiting, running, ended } of told) expect(waiting + running + ended).toBeLessThanOrEqual(20);
  });
});

describe("resume", () => {
  const begin = async (count: number) => {
    const made = world(count, 1);
    const saved: SerializedOperation[] = [];
    for (const id of idsOf(count)) saved.push((await made.client.beginReimage(id)).toJSON());
    return { ...made, saved };
  };

  test("follows saved operations beside new ones, and POSTs none of their VMs, though they are named again", async () => {
    const { client, seen, saved } = await begin(3);
    const vms = [idOf(1).toUpperCase(), idOf(5)];
    const results = await clock.until(collect(reimageFleet(client, vms, undefined, { resume: saved })));
    expect(outcomesOf(results)).toEqual({ succeeded: 4, invalid: 1 });
    expect([...seen.posts.values()]).toEqual([1, 1, 1, 1]);
  });

  test("looks at once, since it may have ended long ago", async () => {
    const { client, saved } = await begin(100);
    await clock.pass(600_000);
    await clock.until(collect(reimageFleet(client, [], undefined, { resume: saved })));
    expect(clock.now()).toBeLessThan(601_000);
  });

  test("takes no garbage, and goes on without it", async () => {
    const { client, saved } = await begin(1);
    const evil = { ...saved[0], statusUrl: "https://evil.example/1" } as SerializedOperation;
    const garbage = [{ version: 1 }, null, evil] as unknown as SerializedOperation[];
    const results = await clock.until(collect(reimageFleet(client, [], undefined, { resume: [...garbage, ...saved] })));
    expect(outcomesOf(results)).toEqual({ invalid: 2, unknown: 1, succeeded: 1 });
  });
});

describe("what throws when it is looked at", () => {
  const throwing = (name: string, of = {}) =>
    Object.defineProperty({ ...of }, name, {
      get() {
        throw new Error("boom");
      },
    });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const good = { vm: parseVirtualMachineId(idOf(1)), correlationId: "c-1", status: "running" };

  test.each([
    ["a VM", { vms: [throwing("subscriptionId")] }, "invalid", "no"],
    ["a VM that is gone", { vms: [revoked] }, "invalid", "no"],
    ["a saved operation", { resume: [throwing("version", good)] }, "invalid", "no"],
  ])("%s ends alone", async (_, { vms = [], resume = [] }: { vms?: object[]; resume?: object[] }, outcome, started) => {
    const { client } = world(1, 1);
    const all = [...vms, idOf(0)] as VirtualMachine[];
    const options = { resume: resume as SerializedOperation[] };
    const results = await clock.until(collect(reimageFleet(client, all, undefined, options)));
    expect(outcomesOf(results)).toEqual({ [outcome]: 1, succeeded: 1 });
    expect(errorOf(results.find((one) => one.outcome === outcome))).toMatchObject({ started });
  });
});

describe("abort", () => {
  test("yields what is in hand as aborted, with resume states for what was accepted, and ends at once", async () => {
    const { client, seen } = world(300, 1, { latency: 10 });
    const controller = new AbortController();
    const accepted: string[] = [];
    const all = collect(
      reimageFleet(client, idsOf(300), undefined, {
        signal: controller.signal,
        onAccepted: ({ vm }) => void accepted.push(vm.vmName),
      }),
    );
    await clock.pass(75_000);
    controller.abort(new Error("enough"));
    const results = await clock.until(all);
    expect(clock.now()).toBeLessThan(75_100);
    const aborted = results.filter(({ outcome }) => outcome === "aborted").map((one) => errorOf(one));
    expect(aborted.length).toBeGreaterThan(100);
    for (const error of aborted) expect(error).toMatchObject({ name: "AbortError", cause: { message: "enough" } });
    const ended = results.filter(({ outcome }) => outcome === "succeeded").map(({ vm }) => vm.vmName);
    const resumable = aborted.flatMap((error) => error?.resume?.vm.vmName ?? []);
    expect([...ended, ...resumable].sort()).toEqual(accepted.sort());
    const before = seen.requests;
    await clock.pass(600_000);
    expect(seen.requests).toBe(before);
  });

  test("while POSTs are under way leaves them maybe, and those that wait untouched", async () => {
    const { client, seen } = world(150, 1, { latency: 1000 });
    const controller = new AbortController();
    const all = collect(reimageFleet(client, idsOf(150), undefined, { signal: controller.signal }));
    await clock.pass(5);
    controller.abort();
    const started = (await clock.until(all)).map((one) => errorOf(one)?.started);
    expect(new Set(started)).toEqual(new Set(["maybe", "no"]));
    await clock.pass(10_000);
    expect(seen.posts.size).toBeLessThanOrEqual(started.filter((one) => one === "maybe").length);
  });

  test("before it begins sends nothing, takes no VM, and gives the saved operations back", async () => {
    const { client, seen } = world(2, 1);
    const saved = (await client.beginReimage(idOf(0))).toJSON();
    let taken = 0;
    const source = {
      [Symbol.iterator]: () => ({ next: () => ({ done: false, value: idOf(++taken) }) as const }),
    };
    const signal = AbortSignal.abort();
    const result = only(
      await clock.until(collect(reimageFleet(client, source, undefined, { signal, resume: [saved] }))),
    );
    expect(result).toMatchObject({ outcome: "aborted", error: { resume: saved } });
    expect([taken, seen.requests]).toEqual([0, 1]);
  });

  test("does not wait for a list that is slow, and closes it", async () => {
    const { client } = world(1, 1);
    const controller = new AbortController();
    let closed = false;
    const source: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          closed = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const all = collect(reimageFleet(client, source, undefined, { signal: controller.signal }));
    await clock.pass(1000);
    controller.abort();
    expect(await clock.until(all)).toEqual([]);
    expect(closed).toBe(true);
  });

  test("ends as well where what is to be resumed throws, and tells what came before", async () => {
    const { client } = world(2, 1, { durationOf: () => 1e6 });
    const states = [(await client.beginReimage(idOf(0))).toJSON(), (await client.beginReimage(idOf(1))).toJSON()];
    const resume = (function* () {
      yield* states;
      throw new Error("the file ended");
    })();
    const controller = new AbortController();
    const results: FleetResult[] = [];
    const all = (async () => {
      const options = { resume, maxInFlight: 1, signal: controller.signal };
      for await (const result of reimageFleet(client, [], undefined, options)) results.push(result);
    })();
    await clock.pass(1000);
    controller.abort();
    await expect(clock.until(all)).rejects.toThrow("the file ended");
    expect(results.map((one) => errorOf(one)?.resume)).toEqual(states);
  });

  test("while a POST is throttled ends it as aborted, untouched", async () => {
    const { client } = world(1, 1, { odd: () => answer(429, null, { "retry-after": "60" }) });
    const controller = new AbortController();
    const all = collect(reimageFleet(client, [idOf(0)], undefined, { signal: controller.signal }));
    await clock.pass(1000);
    controller.abort();
    expect(only(await clock.until(all))).toMatchObject({ outcome: "aborted", error: { started: "no" } });
  });

  test("in the middle of beforeSend sends nothing", async () => {
    const { client, seen } = world(1, 1);
    const controller = new AbortController();
    const beforeSend = () => new Promise<void>((resolve) => setTimeout(resolve, 10));
    const all = collect(reimageFleet(client, [idOf(0)], undefined, { signal: controller.signal, beforeSend }));
    await clock.pass(5);
    controller.abort();
    expect(only(await clock.until(all))).toMatchObject({ outcome: "aborted", error: { started: "no" } });
    expect(seen.requests).toBe(0);
    await clock.pass(10);
  });

  test("leaves no listener on the signal, however the fleet ends", async () => {
    const { client } = world(2, 1);
    const { signal } = new AbortController();
    await clock.until(collect(reimageFleet(client, idsOf(2), undefined, { signal })));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    const iterator = reimageFleet(client, [idOf(7)], undefined, { signal })[Symbol.asyncIterator]();
    iterator.next();
    await clock.pass(30_000);
    expect(getEventListeners(signal, "abort").length).toBeGreaterThan(0);
    await iterator.return?.();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("abort, beside a client that hears of it late", () => {
  const late = (client: ReimageClient): ReimageClient => ({
    ...client,
    async beginReimage(vm, parameters, { signal: _, ...options } = {}) {
      const operation = await client.beginReimage(vm, parameters, options);
      // Deaf to a signal that aborts while it works, not to one that has.
      const poll: ReimageOperation["poll"] = (how) => operation.poll(how?.signal?.aborted ? how : {});
      return Object.defineProperty(Object.create(operation), "poll", { value: poll }) as ReimageOperation;
    },
  });
  const abortAfter = async (ms: number, client: ReimageClient, vms: Parameters<typeof reimageFleet>[1]) => {
    const controller = new AbortController();
    const all = collect(reimageFleet(late(client), vms, undefined, { signal: controller.signal }));
    await clock.pass(ms);
    controller.abort();
    return clock.until(all);
  };

  test("a POST that was accepted after it is aborted, with what to resume from", async () => {
    const { client } = world(1, 1, { latency: 1000 });
    expect(only(await abortAfter(5, client, [idOf(0)]))).toMatchObject({
      outcome: "aborted",
      error: { started: "yes" },
    });
  });

  test("a POST that was throttled after it is not sent again", async () => {
    let sent = 0;
    const odd = () => (++sent > 0 ? answer(429, null, { "retry-after": "5" }) : undefined);
    const { client } = world(1, 1, { odd, latency: 1000 });
    expect(only(await abortAfter(5, client, [idOf(0)]))).toMatchObject({
      outcome: "rejected",
      error: { started: "no" },
    });
    expect(sent).toBe(1);
  });

  test("an operation that was seen running after it is aborted, with what to resume from", async () => {
    const { client, seen } = world(1, 1, { latency: 1000, retryAfter: null, durationOf: () => 1e6 });
    const controller = new AbortController();
    const all = collect(reimageFleet(late(client), [idOf(0)], undefined, { signal: controller.signal }));
    while (seen.polls.length === 0) await clock.pass(1);
    controller.abort();
    expect(errorOf(only(await clock.until(all)))?.resume).toBeDefined();
  });

  test("a VM that the list gives after it is left alone", async () => {
    const { client, seen } = world(2, 1, { latency: 1000 });
    const source = async function* () {
      yield idOf(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield idOf(1);
    };
    expect(only(await abortAfter(10, client, source())).vm.vmName).toBe("vm0");
    expect([...seen.posts.keys()]).toEqual(["vm0"]);
  });
});

describe("leaving the loop", () => {
  test("stops all but the POSTs under way, whose resume states are told", async () => {
    const { client, seen } = world(150, 1, { latency: 1000 });
    const accepted: string[] = [];
    const source = async function* () {
      yield* idsOf(80);
      await new Promise((resolve) => setTimeout(resolve, 800));
      yield "nonsense";
    };
    const fleet = reimageFleet(client, source(), undefined, {
      onAccepted: ({ vm }) => void accepted.push(vm.vmName),
    });
    await clock.until(
      (async () => {
        for await (const _ of fleet) break;
      })(),
    );
    expect(seen.posts.size).toBeGreaterThan(0);
    expect(accepted.sort()).toEqual([...seen.posts.keys()].sort());
    const before = seen.requests;
    await clock.pass(600_000);
    expect(seen.requests).toBe(before);
  });

  test("while operations are followed leaves nothing behind, and more results are not to be had", async () => {
    const { client, seen } = world(20, 1, { latency: 10 });
    const iterator = reimageFleet(client, idsOf(20))[Symbol.asyncIterator]();
    await clock.until(iterator.next());
    const pending = iterator.next();
    await clock.until(Promise.resolve(iterator.return?.()));
    expect(await clock.until(pending)).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    const before = seen.requests;
    await clock.pass(600_000);
    expect(seen.requests).toBe(before);
  });

  test("before it began sends nothing", async () => {
    const { client, seen } = world(1, 1);
    const iterator = reimageFleet(client, [idOf(0)])[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(seen.requests).toBe(0);
  });
});

test.each([
  [{ maxInFlight: 0 }, "maxInFlight"],
  [{ maxInFlight: 1.5 }, "maxInFlight"],
  [{ timeoutMs: 0 }, "timeoutMs"],
  [{ timeoutMs: Number.POSITIVE_INFINITY }, "timeoutMs"],
  [{ timeoutMs: "5h" }, "timeoutMs"],
  [{ signal: {} }, "signal"],
  [{ resume: 7 }, "resume"],
  [{ limits: { armReads: { capacity: 0, refillPerSecond: 1 } } }, "limits.armReads"],
  [{ limits: { armWrites: { capacity: 1, refillPerSecond: 0 } } }, "limits.armWrites"],
  [{ limits: { armWrites: { capacity: "200", refillPerSecond: "10" } } }, "limits.armWrites"],
  [{ limits: 5 }, "limits"],
  [{ limits: null }, "limits"],
  [{ limits: [] }, "limits"],
  [{ limits: { armReads: null } }, "limits.armReads"],
  [{ onProgress: 5 }, "onProgress"],
  [{ beforeSend: {} }, "beforeSend"],
  [{ onAccepted: null }, "onAccepted"],
])("options that break a rule are refused at once: %j", (options, path) => {
  expect(() => reimageFleet(world(0, 1).client, [], undefined, options as never)).toThrow(
    expect.objectContaining({ name: "InvalidInputError", issues: [expect.objectContaining({ path })] }),
  );
});

test("one VM is no list of VMs", () => {
  expect(() => reimageFleet(world(0, 1).client, idOf(0))).toThrow(/vms: must be an iterable/);
});

test("other limits are kept to: one POST a second", async () => {
  const { client, seen, durations } = world(5, 1);
  const limits = { armWrites: { capacity: 1, refillPerSecond: 1 } };
  await clock.until(collect(reimageFleet(client, idsOf(5), undefined, { limits })));
  const begun = [...seen.ends].map(([name, { at }]) => at - (durations[Number(name.slice(2))] ?? 0) * 1000);
  for (const [i, at] of begun.entries()) expect(at).toBeGreaterThanOrEqual(i * 1000 - 1);
});
