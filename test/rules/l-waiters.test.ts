// L17 and L18 over real sockets: many who wait for one operation, and what they are told.
import { afterEach, describe, expect, test, vi } from "vitest";
import type { EndedState, OperationState, ReimageEvent } from "../../src/index.js";
import {
  accepted,
  always,
  closeAll,
  delayed,
  expectNoLeftovers,
  failed,
  fakeCredential,
  gate,
  hang,
  json,
  locationDone,
  pause,
  reset,
  running,
  startArm,
  status,
  succeeded,
  unauthorized,
} from "../harness/index.js";
import { begun, caught, clientOf, vm } from "./support-client.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });

describe("L17", () => {
  test("L17: all who ask at the same time share one poll", async () => {
    const door = gate();
    const { arm, operation } = await begun(azure);
    arm.onPoll(delayed(door.opened, succeeded()));
    const iterating = (async () => {
      const states: OperationState[] = [];
      for await (const state of operation) states.push(state);
      return states.at(-1);
    })();
    const all = [operation.poll(), operation.wait(), operation.poll(), operation.wait(), iterating];
    await arm.until(() => arm.polls.length > 0);
    all.push(operation.poll(), operation.wait());
    await pause(10);
    door.open();
    expect(new Set(await Promise.all(all))).toEqual(new Set([operation.state]));
    expect(arm.polls).toHaveLength(1);
    expect(operation.state.polls).toBe(1);
  });

  test("L17: many waiters ask no more often than one, from the first to the last poll", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(...Array.from({ length: 20 }, () => running()), succeeded());
    await Promise.all(Array.from({ length: 9 }, () => operation.wait()));
    expect(arm.polls).toHaveLength(21);
    expect(operation.state.polls).toBe(21);
  });

  test("L17: a poll that one has begun goes on for the others when he leaves", async () => {
    const [door, controller] = [gate(), new AbortController()];
    const { arm, operation } = await begun(azure);
    arm.onPoll(delayed(door.opened, succeeded()));
    const first = caught(operation.poll({ signal: controller.signal }), "AbortError");
    await arm.until(() => arm.polls.length > 0);
    const second = operation.wait();
    controller.abort("gone");
    expect((await first).cause).toBe("gone");
    door.open();
    expect(await second).toMatchObject({ status: "succeeded", polls: 1 });
    expect(arm.polls).toHaveLength(1);
    expect(arm.polls[0]?.socket.closed).toBe(false);
  });

  test("L17: it ends when the last has left, and the next one asks anew", async () => {
    const controllers = [new AbortController(), new AbortController()];
    const { arm, operation } = await begun(azure);
    arm.onPoll(hang(), succeeded());
    const both = controllers.map(({ signal }) => caught(operation.poll({ signal }), "AbortError"));
    await arm.until(() => arm.polls.length > 0);
    controllers[0]?.abort();
    await both[0];
    expect(arm.polls[0]?.socket.closed).toBe(false);
    controllers[1]?.abort();
    await both[1];
    expect(await operation.poll()).toMatchObject({ status: "succeeded", polls: 1 });
    await arm.until(() => arm.polls[0]?.socket.closed === true);
    expect(arm.polls).toHaveLength(2);
  });

  test("L17: one waiter's limit is not the other's", async () => {
    const door = gate();
    const { arm, operation } = await begun(azure);
    arm.onPoll(delayed(door.opened, succeeded()));
    const impatient = caught(operation.wait({ timeoutMs: 40 }), "WaitTimeoutError");
    const patient = operation.wait();
    await impatient;
    expect(arm.polls[0]?.socket.closed).toBe(false);
    door.open();
    expect(await patient).toMatchObject({ status: "succeeded", polls: 1 });
  });

  test("L17: all are told of the same end, and of the same failure to read", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(status(403), failed());
    const refused = await Promise.all([1, 2, 3].map(() => caught(operation.wait(), "OutcomeUnknownError")));
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["status-forbidden"]));
    const ended = await Promise.all([1, 2, 3].map(() => caught(operation.wait(), "OperationFailedError")));
    expect(ended).toHaveLength(3);
    expect(arm.polls).toHaveLength(2);
  });

  test("L17: an iteration that was busy still yields the end that another has seen", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(running(), succeeded());
    const seen: string[] = [];
    for await (const state of operation) {
      seen.push(state.status);
      if (!operation.done) await operation.wait();
    }
    expect(seen).toEqual(["running", "succeeded"]);
  });

  test("L17: two iterations of one operation both see the end", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(running(), running(), running(), succeeded());
    const iterate = async (busyMs: number) => {
      const seen: string[] = [];
      for await (const state of operation) {
        seen.push(state.status);
        await pause(busyMs);
      }
      return seen;
    };
    const [quick, slow] = await Promise.all([iterate(0), iterate(60)]);
    expect(quick).toEqual(["running", "running", "running", "succeeded"]);
    expect(slow.at(-1)).toBe("succeeded");
    expect(arm.polls).toHaveLength(4);
  });

  test("L14: a thousand who wait and leave together let go of a timer each, and of no other's", async () => {
    const { operation } = await begun(accepted({ headers: "azure", signed: false, retryAfter: 60 }));
    const controller = new AbortController();
    const waits = Array.from({ length: 1_000 }, () => operation.wait({ signal: controller.signal }));
    const settled = Promise.allSettled(waits);
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    try {
      controller.abort();
      expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
      expect(cleared.mock.calls.length).toBeLessThan(5_000);
    } finally {
      cleared.mockRestore();
    }
  });

  test("L17: nothing is ever rejected without a handler", async () => {
    const stories = [
      [hang()],
      [reset(), reset(), status(403)],
      [unauthorized(), unauthorized()],
      [status(503), failed()],
      Array.from({ length: 6 }, () => status(404)),
    ];
    for (const answers of stories) {
      const arm = await startArm();
      arm.onPost(azure);
      arm.onPoll(...answers, always(status(410)));
      const controllers = Array.from({ length: 4 }, () => new AbortController());
      const signals = controllers.map(({ signal }) => signal);
      await expectNoLeftovers(
        async () => {
          const operation = await clientOf(arm, { requestTimeoutMs: 300 }).beginReimage(vm);
          const ends = signals.map((signal, n) =>
            n % 2 === 0 ? operation.wait({ signal }) : operation.poll({ signal }),
          );
          const settled = Promise.allSettled([...ends, operation.wait({ timeoutMs: 50 })]);
          await pause(15);
          for (const controller of controllers) {
            controller.abort();
            await pause(1);
          }
          await settled;
          await arm.close();
        },
        { signals, withinMs: 1000 },
      );
    }
  });

  test("L17: not by a credential, a fetch or a callback that fails late or oddly either", async () => {
    const arm = await startArm();
    arm.onPost(azure, azure, azure);
    arm.onPoll(always(running()));
    const odd = () => {
      throw new Error("no observer of mine");
    };
    const oddAsync = async () => odd();
    const late = () => pause(30).then(odd);
    await expectNoLeftovers(async () => {
      for (const callback of [odd, oddAsync, late]) {
        const controller = new AbortController();
        const { signal } = controller;
        const client = clientOf(arm, { onEvent: callback });
        const operation = await client.beginReimage(vm);
        const waiting = operation.wait({ signal, onProgress: callback });
        await pause(15);
        controller.abort();
        await caught(waiting, "AbortError");
        const lost = clientOf(arm, { credential: callback as () => Promise<string>, requestTimeoutMs: 10 });
        await caught(lost.beginReimage(vm), "AuthenticationError");
        const unsent = clientOf(arm, { fetch: callback as () => Promise<Response>, requestTimeoutMs: 20 });
        await caught(unsent.beginReimage(vm), "OutcomeUnknownError");
      }
      await pause(40);
      await arm.close();
    });
  });

  test("L17: an operation is not thenable, so that an async function can return it", async () => {
    const { operation } = await begun(azure);
    expect("then" in operation).toBe(false);
    expect(await (async () => operation)()).toBe(operation);
  });
});

describe("L18", () => {
  const story = [
    json(200, { status: "Updating", percentComplete: 10 }, { "x-ms-ratelimit-remaining-subscription-reads": "249" }),
    status(503),
    json(200, { status: "Restarting", percentComplete: 60.5 }, { "x-ms-ratelimit-remaining-resource": "A;1,B;22" }),
    json(200, { status: "Finishing" }),
    json(200, { status: "Succeeded", startTime: "2025-03-19T00:32:02Z", endTime: "2025-03-19T00:33:18Z" }),
  ];
  const told = [
    { status: "running", serviceStatus: "Updating", percentComplete: 10, polls: 1, readFailures: 0 },
    { status: "running", serviceStatus: "Updating", percentComplete: 10, polls: 2, readFailures: 1 },
    { status: "running", serviceStatus: "Restarting", percentComplete: 60.5, polls: 3, rateLimits: { A: 1, B: 22 } },
    { status: "running", serviceStatus: "Finishing", polls: 4 },
    { status: "succeeded", polls: 5, startTime: "2025-03-19T00:32:02Z", endTime: "2025-03-19T00:33:18Z" },
  ];
  const started = async (changes = {}) => {
    const made = await begun(azure, changes);
    made.arm.onPoll(...story);
    return made;
  };
  const expectTold = (states: readonly OperationState[]) => {
    expect(states).toMatchObject(told);
    expect(states[0]?.rateLimits).toEqual({ "subscription-reads": 249 });
    expect(states[3]).not.toHaveProperty("percentComplete");
    for (const state of states) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  };

  test("L18: progress reaches the iterator", async () => {
    const { operation } = await started();
    const states: OperationState[] = [];
    for await (const state of operation) states.push(state);
    expectTold(states);
  });

  test("L18: progress reaches onProgress of a wait and of a reimage", async () => {
    const { operation } = await started();
    const states: OperationState[] = [];
    const onProgress = (state: OperationState) => {
      states.push(state);
    };
    const last = await operation.wait({ onProgress });
    expectTold(states);
    expect(states.at(-1)).toBe(last);
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(...story);
    states.length = 0;
    await clientOf(arm).reimage(vm, undefined, { onProgress });
    expectTold(states);
  });

  test("L18: progress reaches onEvent, between the requests and responses that brought it", async () => {
    const events: ReimageEvent[] = [];
    const { operation } = await started({ onEvent: (event: ReimageEvent) => events.push(event) });
    await operation.wait();
    expectTold(events.flatMap((event) => (event.type === "state" && event.state.polls > 0 ? [event.state] : [])));
    const polling = events.filter(({ type }) => type === "request" || type === "response").map(({ type }) => type);
    expect(polling).toEqual(Array.from({ length: 6 }, () => ["request", "response"]).flat());
    expect(events.filter(({ type }) => type === "retry")).toMatchObject([{ reason: "read-failure" }]);
  });

  test.each([status(403), status(410), status(302)])("L18: what is given up is not told as a retry", async (answer) => {
    const events: ReimageEvent[] = [];
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(answer);
    const client = clientOf(arm, { onEvent: (event: ReimageEvent) => events.push(event) });
    await caught(client.reimage(vm), "OutcomeUnknownError");
    expect(events.map(({ type }) => type)).not.toContain("retry");
    expect(events.at(-1)).toMatchObject({ type: "state", state: { status: "running", readFailures: 1 } });
  });

  test("L18: wait works without a callback", async () => {
    const { operation } = await started();
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 5 });
  });

  test("L18: every waiter is told", async () => {
    const { operation } = await started();
    const heard: OperationState[][] = [[], [], []];
    const telling = heard.map((states) => ({ onProgress: (state: OperationState) => void states.push(state) }));
    await Promise.all(telling.map((options) => operation.wait(options)));
    for (const states of heard) expectTold(states);
  });

  test("L18: who comes after the end is told the end", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(succeeded());
    await operation.wait();
    const states: OperationState[] = [];
    await operation.wait({ onProgress: (state) => void states.push(state) });
    for await (const state of operation) states.push(state);
    expect(states).toEqual([operation.state, operation.state]);
  });

  test("L18: the states that were told do not change, and cannot be changed", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(...story.slice(0, 3), locationDone(), succeeded());
    const states: OperationState[] = [operation.state];
    for (let n = 0; n < 3; n += 1) states.push(await operation.poll());
    expect(new Set(states).size).toBe(4);
    for (const state of states) {
      expect(Object.isFrozen(state)).toBe(true);
      if (state.rateLimits !== undefined) expect(Object.isFrozen(state.rateLimits)).toBe(true);
    }
    expect(states[1]).toMatchObject(told[0] ?? {});
  });

  test("L18: nor can what the service said of a failure, at any depth", async () => {
    const { arm, operation } = await begun(azure);
    const innererror = { exceptiontype: "Timeout", errordetail: "The agent was silent." };
    arm.onPoll(
      failed({ code: "Outer", message: "It failed.", details: [{ code: "Inner", message: "So." }], innererror }),
    );
    const { error } = (await operation.poll()) as EndedState;
    expect(error).toMatchObject({ details: [{ code: "Inner" }], innererror });
    for (const part of [error, error?.details, error?.details?.[0], error?.innererror])
      expect(part).toSatisfy(Object.isFrozen);
  });

  test("L18: the region and ARM's request id are told where they are known", async () => {
    const arm = await startArm();
    arm.onPost(accepted({ signed: false, more: { "x-ms-request-id": "post-1" } }));
    arm.onPoll(
      running({ more: { "x-ms-request-id": "poll-1" } }),
      reset(),
      succeeded({ more: { "x-ms-request-id": "poll-2" } }),
    );
    const operation = await clientOf(arm, { credential: fakeCredential() }).beginReimage(vm);
    expect(operation.state).toMatchObject({ requestId: "post-1", location: "westeurope" });
    expect(await operation.poll()).toMatchObject({ requestId: "poll-1", location: "westeurope" });
    expect(await operation.poll()).toMatchObject({ requestId: "poll-1" });
    expect(await operation.poll()).toMatchObject({ requestId: "poll-2" });
  });
});
