// L8, L13 and L19 by fake clocks and a service in process: when the status is asked, to the millisecond, over hours.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OperationState } from "../../src/index.js";
import { caught, vm } from "./support-client.js";
import {
  accept,
  accepted,
  day,
  done,
  elapsed,
  fakeClock,
  hour,
  minute,
  pass,
  realClock,
  running,
  says,
  second,
  service,
  settled,
  start,
} from "./support-clock.js";
import { garbageRetryAfters } from "./support-core.js";

beforeEach(fakeClock);
afterEach(realClock);

const retryAfter = (value: string | number) => ({ "retry-after": String(value) });
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
const imf = (ms: number) => new Date(ms).toUTCString();

describe("L8", () => {
  test("L8: the Retry-After of the 202 governs the first wait", async () => {
    const { operation, polls } = await accepted([accept(retryAfter(30)), done()]);
    const waiting = operation.wait();
    await pass(30 * second - 1);
    expect(polls).toEqual([]);
    await pass(1);
    expect(polls).toEqual([30 * second]);
    await waiting;
  });

  test("L8: each binds the next wait only", async () => {
    const answers = [accept(retryAfter(30)), running(), running(retryAfter(45)), running(), done()];
    const { operation, polls } = await accepted(answers, { pollIntervalMs: 7 * second });
    await settled(operation.wait());
    expect(polls).toEqual([30, 37, 82, 89].map((s) => s * second));
  });

  test("L8: without any the poll interval holds, 10 s by default", async () => {
    const { operation, polls } = await accepted([accept(), running(), running(), done()]);
    await settled(operation.wait());
    expect(polls).toEqual([10 * second, 20 * second, 30 * second]);
  });

  test.each([
    ["1", second],
    ["007", 7 * second],
    ["599", 599 * second],
    ["600", 10 * minute],
    ["601", 10 * minute],
    ["999999999", 10 * minute],
    ["9".repeat(400), 10 * minute],
  ])("L8: Retry-After: %s waits %i ms, after the 202 and after a poll", async (value, wait) => {
    const { operation, polls } = await accepted([accept(retryAfter(value)), running(retryAfter(value)), done()]);
    await settled(operation.wait());
    expect(polls).toEqual([wait, 2 * wait]);
  });

  test.each(garbageRetryAfters)("L8: Retry-After: %s is ignored", async (value) => {
    const { operation, polls } = await accepted([accept(retryAfter(value)), running(retryAfter(value)), done()]);
    await settled(operation.wait());
    expect(polls).toEqual([10 * second, 20 * second]);
  });

  test.each([
    ["with a Date that is right", 0],
    ["with a Date that is hours behind ours", -5 * hour],
    ["with a Date that is hours ahead of ours", 5 * hour],
  ])("L8: an IMF-fixdate %s counts against it", async (_, skew) => {
    const headers = (ms: number) => ({ date: imf(start + skew), "retry-after": imf(start + skew + ms) });
    const answers = [accept(headers(90 * second)), running(headers(20 * second)), running(headers(hour)), done()];
    const { operation, polls } = await accepted(answers);
    await settled(operation.wait());
    expect(polls).toEqual([90 * second, 110 * second, 110 * second + 10 * minute]);
  });

  test("L8: a date that is past, or the same second, by the reply's own Date is ignored", async () => {
    const headers = (ms: number) => ({ date: imf(start + hour), "retry-after": imf(start + hour + ms) });
    const answers = [accept(headers(-second)), running(headers(0)), running(headers(-hour)), done()];
    const { operation, polls } = await accepted(answers);
    await settled(operation.wait());
    expect(polls).toEqual([10 * second, 20 * second, 30 * second]);
  });

  test.each([429, 408, 503, 404])("L8: it governs the wait after a failed read with %i too", async (status) => {
    const { operation, polls } = await accepted([accept(), says(status, retryAfter(20)), says(status), done()]);
    await settled(operation.wait());
    const [first = 0, next = 0, last = 0] = polls;
    expect(next - first).toBe(20 * second);
    expect(last - next).toBeLessThanOrEqual(2 * second);
  });

  test.each([408, 500, 503, 404])("L8: after %i it is believed for ten minutes", async (status) => {
    const { operation, polls } = await accepted([accept(), says(status, retryAfter(86_400)), done()]);
    await settled(operation.wait());
    expect(polls).toEqual([10 * second, 10 * second + 10 * minute]);
  });

  test.each([
    ["601", 601 * second],
    ["7199", 7199 * second],
    [imf(start + 10 * second + 90 * minute), 90 * minute],
  ])("L8: with a 429 a Retry-After of %s is never shortened", async (value, wait) => {
    const throttled = says(429, { ...retryAfter(value), date: imf(start + 10 * second) });
    const { operation, polls } = await accepted([accept(), throttled, done()], { timeoutMs: 3 * hour });
    await settled(operation.wait());
    expect(polls).toEqual([10 * second, 10 * second + wait]);
  });

  test("L8: a 429 of 30 days is waited for, though no timer holds it", async () => {
    const { operation, polls } = await accepted([accept(), says(429, retryAfter(30 * 86_400)), done()]);
    const waiting = operation.wait({ timeoutMs: 40 * day });
    await settled(waiting);
    expect(polls).toEqual([10 * second, 10 * second + 30 * day]);
    expect(await waiting).toMatchObject({ status: "succeeded" });
  });

  test("L8: a POST throttled for 30 days is not sent early either", async () => {
    const { client, posts } = service([says(429, retryAfter(30 * 86_400)), accept()]);
    await settled(client.beginReimage(vm, undefined, { timeoutMs: 40 * day }));
    expect(posts).toEqual([0, 30 * day]);
  });

  test("L8: a poll interval that no timer holds is waited for", async () => {
    const { operation, polls } = await accepted([accept(), done()], { pollIntervalMs: 30 * day });
    await settled(operation.wait({ timeoutMs: 40 * day }));
    expect(polls).toEqual([30 * day]);
  });

  test.each([
    ["the Retry-After of the 202", [accept(retryAfter(300))], []],
    ["that of a poll", [accept(retryAfter(5)), running(retryAfter(300))], [5 * second]],
    ["that of a 429", [accept(retryAfter(5)), says(429, retryAfter(999_999_999))], [5 * second]],
    ["that of a 503", [accept(retryAfter(5)), says(503, retryAfter(300))], [5 * second]],
  ])("L8: %s beyond the limit is slept to the limit, without an early poll", async (_, answers, asked) => {
    const { operation, polls } = await accepted(answers);
    const waiting = caught(operation.wait({ timeoutMs: minute }), "WaitTimeoutError");
    expect(await settled(waiting)).toBe(minute);
    expect(await waiting).toMatchObject({ started: "yes", resume: operation.toJSON() });
    expect(polls).toEqual(asked);
  });

  test("L8: what was asked for still holds for the next wait", async () => {
    const { operation, polls } = await accepted([accept(retryAfter(300)), done()]);
    await settled(caught(operation.wait({ timeoutMs: minute }), "WaitTimeoutError"));
    await settled(operation.wait());
    expect(polls).toEqual([300 * second]);
  });
});

describe("L11", () => {
  test("L11: ten minutes of failures are asked a few dozen times", async () => {
    const { operation, polls } = await accepted([accept(), says(503)]);
    await settled(caught(operation.wait({ timeoutMs: 10 * minute }), "WaitTimeoutError"));
    const pauses = polls.slice(1).map((at, n) => at - (polls[n] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(0);
    for (const [n, pause] of pauses.entries())
      expect(pause).toBeLessThanOrEqual(Math.min(second * 2 ** n, 30 * second));
    expect(polls.length).toBeGreaterThan(20);
    expect(polls.length).toBeLessThan(60);
  });

  test("L11: two clients do not back off in step", async () => {
    const one = await accepted([accept(), says(503)]);
    const other = await accepted([accept(), says(503)]);
    const both = [one, other].map(({ operation }) => caught(operation.wait({ timeoutMs: minute }), "WaitTimeoutError"));
    await settled(Promise.all(both));
    expect(one.polls.slice(1)).not.toEqual(other.polls.slice(1));
  });

  test("L11: a request that never ends is given up after its time limit, and asked again", async () => {
    const never = vi.fn((): Response => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
    const { operation, polls } = await accepted([accept(), never, done()], { requestTimeoutMs: 20 * second });
    await settled(operation.wait());
    expect(polls[0]).toBe(10 * second);
    expect(polls[1]).toBeGreaterThan(30 * second);
    expect(polls[1]).toBeLessThanOrEqual(31 * second);
  });
});

describe("L13", () => {
  test("L13: wait sleeps until the nextPollAt that a poll has set", async () => {
    const { operation, polls } = await accepted([accept(), running(retryAfter(120)), done()]);
    await pass(3 * second);
    await operation.poll();
    expect(operation.state).toMatchObject({ nextPollAt: start + 123 * second });
    await pass(20 * second);
    await settled(operation.wait());
    expect(polls).toEqual([3 * second, 123 * second]);
  });

  test("L13: iteration does too", async () => {
    const { operation, polls } = await accepted([accept(retryAfter(40)), running(retryAfter(120)), done()]);
    const states: OperationState[] = [];
    const iterating = (async () => {
      for await (const state of operation) states.push(state);
    })();
    await settled(iterating);
    expect(polls).toEqual([40 * second, 160 * second]);
    expect(states.map(({ status }) => status)).toEqual(["running", "succeeded"]);
  });

  test("L13: when it is due already, the next poll comes at once", async () => {
    const { operation, polls } = await accepted([accept(retryAfter(40)), done()]);
    await pass(5 * minute);
    await settled(operation.wait());
    expect(polls).toEqual([5 * minute]);
  });

  test("L13: who sleeps is woken by what a poll by hand brought: a new due time, or the end", async () => {
    const { operation, polls } = await accepted([accept(retryAfter(500)), running(retryAfter(20)), running(), done()]);
    const { signal } = new AbortController();
    const told: OperationState[][] = [[], [], []];
    const waits = told.map((mine, i) =>
      operation.wait({ onProgress: (state) => void mine.push(state), ...(i === 1 && { signal }) }),
    );
    const iterated = (async () => {
      for await (const state of operation) if (state.status !== "running") return elapsed();
      return undefined;
    })();
    await pass(5 * second);
    const first = await operation.poll();
    expect(first).toMatchObject({ retryAfterMs: 20 * second });
    await pass(20 * second - 1);
    expect(polls).toEqual([5 * second]);
    await pass(1);
    expect(polls).toEqual([5 * second, 25 * second]);
    const last = await operation.poll();
    expect(await settled(Promise.all([...waits, iterated]))).toBe(25 * second);
    for (const mine of told) expect(mine.map(({ polls: count }) => count)).toEqual([1, 2, 3]);
    expect(last.status).toBe("succeeded");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("L13: of waits that ended before the next poll nothing is left, however many they were, and who waits on is woken", async () => {
    const { operation } = await accepted([accept(retryAfter(600)), done()]);
    const patient = operation.wait();
    for (let round = 0; round < 40_000; round++) {
      const hasty = caught(operation.wait({ timeoutMs: 10 }), "WaitTimeoutError");
      await pass(10);
      await hasty;
    }
    const from = elapsed();
    await operation.poll();
    expect((await settled(patient)) - from).toBe(0);
  });

  test("L13: a wait polls what became due within its time by a poll by hand", async () => {
    const { operation } = await accepted([accept(retryAfter(500)), running(retryAfter(20)), done()]);
    const waiting = operation.wait({ timeoutMs: minute });
    await pass(second);
    await operation.poll();
    expect(await settled(waiting)).toBe(21 * second);
  });

  test("L13: the state says when the next poll is due, also after onAccepted took its time", async () => {
    const { client, polls } = service([accept(retryAfter(40)), done()]);
    const onAccepted = () => new Promise<void>((resolve) => setTimeout(resolve, 15 * second));
    const beginning = client.beginReimage(vm, undefined, { onAccepted });
    await settled(beginning);
    const operation = await beginning;
    if (operation.state.status !== "running") throw new Error("it ended");
    const { nextPollAt } = operation.state;
    await settled(operation.wait());
    expect(polls).toEqual([nextPollAt - start]);
  });
});

describe("L19", () => {
  test("L19: the time limit of wait counts from its call", async () => {
    const { operation } = await accepted([accept(), running()]);
    await pass(hour);
    expect(await settled(caught(operation.wait({ timeoutMs: minute }), "WaitTimeoutError"))).toBe(hour + minute);
    await pass(hour);
    expect(await settled(caught(operation.wait(), "WaitTimeoutError"))).toBe(4 * hour + minute);
  });

  test("L19: that of reimage counts from its call, throttling included", async () => {
    const { client, posts, polls } = service([says(429, retryAfter(40)), accept(), running()]);
    const waiting = caught(client.reimage(vm, undefined, { timeoutMs: minute }), "WaitTimeoutError");
    expect(await settled(waiting)).toBe(minute);
    expect(posts).toEqual([0, 40 * second]);
    expect(polls).toEqual([50 * second]);
  });

  test("L19: that of reimage counts on while onAccepted and beforeSend take their time", async () => {
    const { client } = service([accept(), running()]);
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 20 * second));
    const options = { timeoutMs: minute, beforeSend: slow, onAccepted: slow };
    expect(await settled(caught(client.reimage(vm, undefined, options), "WaitTimeoutError"))).toBe(minute);
  });

  const never = () => new Promise<void>(() => {});
  test.each(["reimage", "beginReimage"] as const)(
    "L19: that of %s bounds beforeSend too: beyond it nothing is sent",
    async (call) => {
      for (const beforeSend of [never, () => pause(2 * minute)]) {
        const { client, posts } = service([accept(), done()]);
        const ended = caught(client[call](vm, undefined, { timeoutMs: minute, beforeSend }), "NotSentError");
        const from = elapsed();
        expect((await settled(ended)) - from).toBe(minute);
        expect(await ended).toMatchObject({ started: "no", vm });
        await pass(hour);
        expect(posts).toEqual([]);
      }
    },
  );

  test("L19: beforeSend has the time that it takes, up to that of the call; what it took is not the POST's", async () => {
    const { client, posts } = service([accept(), done()], { requestTimeoutMs: second });
    await settled(client.beginReimage(vm, undefined, { beforeSend: () => pause(4 * minute) }));
    expect(posts).toEqual([4 * minute]);
  });

  test("L19: that of reimage bounds onAccepted too, with the resume state in the error, and nothing is asked beyond it", async () => {
    for (const onAccepted of [never, () => pause(2 * minute)]) {
      const { client, polls } = service([accept(), done()]);
      const from = elapsed();
      const ended = caught(client.reimage(vm, undefined, { timeoutMs: minute, onAccepted }), "WaitTimeoutError");
      expect((await settled(ended)) - from).toBe(minute);
      expect((await ended).resume?.statusUrl).toContain("/operations/1");
      await pass(hour);
      expect(polls).toEqual([]);
    }
  });

  test("L19: onAccepted of beginReimage has the time that it takes", async () => {
    const { client } = service([accept(), done()]);
    expect(await settled(client.beginReimage(vm, undefined, { onAccepted: () => pause(hour) }))).toBe(hour);
  });

  test("L19: a reimage that is given hours has them for the POST too; five minutes where nothing is given", async () => {
    const answers = [says(429, retryAfter(400)), accept(), done()];
    const patient = service(answers);
    await settled(patient.client.reimage(vm, undefined, { timeoutMs: hour }));
    expect(patient.posts).toEqual([0, 400 * second]);
    const hasty = service(answers);
    await settled(caught(hasty.client.reimage(vm), "RequestRejectedError"));
    expect(hasty.posts).toHaveLength(1);
  });

  test("L19: the client's limit bounds the POST of a reimage too", async () => {
    const { client, posts } = service([says(429, retryAfter(120)), accept(), done()], { timeoutMs: minute });
    expect(await settled(caught(client.reimage(vm), "RequestRejectedError"))).toBe(0);
    expect(posts).toEqual([0]);
  });

  test("L19: that of an iteration counts from its start", async () => {
    const { operation } = await accepted([accept(), running()], { timeoutMs: minute });
    await pass(hour);
    const iterating = (async () => {
      for await (const _ of operation);
    })();
    expect(await settled(caught(iterating, "WaitTimeoutError"))).toBe(hour + minute);
  });

  test("L19: the client's limit is two hours unless given", async () => {
    const { client } = service([accept(), running()]);
    expect(await settled(caught(client.reimage(vm), "WaitTimeoutError"))).toBe(2 * hour);
  });

  test.each([5 * hour, -5 * hour, 400 * day, -400 * day])(
    "L19: a wall clock that jumps by %i ms makes no poll early or late, and no limit shorter or longer",
    async (jump) => {
      const { operation, polls } = await accepted([
        accept(retryAfter(60)),
        running(),
        running(retryAfter(30)),
        running(),
      ]);
      const waiting = caught(operation.wait({ timeoutMs: 3 * minute }), "WaitTimeoutError");
      await pass(20 * second);
      vi.setSystemTime(Date.now() + jump);
      await pass(45 * second);
      vi.setSystemTime(Date.now() + jump);
      expect(await settled(waiting)).toBe(3 * minute);
      expect(polls.slice(0, 4)).toEqual([60, 70, 100, 110].map((s) => s * second));
    },
  );

  test("L19: nextPollAt is told by the wall clock, after a jump too", async () => {
    const { operation } = await accepted([accept(retryAfter(60)), running(retryAfter(30))]);
    expect(operation.state).toMatchObject({ nextPollAt: start + minute });
    vi.setSystemTime(start + 7 * hour);
    expect(await operation.poll()).toMatchObject({ nextPollAt: start + 7 * hour + 30 * second });
  });

  test("L19: an IMF-fixdate without a Date beside it is read by the wall clock", async () => {
    const { operation, polls } = await accepted([
      accept(),
      running(retryAfter(imf(start + 7 * hour + 2 * minute))),
      done(),
    ]);
    const waiting = operation.wait();
    vi.setSystemTime(start + 7 * hour);
    await settled(waiting);
    expect(polls).toEqual([10 * second, 2 * minute]);
  });

  test("L19: a token ends by the wall clock", async () => {
    const getToken = vi.fn(async () => ({ token: "t", expiresOnTimestamp: Date.now() + hour }));
    const { operation } = await accepted([accept(), running()], { credential: { getToken } });
    await operation.poll();
    expect(getToken).toHaveBeenCalledTimes(1);
    vi.setSystemTime(start + 57 * minute);
    await operation.poll();
    expect(getToken).toHaveBeenCalledTimes(1);
    vi.setSystemTime(start + 58 * minute);
    await operation.poll();
    expect(getToken).toHaveBeenCalledTimes(2);
  });

  test("L19: a jump of the wall clock does not use up the time of the POST", async () => {
    const { client, posts } = service([says(429, retryAfter(100)), says(429, retryAfter(100)), accept()]);
    const beginning = client.beginReimage(vm);
    await pass(50 * second);
    vi.setSystemTime(Date.now() + 10 * hour);
    await settled(beginning);
    expect(posts).toEqual([0, 100 * second, 200 * second]);
  });

  test("L19: the clocks of these tests are what they claim: a jump leaves the monotonic one alone", async () => {
    await pass(second);
    vi.setSystemTime(start + day);
    await pass(second);
    expect(elapsed()).toBe(2 * second);
    expect(Date.now()).toBe(start + day + second);
  });
});
