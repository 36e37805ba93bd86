// L14 over real sockets: an abort reaches every phase at once, ends that call only, and leaves nothing behind.
import { afterEach, describe, expect, test } from "vitest";
import type { BeginOptions, ReimageClient, ReimageEvent, ReimageOperation } from "../../src/index.js";
import {
  type Answer,
  type Arm,
  accepted,
  always,
  chunked,
  closeAll,
  delayed,
  drip,
  endlessDrip,
  expectNoLeftovers,
  type FakeCredential,
  failed,
  fakeCredential,
  gate,
  hang,
  html,
  locationRunning,
  neverSettles,
  pause,
  running,
  slowHeaders,
  startArm,
  status,
  succeeded,
  throttled,
  ticks,
  token,
  unauthorized,
  waitsForAbort,
  withHeaders,
} from "../harness/index.js";
import { begun, caught, clientOf, vm } from "./support-client.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });
const pace = { everyMs: 20, bytes: 1 };
/** Long enough for a wait that nobody would sit through, short enough to see that it was. */
const atOnceMs = 1500;

/** Aborts when the moment has come, and sees how soon and with what the call rejects. */
async function abortAt(
  moment: Promise<unknown>,
  call: (signal: AbortSignal) => Promise<unknown>,
  reason: unknown = new Error("the caller lost interest"),
): Promise<unknown> {
  const controller = new AbortController();
  return expectNoLeftovers(
    async () => {
      const outcome = call(controller.signal).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      await moment;
      // A moment longer, so that what has begun is truly under way.
      await pause(10);
      const at = performance.now();
      controller.abort(reason);
      const settled = await outcome;
      expect(performance.now() - at).toBeLessThan(atOnceMs);
      if (!("error" in settled)) throw new Error("it resolved, though it was aborted");
      return settled.error;
    },
    { signals: [controller.signal], withinMs: 1000 },
  );
}

/** The connection that the last request came on is closed soon after (the runtime may open a new one for later). */
const closed = (arm: Arm) => arm.until(() => arm.requests.at(-1)?.socket.closed === true);

describe("L14: before a byte was sent", () => {
  const reasons = [new Error("no"), "a text", 0, null, { an: "object" }];

  test.each(reasons)(
    "L14: a signal that is aborted already rejects with its reason %j, and nothing is asked",
    async (reason) => {
      const arm = await startArm();
      const credential = fakeCredential();
      const signal = AbortSignal.abort(reason);
      for (const call of ["beginReimage", "reimage"] as const) {
        const calling = clientOf(arm, { credential })[call](vm, undefined, { signal });
        await expect(calling).rejects.toBe(reason);
      }
      expect(credential.calls).toHaveLength(0);
      expect(arm.sockets).toHaveLength(0);
    },
  );

  test("L14: without a reason of its own the signal's DOMException comes", async () => {
    const arm = await startArm();
    const signal = AbortSignal.abort();
    await expect(clientOf(arm).reimage(vm, undefined, { signal })).rejects.toBe(signal.reason);
  });

  test.each([
    ["never settles", neverSettles],
    ["heeds its signal", waitsForAbort],
  ])("L14: abort reaches the token request of a credential that %s", async (_, script) => {
    const arm = await startArm();
    for (const reason of reasons) {
      const credential = fakeCredential(script());
      const client = clientOf(arm, { credential });
      const error = await abortAt(asked(credential), (signal) => client.reimage(vm, undefined, { signal }), reason);
      expect(error).toBe(reason);
      expect(credential.calls[0]?.signal?.aborted).toBe(true);
    }
    expect(arm.sockets).toHaveLength(0);
  });

  test("L14: abort reaches a function that never gives its token", async () => {
    const arm = await startArm();
    const reason = new Error("no");
    const client = clientOf(arm, { credential: () => new Promise<string>(() => {}) });
    const error = await abortAt(pause(5), (signal) => client.beginReimage(vm, undefined, { signal }), reason);
    expect(error).toBe(reason);
    expect(arm.sockets).toHaveLength(0);
  });

  test("L14: abort within the credential sends nothing, though it gives a token", async () => {
    const arm = await startArm();
    const controller = new AbortController();
    const credential = () => {
      controller.abort("changed my mind");
      return "token";
    };
    const calling = clientOf(arm, { credential }).reimage(vm, undefined, { signal: controller.signal });
    await expect(calling).rejects.toBe("changed my mind");
    expect(arm.sockets).toHaveLength(0);
  });

  test("L14: abort while beforeSend takes its time sends nothing", async () => {
    const arm = await startArm();
    const [reached, reason] = [gate(), new Error("no")];
    const beforeSend = () => {
      reached.open();
      return new Promise<void>(() => {});
    };
    const call = (signal: AbortSignal) => clientOf(arm).beginReimage(vm, undefined, { signal, beforeSend });
    expect(await abortAt(reached.opened, call, reason)).toBe(reason);
    expect(arm.sockets).toHaveLength(0);
  });

  test("L14: abort between the token and beforeSend calls it no more: an intent would be written down for nothing", async () => {
    const arm = await startArm();
    const calls: boolean[] = [];
    for (let count = 0; count < 12; count++) {
      const controller = new AbortController();
      const { signal } = controller;
      const credential = () => {
        void ticks(count).then(() => controller.abort());
        return "token";
      };
      const beforeSend = () => void calls.push(signal.aborted);
      await clientOf(arm, { credential })
        .beginReimage(vm, undefined, { signal, beforeSend })
        .catch(() => {});
    }
    // Some come too late to keep it from being called.
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(12);
    expect(calls).not.toContain(true);
    expect(arm.requests).toHaveLength(0);
  });

  test("L14: abort within beforeSend sends nothing, though beforeSend resolves", async () => {
    const arm = await startArm();
    const controller = new AbortController();
    const beforeSend = () => controller.abort("changed my mind");
    const calling = clientOf(arm).beginReimage(vm, undefined, { signal: controller.signal, beforeSend });
    await expect(calling).rejects.toBe("changed my mind");
    expect(arm.sockets).toHaveLength(0);
  });
});

describe("L14: with the POST under way", () => {
  /** As when one reimage that failed ends the others: it looks like a connection that never stood. */
  const reason = Object.assign(new Error("the caller lost interest"), { code: "ECONNREFUSED" });

  /** Aborts a begin and a reimage when the service has the POST, or when its answer has begun to come in. */
  async function abortPost(answer: Answer, when: "asked" | "answered" = "asked", options: Partial<BeginOptions> = {}) {
    const errors = [];
    for (const call of ["beginReimage", "reimage"] as const) {
      const [arm, answered] = [await startArm(), gate()];
      arm.onPost(answer);
      const noticing: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        answered.open();
        return response;
      };
      const client = clientOf(arm, { fetch: noticing });
      const asked = arm.until(() => arm.posts.some(({ complete }) => complete));
      const begin = (signal: AbortSignal) => client[call](vm, undefined, { ...options, signal });
      const error = await abortAt(when === "asked" ? asked : answered.opened, begin, reason);
      errors.push({ error, arm, client });
    }
    return errors;
  }

  test.each([
    ["no answer comes", hang()],
    ["the headers drip", slowHeaders(azure, pace)],
  ])("L14: while %s it is AbortError, started maybe", async (_, answer) => {
    for (const { error, arm } of await abortPost(answer)) {
      expect(error).toMatchObject({ name: "AbortError", started: "maybe", vm, resume: undefined });
      expect((error as Error).cause).toBe(reason);
      await closed(arm);
      expect(arm.requests).toHaveLength(1);
    }
  });

  test("L14: while the body of the 202 drips it is AbortError with the resume state", async () => {
    const dripping = withHeaders(endlessDrip(pace), {});
    const answer = { ...chunked(accepted({ signed: false, status: 202 })), deliver: dripping.deliver };
    for (const { error, arm, client } of await abortPost(answer, "answered")) {
      expect(error).toMatchObject({ name: "AbortError", started: "yes", vm });
      const { cause, resume } = error as { cause: unknown; resume: Parameters<ReimageClient["resume"]>[0] };
      expect(cause).toBe(reason);
      await closed(arm);
      arm.onPoll(succeeded());
      expect(await client.resume(resume).wait()).toMatchObject({ status: "succeeded" });
      expect(arm.posts).toHaveLength(1);
    }
  });

  test.each([
    ["a 200", html(200)],
    ["a 500", html(500)],
  ])("L14: while the body of %s drips it is AbortError, started maybe", async (_, answer) => {
    for (const { error, arm } of await abortPost(drip(answer, pace), "answered")) {
      expect(error).toMatchObject({ name: "AbortError", started: "maybe", resume: undefined });
      await closed(arm);
    }
  });

  test("L14: during the wait after a 429 it is AbortError, and nothing is sent again", async () => {
    const answer = throttled({ retryAfter: 200 });
    for (const { error, arm } of await abortPost(answer, "answered", { timeoutMs: 300_000 })) {
      expect(error).toMatchObject({ name: "AbortError", started: "no" });
      expect((error as Error).cause).toBe(reason);
      await pause(20);
      expect(arm.requests).toHaveLength(1);
    }
  });

  test("L14: during the token request after a challenge it is AbortError, started no", async () => {
    for (const call of ["beginReimage", "reimage"] as const) {
      const arm = await startArm();
      arm.onPost(unauthorized({ claims: '{"access_token":{}}' }));
      const credential = fakeCredential("token-1", neverSettles());
      const client = clientOf(arm, { credential });
      const error = await abortAt(asked(credential, 2), (signal) => client[call](vm, undefined, { signal }), reason);
      expect(error).toMatchObject({ name: "AbortError", started: "no" });
      expect((error as Error).cause).toBe(reason);
      expect(arm.requests).toHaveLength(1);
    }
  });

  test("L14: while onAccepted takes its time it is AbortError with the resume state", async () => {
    const [reached, arm] = [gate(), await startArm()];
    arm.onPost(azure);
    const onAccepted = () => {
      reached.open();
      return new Promise<void>(() => {});
    };
    const call = (signal: AbortSignal) => clientOf(arm).reimage(vm, undefined, { signal, onAccepted });
    const error = await abortAt(reached.opened, call, reason);
    expect(error).toMatchObject({ name: "AbortError", started: "yes", resume: { status: "running", vm } });
    expect((error as Error).cause).toBe(reason);
    expect(arm.requests).toHaveLength(1);
  });
});

describe("L14: when it was accepted", () => {
  const reason = new Error("the caller lost interest");
  type Phase = {
    /** What the service does with the polls. */
    readonly prepare: (arm: Arm) => void;
    /** Resolves when the phase has begun. */
    readonly moment: (arm: Arm, credential: FakeCredential) => Promise<unknown>;
    readonly retryAfter?: number;
    readonly credential?: () => FakeCredential;
    /** Is a socket to be closed by it? */
    readonly closes?: true;
  };
  const onePoll = (arm: Arm) => arm.until(() => arm.polls.length > 0);
  const phases: Record<string, Phase> = {
    "the first wait": { prepare: () => {}, moment: () => pause(5), retryAfter: 200 },
    "a wait between polls": {
      prepare: (arm) => arm.onPoll(running({ retryAfter: 200 })),
      moment: onePoll,
    },
    "a back-off": { prepare: (arm) => arm.onPoll(status(503, { "retry-after": "200" })), moment: onePoll },
    "a wait after a 429": { prepare: (arm) => arm.onPoll(throttled({ retryAfter: 200 })), moment: onePoll },
    "a poll without an answer": { prepare: (arm) => arm.onPoll(hang()), moment: onePoll, closes: true },
    "a poll with dripping headers": {
      prepare: (arm) => arm.onPoll(slowHeaders(succeeded(), pace)),
      moment: onePoll,
      closes: true,
    },
    "a dripping body": { prepare: (arm) => arm.onPoll(endlessDrip(pace)), moment: onePoll, closes: true },
    "a body with a length that drips": {
      prepare: (arm) => arm.onPoll(drip(succeeded(), pace)),
      moment: onePoll,
      closes: true,
    },
    "the token request of a poll": {
      prepare: () => {},
      moment: (_, credential) => asked(credential, 2),
      credential: () => fakeCredential(token("short-lived", 1), neverSettles()),
    },
    "the renewal after a 401": {
      prepare: (arm) => arm.onPoll(unauthorized()),
      moment: (_, credential) => asked(credential, 2),
      credential: () => fakeCredential("token-1", waitsForAbort()),
    },
    "the second request after a 401": {
      prepare: (arm) => arm.onPoll(unauthorized(), hang()),
      moment: (arm) => arm.until(() => arm.polls.length > 1),
      closes: true,
    },
  };

  async function prepared({ prepare, retryAfter, credential = () => fakeCredential() }: Phase) {
    const arm = await startArm();
    arm.onPost(accepted({ headers: "azure", signed: false, ...(retryAfter === undefined ? {} : { retryAfter }) }));
    prepare(arm);
    const made = credential();
    return { arm, credential: made, client: clientOf(arm, { credential: made }) };
  }

  test.each(Object.entries(phases))("L14: abort of a wait reaches %s", async (_, phase) => {
    const { arm, credential, client } = await prepared(phase);
    const operation = await client.beginReimage(vm);
    const wait = (signal: AbortSignal) => operation.wait({ signal });
    const error = await abortAt(phase.moment(arm, credential), wait, reason);
    expect(error).toMatchObject({ name: "AbortError", started: "yes", resume: operation.toJSON(), vm });
    expect((error as Error).cause).toBe(reason);
    expect(operation.state.status).toBe("running");
    if (phase.closes) await closed(arm);
  });

  test.each(Object.entries(phases))("L14: abort of a reimage reaches %s", async (_, phase) => {
    const { arm, credential, client } = await prepared(phase);
    const moment = arm.until(() => arm.posts.length > 0).then(() => phase.moment(arm, credential));
    const error = await abortAt(moment, (signal) => client.reimage(vm, undefined, { signal }), reason);
    expect(error).toMatchObject({ name: "AbortError", started: "yes", resume: { vm, status: "running" } });
    expect((error as Error).cause).toBe(reason);
    if (phase.closes) await closed(arm);
  });

  const polling = Object.entries(phases).filter(([name]) => !/wait|back-off/.test(name));
  test.each(polling)("L14: abort of a poll reaches %s", async (_, phase) => {
    const { arm, credential, client } = await prepared(phase);
    const operation = await client.beginReimage(vm);
    const poll = (signal: AbortSignal) => operation.poll({ signal });
    const error = await abortAt(phase.moment(arm, credential), poll, reason);
    expect(error).toMatchObject({ name: "AbortError", started: "yes", resume: operation.toJSON() });
    expect((error as Error).cause).toBe(reason);
    expect(operation.state).toMatchObject({ status: "running", polls: 0 });
    if (phase.closes) await closed(arm);
  });

  test("L14: a signal that is aborted already asks nothing", async () => {
    for (const reason of [new Error("no"), "a text", undefined]) {
      const { arm, operation } = await begun(azure);
      const signal = AbortSignal.abort(reason);
      for (const call of [() => operation.wait({ signal }), () => operation.poll({ signal })]) {
        const error = await caught(call(), "AbortError");
        expect(error).toMatchObject({ started: "yes", resume: operation.toJSON() });
        expect(error.cause).toBe(signal.reason);
      }
      expect(arm.polls).toHaveLength(0);
    }
  });

  test("L14: a signal that times out, or follows another, is a signal like any other", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(hang(), hang());
    const late = AbortSignal.timeout(30);
    const error = await caught(operation.wait({ signal: late }), "AbortError");
    expect(error.cause).toBe(late.reason);
    const controller = new AbortController();
    // On a busy machine the first may have ended before it asked.
    const asked = arm.polls.length;
    const wait = caught(operation.wait({ signal: AbortSignal.any([controller.signal]) }), "AbortError");
    await arm.until(() => arm.polls.length > asked);
    controller.abort(reason);
    expect((await wait).cause).toBe(reason);
  });

  test("L14: the abort is the call's, not the operation's: it can be asked again at once", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(hang(), running(), succeeded());
    const wait = (signal: AbortSignal) => operation.wait({ signal });
    await abortAt(onePoll(arm), wait);
    expect(await operation.poll()).toMatchObject({ status: "running" });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
  });

  test("L14: an abort at the moment when the end was read hides it from nobody", async () => {
    for (const [answer, end] of [
      [succeeded(), { status: "succeeded" }],
      [failed(), { name: "OperationFailedError" }],
    ] as const) {
      const controller = new AbortController();
      const onEvent = (event: ReimageEvent) => {
        if (event.type === "state" && event.state.status !== "running")
          controller.abort("one has ended: stop the others");
      };
      const { arm, operation } = await begun(azure, { onEvent });
      arm.onPoll(answer);
      const { signal } = controller;
      const waits = [operation.wait({ signal }), operation.wait({ signal })];
      const poll = operation.poll({ signal });
      for (const outcome of await Promise.all(waits.map((one) => one.catch((error: unknown) => error))))
        expect(outcome).toMatchObject(end);
      expect(await poll).toBe(operation.state);
    }
  });

  test("L14: an abort after the end changes nothing", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(succeeded());
    const controller = new AbortController();
    await operation.wait({ signal: controller.signal });
    controller.abort();
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
  });

  test("L14: one waiter's abort leaves the others waiting, in the sleep and with the poll under way", async () => {
    for (const retryAfter of [{}, { retryAfter: 1 }]) {
      const [door, controller] = [gate(), new AbortController()];
      const { arm, operation } = await begun(accepted({ headers: "azure", signed: false, ...retryAfter }));
      arm.onPoll(delayed(door.opened, succeeded()));
      const other = operation.wait();
      const one = caught(operation.wait({ signal: controller.signal }), "AbortError");
      // The poll is under way, and by then both wait for it: the other one's timer may ring a moment later.
      if (!("retryAfter" in retryAfter)) await onePoll(arm);
      await pause(20);
      controller.abort(reason);
      expect((await one).cause).toBe(reason);
      door.open();
      expect(await other).toMatchObject({ status: "succeeded", polls: 1 });
      expect(arm.polls).toHaveLength(1);
    }
  });
});

describe("L14: with a fetch that is deaf to its signal", () => {
  const reason = new Error("the caller lost interest");
  const never = () => new Promise<never>(() => {});

  /** A fetch that answers in turn, and never again after that. */
  const deaf =
    (...answers: Response[]): typeof fetch =>
    async () =>
      answers.shift() ?? never();
  const endless = (status: number, headers: Record<string, string>, cancel: () => void = () => {}) =>
    new Response(new ReadableStream({ pull: never, cancel }), { status, headers });
  const taken = () => new Response(null, { status: 202, headers: { location: "/operations/1" } });

  test("L14: abort reaches a POST that is never answered", async () => {
    const client = clientOf({ url: "https://service.example" }, { fetch: deaf() });
    const error = await abortAt(pause(5), (signal) => client.beginReimage(vm, undefined, { signal }), reason);
    expect(error).toMatchObject({ name: "AbortError", started: "maybe", cause: reason });
  });

  test("L14: abort reaches the body of a 202 that never ends, and cancels it", async () => {
    const cancelled = gate();
    const fetch = deaf(endless(202, { location: "/operations/1" }, cancelled.open));
    const client = clientOf({ url: "https://service.example" }, { fetch });
    const error = await abortAt(pause(5), (signal) => client.beginReimage(vm, undefined, { signal }), reason);
    expect(error).toMatchObject({ name: "AbortError", started: "yes", cause: reason, resume: { status: "running" } });
    await cancelled.opened;
  });

  test("L14: abort reaches a poll that is never answered, and the body of one that never ends", async () => {
    const cancelled = gate();
    for (const answers of [[taken()], [taken(), endless(200, {}, cancelled.open)]]) {
      const client = clientOf({ url: "https://service.example" }, { fetch: deaf(...answers) });
      const operation = await client.beginReimage(vm);
      const error = await abortAt(pause(5), (signal) => operation.wait({ signal }), reason);
      expect(error).toMatchObject({ name: "AbortError", started: "yes", cause: reason, resume: operation.toJSON() });
    }
    await cancelled.opened;
  });
});

describe("L14: nothing is left behind", () => {
  const ways: Record<string, (operation: ReimageOperation, signal: AbortSignal) => Promise<unknown>> = {
    "wait that succeeded": (operation, signal) => operation.wait({ signal }),
    "a few polls": async (operation, signal) => {
      while (!operation.done) await operation.poll({ signal });
    },
  };
  test.each(Object.entries(ways))("L14: by %s", async (_, way) => {
    const controller = new AbortController();
    const { signal } = controller;
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(running(), status(503), unauthorized(), running(), succeeded());
    const client = clientOf(arm);
    await expectNoLeftovers(
      async () => {
        await way(await client.beginReimage(vm, undefined, { signal }), signal);
        await arm.close();
      },
      { signals: [signal], withinMs: 1000 },
    );
  });

  test("L14: by a wait that ran into its limit, asleep or with a poll under way", async () => {
    for (const answers of [[running({ retryAfter: 100 })], [hang()], [always(locationRunning())]]) {
      const controller = new AbortController();
      const { signal } = controller;
      const arm = await startArm();
      arm.onPost(accepted({ headers: "location", signed: false }));
      arm.onPoll(...answers);
      await expectNoLeftovers(
        async () => {
          const operation = await clientOf(arm).beginReimage(vm, undefined, { signal });
          await caught(operation.wait({ signal, timeoutMs: 60 }), "WaitTimeoutError");
          await arm.close();
        },
        { signals: [signal], withinMs: 1000 },
      );
    }
  });

  test("L14: by an iteration that is broken off", async () => {
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(running({ retryAfter: 100 }));
    await expectNoLeftovers(async () => {
      for await (const state of await clientOf(arm).beginReimage(vm)) {
        expect(state.status).toBe("running");
        break;
      }
      await arm.close();
    });
  });

  test("L14: by many calls that share one signal", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(always(running()));
    const client = clientOf(arm);
    await expectNoLeftovers(
      async () => {
        const operation = await client.beginReimage(vm, undefined, { signal });
        for (let n = 0; n < 30; n += 1) await operation.poll({ signal });
        const waiters = Array.from({ length: 100 }, () => operation.wait({ signal }).catch(() => {}));
        controller.abort();
        await Promise.all(waiters);
        await arm.close();
      },
      { signals: [signal], withinMs: 1000 },
    );
  });
});

/** Resolves when the credential was asked so many times. */
async function asked(credential: FakeCredential, times = 1): Promise<void> {
  while (credential.calls.length < times) await pause(1);
}
