/** The S rules end calls early in many ways: none of them leaves a timer, a listener, a socket or an unhandled rejection behind. */
import { afterEach, describe, expect, test } from "vitest";
import type { BeginOptions, ReimageClientOptions, WaitOptions } from "../../src/index.js";
import {
  type AnswerScript,
  abortListeners,
  accepted,
  closeAll,
  cut,
  delayed,
  endlessDrip,
  everywhere,
  expectNoLeftovers,
  fakeCredential,
  gzipBomb,
  hang,
  json,
  late,
  neverSettles,
  pause,
  redirect,
  refused,
  rejects,
  reset,
  running,
  slowHeaders,
  startArm,
  status,
  succeeded,
  throttled,
  unauthorized,
  waitsForAbort,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import { clientFor, vm } from "./support-s.js";

afterEach(closeAll);

interface Case {
  readonly post?: readonly AnswerScript[];
  readonly poll?: readonly AnswerScript[];
  readonly client?: () => Partial<ReimageClientOptions>;
  readonly call?: BeginOptions & WaitOptions;
  /** When the caller loses interest. */
  readonly abortAfter?: number;
}

const claims = "{}";
const cases: Readonly<Record<string, Case>> = {
  "a success": { post: [accepted()], poll: [running(), succeeded()] },
  "a POST answered with 200": { post: [json(200, {})] },
  "a refusal": { post: [refused(409, {})] },
  "a server error": { post: [refused(500, {})] },
  "a redirect": { post: [redirect(307, "/elsewhere")] },
  "a reset": { post: [reset()] },
  "a reset in the body": { post: [reset({ at: "in-body" })] },
  "a cut body": { post: [cut(json(200, { a: 1 }))] },
  "a hanging POST": { post: [hang()], client: () => ({ requestTimeoutMs: 40 }) },
  "slow headers": {
    post: [slowHeaders(json(200, {}), { everyMs: 10, bytes: 1 })],
    client: () => ({ requestTimeoutMs: 40 }),
  },
  "a dripping body": { post: [endlessDrip({ everyMs: 2, bytes: 1 })], client: () => ({ requestTimeoutMs: 40 }) },
  "a gzip bomb": { post: [gzipBomb()] },
  "a bomb on a status request": { post: [accepted()], poll: [gzipBomb(), succeeded()] },
  "a challenge": { post: [unauthorized({ claims }), status(200)] },
  "no token": { client: () => ({ credential: fakeCredential(null) }) },
  "a credential that rejects": { client: () => ({ credential: fakeCredential(rejects(new Error("no"))) }) },
  "a credential that never settles": {
    client: () => ({ credential: fakeCredential(neverSettles()), requestTimeoutMs: 40 }),
  },
  "a credential that rejects too late": {
    client: () => ({
      credential: fakeCredential(() => pause(60).then(() => Promise.reject(new Error("late")))),
      requestTimeoutMs: 20,
    }),
  },
  "a stranger as status URL": { post: [accepted({ url: "https://127.0.0.1:1/" })] },
  "a hanging status request": {
    post: [accepted()],
    poll: [hang(), always(succeeded()) as never],
    client: () => ({ requestTimeoutMs: 100 }),
  },
  "a wait that is over": { post: [accepted()], poll: [always(running()) as never], call: { timeoutMs: 60 } },
  "a wait that is over within a request": { post: [accepted()], poll: [hang()], call: { timeoutMs: 60 } },
  "a beforeSend that rejects": { call: { beforeSend: () => Promise.reject(new Error("no")) } },
  "an onAccepted that rejects": { post: [accepted()], call: { onAccepted: () => Promise.reject(new Error("no")) } },
  "an onProgress that throws": {
    post: [accepted()],
    poll: [running(), succeeded()],
    call: {
      onProgress: () => {
        throw new Error("mine");
      },
    },
  },
  "an onEvent that throws": {
    post: [accepted()],
    poll: [succeeded()],
    client: () => ({
      onEvent: () => {
        throw new Error("mine");
      },
    }),
  },
  "an onEvent that rejects": {
    post: [accepted()],
    poll: [succeeded()],
    client: () => ({ onEvent: (async () => Promise.reject(new Error("mine"))) as () => void }),
  },
  "an abort while the token is awaited": {
    client: () => ({ credential: fakeCredential(waitsForAbort()) }),
    abortAfter: 10,
  },
  "an abort while a deaf credential is awaited": {
    client: () => ({ credential: fakeCredential(neverSettles()) }),
    abortAfter: 10,
  },
  "an abort before a late token": { client: () => ({ credential: fakeCredential(late(40, "late")) }), abortAfter: 10 },
  "an abort in beforeSend": { call: { beforeSend: () => new Promise(() => {}) }, abortAfter: 10 },
  "an abort of a hanging POST": { post: [hang()], abortAfter: 40 },
  "an abort in a dripping body": { post: [endlessDrip({ everyMs: 2, bytes: 1 })], abortAfter: 40 },
  "an abort in the wait after a 429": { post: [throttled({ retryAfter: 60 })], abortAfter: 40 },
  "an abort in onAccepted": { post: [accepted()], call: { onAccepted: () => new Promise(() => {}) }, abortAfter: 40 },
  "an abort between two status requests": { post: [accepted({ retryAfter: 60 })], abortAfter: 40 },
  "an abort of a hanging status request": { post: [accepted()], poll: [hang()], abortAfter: 60 },
  "an abort in the body of a status": {
    post: [accepted()],
    poll: [endlessDrip({ everyMs: 2, bytes: 1 })],
    abortAfter: 60,
  },
  "an abort before the call": { abortAfter: 0 },
};

describe("S1, S5, S10: nothing is left behind", () => {
  test.each(Object.entries(cases))(
    "S10: by %s",
    async (_, { post = [], poll = [], client = () => ({}), call = {}, abortAfter }) => {
      const arm = await startArm();
      arm.onPost(...post);
      arm.onPoll(...poll);
      const controller = new AbortController();
      const { signal } = controller;
      if (abortAfter === 0) controller.abort();
      else if (abortAfter !== undefined) void pause(abortAfter).then(() => controller.abort());
      await expectNoLeftovers(
        async () => {
          await clientFor(arm, client())
            .reimage(vm, { tempDisk: true }, { signal, ...call })
            .catch(() => {});
          expect(abortListeners(signal)).toBe(0);
        },
        { signals: [signal], withinMs: 400 },
      );
      // What was answered in full may be kept alive; what was not is closed.
      await arm.until(() => arm.requests.every(({ complete, socket }) => complete || socket.closed));
    },
  );

  test("S10: a connection whose answer was not read to its end is closed", async () => {
    for (const answer of [
      hang(),
      endlessDrip({ everyMs: 2, bytes: 1 }),
      slowHeaders(json(200, {}), { everyMs: 20, bytes: 1 }),
    ]) {
      const arm = await startArm();
      arm.onPost(answer);
      await clientFor(arm, { requestTimeoutMs: 60 })
        .reimage(vm)
        .catch(() => {});
      await arm.until(() => arm.posts[0]?.socket.closed === true);
    }
  });

  test("S10: by 20 calls at once on one signal, which all end with it", async () => {
    const arm = await startArm();
    arm.onPost(always(hang()));
    const controller = new AbortController();
    const { signal } = controller;
    await expectNoLeftovers(
      async () => {
        const client = clientFor(arm);
        const all = Array.from({ length: 20 }, () =>
          client.reimage(vm, undefined, { signal }).catch((error: Error) => error.name),
        );
        await arm.until(() => arm.posts.filter(({ complete }) => complete).length === 20, 5_000);
        controller.abort();
        expect(new Set(await Promise.all(all))).toEqual(new Set(["AbortError"]));
        expect(abortListeners(signal)).toBe(0);
      },
      { signals: [signal], withinMs: 800 },
    );
    expect(everywhere.posts).toHaveLength(20);
  });

  test("S10: by an answer that comes after everyone left", async () => {
    const arm = await startArm();
    arm.onPost(delayed(80, accepted()));
    await expectNoLeftovers(async () => {
      await clientFor(arm, { requestTimeoutMs: 30 })
        .reimage(vm)
        .catch(() => {});
      await pause(80);
    });
    expect(arm.polls).toEqual([]);
  });
});
