/** S1: beforeSend and onAccepted at their places, in every order of failure; and the resume state is never lost after a 202. */
import { afterEach, describe, expect, test } from "vitest";
import type { AnyReimageError, ReimageIntent, SerializedOperation } from "../../src/index.js";
import {
  type Answer,
  accepted,
  answer,
  closeAll,
  cut,
  everywhere,
  expectNoLeftovers,
  fakeCredential,
  gate,
  gzipBomb,
  hang,
  informed,
  neverSettles,
  pause,
  refused,
  reset,
  startArm,
  status,
  succeeded,
  throttled,
  ticks,
  unauthorized,
  withDelivery,
} from "../harness/index.js";
import { bodyBytes, headBytes } from "../harness/message.js";
import { clientFor, ENDPOINT, expectMaybe, failure, reasonOf, vm } from "./support-s.js";

afterEach(closeAll);

describe("S1: beforeSend", () => {
  test("S1: it is awaited: not a byte is sent before it resolves, and one POST after", async () => {
    const arm = await startArm();
    arm.onPost(status(200));
    const written = gate();
    const running = clientFor(arm).beginReimage(vm, { tempDisk: true }, { beforeSend: () => written.opened });
    await pause(40);
    expect(everywhere.sockets).toEqual([]);
    written.open();
    await running;
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: it comes when the token is there, right before the POST, and is told what is about to happen, without a secret", async () => {
    const arm = await startArm();
    arm.onPost(status(200));
    const order: string[] = [];
    const intents: ReimageIntent[] = [];
    const credential = fakeCredential(() => {
      order.push("token");
      return Promise.resolve({ token: "t-1", expiresOnTimestamp: Date.now() + 3_600_000 });
    });
    const osProfile = { adminPassword: "Tr0ub4dor&3-horse", customData: "I2Nsb3VkLWNvbmZpZwo=" };
    await clientFor(arm, { credential }).beginReimage(
      vm,
      { osProfile },
      {
        beforeSend: (intent) => {
          order.push(`beforeSend after ${everywhere.requests.length} requests`);
          intents.push(intent);
        },
      },
    );
    expect(order).toEqual(["token", "beforeSend after 0 requests"]);
    expect(intents).toEqual([
      { vm, correlationId: arm.posts[0]?.headers["x-ms-correlation-request-id"], at: expect.any(String) },
    ]);
    expect(Math.abs(Date.parse(intents[0]?.at ?? "") - Date.now())).toBeLessThan(5_000);
    expect(new Date(intents[0]?.at ?? "").toISOString()).toBe(intents[0]?.at);
  });

  const broken: readonly (readonly [string, () => void | Promise<void>])[] = [
    ["rejects", () => Promise.reject(new Error("the journal is full"))],
    [
      "throws",
      () => {
        throw new Error("the journal is full");
      },
    ],
    ["rejects later", () => pause(10).then(() => Promise.reject(new Error("the journal is full")))],
  ];
  test.each(broken)("S1: when it %s, nothing is sent", async (_, beforeSend) => {
    const arm = await startArm();
    const error = await failure(clientFor(arm).reimage(vm, { tempDisk: true }, { beforeSend }));
    expect(error).toMatchObject({ started: "no", vm });
    expect((error.cause as Error).message).toBe("the journal is full");
    await pause(5);
    expect(everywhere.sockets).toEqual([]);
  });

  test("S1: when it rejects with nothing at all, nothing is sent either", async () => {
    for (const nothing of [undefined, null, 0, ""]) {
      const arm = await startArm();
      expect(
        await failure(clientFor(arm).reimage(vm, undefined, { beforeSend: () => Promise.reject(nothing) })),
      ).toMatchObject({
        started: "no",
      });
      expect(everywhere.sockets).toEqual([]);
    }
  });

  test("S1: when it hangs, an abort ends the call with the caller's own reason, and nothing is sent", async () => {
    const arm = await startArm();
    const controller = new AbortController();
    const reason = { mine: true };
    await expectNoLeftovers(
      async () => {
        const running = reasonOf(
          clientFor(arm).reimage(vm, undefined, { signal: controller.signal, beforeSend: () => new Promise(() => {}) }),
        );
        await pause(10);
        controller.abort(reason);
        expect(await running).toBe(reason);
      },
      { signals: [controller.signal] },
    );
    expect(everywhere.sockets).toEqual([]);
  });

  test("S1: when it aborts the call itself, nothing is sent, whether it then resolves or rejects", async () => {
    for (const end of [() => Promise.resolve(), () => Promise.reject(new Error("late"))]) {
      const arm = await startArm();
      const controller = new AbortController();
      const reason = new Error("no after all");
      const beforeSend = () => {
        controller.abort(reason);
        return end();
      };
      expect(await reasonOf(clientFor(arm).reimage(vm, undefined, { signal: controller.signal, beforeSend }))).toBe(
        reason,
      );
      await pause(5);
      expect(everywhere.sockets).toEqual([]);
    }
  });

  test("S1: when the call is aborted while it works, nothing is sent once it is done", async () => {
    const arm = await startArm();
    const controller = new AbortController();
    const written = gate();
    const running = reasonOf(
      clientFor(arm).reimage(vm, undefined, { signal: controller.signal, beforeSend: () => written.opened }),
    );
    await pause(5);
    controller.abort(new Error("enough"));
    expect(await running).toBe(controller.signal.reason);
    written.open();
    await pause(20);
    expect(everywhere.sockets).toEqual([]);
  });

  test("S1: it is called once for a reimage, also when the POST is sent again", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: "{}" }), status(200));
    let called = 0;
    const beforeSend = (): void => {
      called += 1;
    };
    await clientFor(arm).reimage(vm, undefined, { beforeSend });
    expect([called, everywhere.posts.length]).toEqual([1, 2]);
  });

  test("S1: it is not called when no POST follows: refused input, no token, aborted before", async () => {
    const arm = await startArm();
    let called = 0;
    const beforeSend = (): void => {
      called += 1;
    };
    const signal = AbortSignal.abort();
    await reasonOf(clientFor(arm).reimage({ ...vm, vmName: "_" }, undefined, { beforeSend }));
    await reasonOf(clientFor(arm).reimage(vm, { osProfile: { adminPassword: "short" } }, { beforeSend }));
    await reasonOf(clientFor(arm).reimage(vm, undefined, { beforeSend, signal }));
    await reasonOf(clientFor(arm, { credential: fakeCredential(null) }).reimage(vm, undefined, { beforeSend }));
    const deaf = { credential: fakeCredential(neverSettles()), requestTimeoutMs: 30 };
    await reasonOf(clientFor(arm, deaf).reimage(vm, undefined, { beforeSend }));
    expect(called).toBe(0);
    expect(everywhere.sockets).toEqual([]);
  });
});

describe("S1: onAccepted", () => {
  test("S1: it is awaited with the resume state before the first status request", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(succeeded());
    const written = gate();
    const told: SerializedOperation[] = [];
    const onAccepted = async (saved: SerializedOperation) => {
      told.push(saved);
      await written.opened;
    };
    const running = clientFor(arm).reimage(vm, undefined, { onAccepted });
    await arm.until(() => arm.posts[0]?.complete === true);
    await pause(60);
    expect(told).toHaveLength(1);
    expect(arm.polls).toEqual([]);
    written.open();
    expect((await running).status).toBe("succeeded");
    expect(told).toHaveLength(1);
    expect(told[0]?.statusUrl).toContain(`${arm.url}/subscriptions/`);
    expect(told[0]).toMatchObject({ vm, correlationId: arm.posts[0]?.headers["x-ms-correlation-request-id"] });
  });

  test("S1: what it is told is the operation's own resume state", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    const told: SerializedOperation[] = [];
    const operation = await clientFor(arm).beginReimage(vm, undefined, {
      onAccepted: (saved) => void told.push(saved),
    });
    expect(JSON.parse(JSON.stringify(operation))).toEqual(JSON.parse(JSON.stringify(told[0])));
  });

  test("S1: it is not called for anything but an accepted reimage with a status URL", async () => {
    const answers = [status(200), refused(409, {}), refused(500, {}), status(302, { location: "/" }), throttled()];
    for (const one of [...answers, accepted({ headers: "none" }), accepted({ url: "https://127.0.0.1:1/" }), reset()]) {
      const arm = await startArm();
      arm.onPost(one);
      let called = false;
      const onAccepted = () => {
        called = true;
      };
      await clientFor(arm)
        .beginReimage(vm, undefined, { onAccepted })
        .catch(() => {});
      expect(called).toBe(false);
    }
  });

  /** The error must lead on: the state in it is followed to the end by another client. */
  async function expectToLeadOn(arm: { url: string }, error: AnyReimageError): Promise<void> {
    expect(error.started).toBe("yes");
    const saved = error.resume;
    if (!saved) throw new Error("the resume state was lost");
    const text = JSON.stringify(saved);
    expect((await clientFor(arm).resume(text).wait()).status).toBe("succeeded");
    expect(everywhere.posts).toHaveLength(1);
  }

  const broken: readonly (readonly [string, () => void | Promise<void>])[] = [
    ["rejects", () => Promise.reject(new Error("the journal is full"))],
    [
      "throws",
      () => {
        throw new Error("the journal is full");
      },
    ],
    ["rejects with nothing", () => Promise.reject(undefined)],
  ];
  for (const [how, onAccepted] of broken) {
    test.each(["beginReimage", "reimage"] as const)(
      `S1: when it ${how}, the error of %s carries the resume state`,
      async (call) => {
        const arm = await startArm();
        arm.onPost(accepted());
        const error = await failure(clientFor(arm)[call](vm, undefined, { onAccepted }));
        expect(error.name).toBe("OutcomeUnknownError");
        expect(arm.polls).toEqual([]);
        arm.onPoll(succeeded());
        await expectToLeadOn(arm, error);
      },
    );
  }

  test("S1: when it hangs, an abort ends the call with the resume state in the error", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(succeeded());
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("enough");
    await expectNoLeftovers(
      async () => {
        const onAccepted = () => {
          setTimeout(() => controller.abort(reason), 5);
          return new Promise<void>(() => {});
        };
        const error = await failure(clientFor(arm).reimage(vm, undefined, { signal, onAccepted }));
        expect(error).toMatchObject({ name: "AbortError", cause: reason });
        await expectToLeadOn(arm, error);
      },
      { signals: [signal] },
    );
  });

  test("L19: it is told also when the answer came at the last moment", async () => {
    const told: SerializedOperation[] = [];
    const blocking = async () => {
      for (const from = performance.now(); performance.now() - from < 40; );
      return new Response(null, { status: 202, headers: { location: "/operations/1" } });
    };
    const options = { timeoutMs: 30, onAccepted: (saved: SerializedOperation) => void told.push(saved) };
    const error = await failure(clientFor({ url: ENDPOINT }, { fetch: blocking }).reimage(vm, undefined, options));
    expect(error.name).toBe("WaitTimeoutError");
    expect(told).toEqual([error.resume]);
  });

  test("S1: when it aborts the call itself, then resolves, rejects or throws, the resume state is in the error", async () => {
    const ends = [
      () => Promise.resolve(),
      () => Promise.reject(new Error("late")),
      () => {
        throw new Error("late");
      },
    ];
    for (const end of ends) {
      const arm = await startArm();
      arm.onPost(accepted());
      arm.onPoll(succeeded());
      const controller = new AbortController();
      const onAccepted = () => {
        controller.abort(new Error("enough"));
        return end();
      };
      const error = await failure(clientFor(arm).reimage(vm, undefined, { signal: controller.signal, onAccepted }));
      await expectToLeadOn(arm, error);
      await closeAll();
    }
  });

  test("L14: an abort between the answer and it takes nothing from it: it is told, and what it rejects with then is nobody's", async () => {
    const after: boolean[] = [];
    await expectNoLeftovers(async () => {
      for (let count = 0; count < 24; count++) {
        const controller = new AbortController();
        const { signal } = controller;
        const fetch = async () => {
          void ticks(count).then(() => controller.abort());
          return new Response(null, { status: 202, headers: { location: "/operations/1" } });
        };
        const told: SerializedOperation[] = [];
        const onAccepted = async (saved: SerializedOperation) => {
          told.push(saved);
          after.push(signal.aborted);
          throw new Error("the disk is full");
        };
        const client = clientFor({ url: ENDPOINT }, { fetch });
        const error = await failure(client.beginReimage(vm, undefined, { signal, onAccepted }));
        expect([error.started, told]).toEqual(error.started === "yes" ? ["yes", [error.resume]] : ["maybe", []]);
      }
    });
    // Some came before it, some while it was told.
    expect(new Set(after)).toEqual(new Set([true, false]));
  });

  test("S1: options that the caller breaks when it was accepted do not lose the operation", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(succeeded());
    const options: { timeoutMs?: number; onAccepted?: () => void } = {
      onAccepted: () => {
        options.timeoutMs = -1;
      },
    };
    expect(await clientFor(arm).reimage(vm, undefined, options)).toMatchObject({ status: "succeeded" });
  });

  test("S1: a late rejection after the abort is nobody's unhandled rejection", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    const controller = new AbortController();
    await expectNoLeftovers(async () => {
      const onAccepted = async () => {
        controller.abort();
        await pause(10);
        throw new Error("late");
      };
      await failure(clientFor(arm).beginReimage(vm, undefined, { signal: controller.signal, onAccepted }));
      await pause(20);
    });
  });
});

describe("S1: a 202 with a usable status URL", () => {
  const withBody = (body: Buffer, headers: Record<string, string> = {}): Answer => {
    const empty = accepted();
    return answer((context) => {
      const message = empty.build(context);
      return { ...message, body, headers: { ...message.headers, "content-type": "application/json", ...headers } };
    });
  };
  const dripping: Answer = withDelivery(accepted(), async (wire, message) => {
    const endless = {
      ...message,
      framing: "chunked" as const,
      headers: { ...message.headers, "content-length": null },
    };
    await wire.write(headBytes(endless));
    while (!wire.closed) {
      await wire.write(bodyBytes({ ...endless, body: Buffer.from(" ") }, true));
      await wire.wait(5);
    }
  });
  const silent: Answer = withDelivery(accepted(), async (wire, message) => {
    await wire.write(headBytes({ ...message, headers: { ...message.headers, "content-length": "10" } }));
    await wire.gone;
  });
  const bomb: Answer = withDelivery(gzipBomb(), async (wire, message) => {
    const context = { origin: everywhere.posts[0]?.origin ?? "", request: everywhere.posts[0] };
    if (!context.request) throw new Error("no POST");
    const { headers } = accepted().build({ origin: context.origin, request: context.request });
    const head = { ...message, status: 202, headers: { ...headers, "content-encoding": "gzip" } };
    await wire.write(headBytes(head));
    for (let at = 0; at < message.body.length && !wire.closed; at += 8192)
      await wire.write(message.body.subarray(at, at + 8192));
  });

  const bodies: readonly (readonly [string, Answer])[] = [
    ["whose body is cut", cut(withBody(Buffer.from('{"a":1}')))],
    ["whose body never comes and then ends", cut(withBody(Buffer.from('{"a":1}')), { keep: 0 })],
    ["whose body is reset", reset({ at: "in-body", of: withBody(Buffer.from('{"a":1}')) })],
    ["whose body drips without end", dripping],
    ["whose body never comes", silent],
    ["whose body is huge", withBody(Buffer.alloc(3_000_000, " "))],
    ["whose body is a gzip bomb", bomb],
    ["whose body claims to be gzip", withBody(Buffer.from("{}"), { "content-encoding": "gzip" })],
    ["whose body is a page", withBody(Buffer.from("<html>"))],
    ["whose body says Failed", withBody(Buffer.from('{"status":"Failed"}'))],
  ];
  test.each(bodies)("S1: %s is accepted all the same, and followed", async (_, one) => {
    const arm = await startArm();
    arm.onPost(one);
    arm.onPoll(succeeded());
    const saved: SerializedOperation[] = [];
    const onAccepted = (state: SerializedOperation) => void saved.push(state);
    // To make the bomb takes a moment; what drips or does not come would take the whole limit.
    const requestTimeoutMs = one === bomb ? 5_000 : 150;
    expect((await clientFor(arm, { requestTimeoutMs }).reimage(vm, undefined, { onAccepted })).status).toBe(
      "succeeded",
    );
    expect(saved).toHaveLength(1);
    expect(everywhere.posts).toHaveLength(1);
  });

  test.each([
    ["drips", dripping],
    ["does not come", silent],
  ])(
    "S1: when the caller aborts while its body %s, the resume state is in the error and was recorded",
    async (_, one) => {
      const arm = await startArm();
      arm.onPost(one);
      const controller = new AbortController();
      const saved: SerializedOperation[] = [];
      const running = failure(
        clientFor(arm).reimage(vm, undefined, {
          signal: controller.signal,
          onAccepted: (state) => void saved.push(state),
        }),
      );
      await arm.until(() => arm.posts[0]?.complete === true);
      await pause(40);
      controller.abort(new Error("enough"));
      const error = await running;
      expect(error).toMatchObject({ name: "AbortError", started: "yes", cause: controller.signal.reason });
      expect(error.resume?.statusUrl).toContain(arm.url);
      expect(saved).toEqual([error.resume]);
      await arm.until(() => arm.posts[0]?.socket.closed === true);
      arm.onPoll(succeeded());
      expect((await clientFor(arm).resume(JSON.stringify(error.resume)).wait()).status).toBe("succeeded");
    },
  );

  test("S1: informational answers before it do no harm: one POST, accepted", async () => {
    const arm = await startArm();
    arm.onPost(informed(accepted(), [102, 103, 103]));
    arm.onPoll(succeeded());
    expect((await clientFor(arm).reimage(vm, { tempDisk: true })).status).toBe("succeeded");
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: when the caller aborts before its headers came, nobody can know: maybe, and one POST", async () => {
    const arm = await startArm();
    arm.onPost(hang());
    const controller = new AbortController();
    const running = failure(clientFor(arm).reimage(vm, undefined, { signal: controller.signal }));
    await arm.until(() => arm.posts[0]?.complete === true);
    controller.abort(new Error("enough"));
    expect(await running).toMatchObject({ name: "AbortError", started: "maybe", cause: controller.signal.reason });
    await arm.until(() => arm.posts[0]?.socket.closed === true);
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: a reset within its headers leaves nothing to follow: maybe, and one POST", async () => {
    const arm = await startArm();
    arm.onPost(reset({ at: "in-headers", of: accepted() }));
    expectMaybe(await failure(clientFor(arm).reimage(vm)));
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: every later failure carries the resume state too", async () => {
    const arm = await startArm();
    arm.onPost(accepted(), accepted(), accepted());
    arm.onPoll(refused(403, { code: "Forbidden", message: "No." }), refused(410, {}), hang());
    const client = clientFor(arm);
    for (const options of [{}, {}, { timeoutMs: 100 }]) {
      const error = await failure(client.reimage(vm, undefined, options));
      expect(error.started).toBe("yes");
      expect(error.resume?.statusUrl).toContain(arm.url);
    }
    expect(everywhere.posts).toHaveLength(3);
  });
});
