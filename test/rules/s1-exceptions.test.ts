/** S1: the two answers after which the POST is sent again, since the service said that it did not take it, and their bounds. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BeginOptions } from "../../src/index.js";
import {
  accepted,
  closeAll,
  cut,
  everywhere,
  fakeCredential,
  hang,
  json,
  pause,
  refused,
  rejects,
  reset,
  startArm,
  status,
  succeeded,
  throttled,
  unauthorized,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import {
  clientFor,
  ENDPOINT,
  expectMaybe,
  failure,
  inProcess,
  REASONS,
  type Say,
  say,
  say202,
  silence,
  told,
  vm,
} from "./support-s.js";

afterEach(closeAll);

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const rejected = { name: "RequestRejectedError", started: "no", reason: undefined };

describe("S1: a 401 with claims, on real sockets", () => {
  test("S1: the POST is sent once more, whole, with the new token", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), accepted());
    arm.onPoll(succeeded());
    const credential = fakeCredential();
    const body = { tempDisk: true, exactVersion: "1.2.3" };
    expect((await clientFor(arm, { credential }).reimage(vm, body)).status).toBe("succeeded");
    expect(arm.tokens()).toEqual(["token-1", "token-2", "token-2"]);
    expect(arm.posts.map((post) => JSON.parse(post.body))).toEqual([body, body]);
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, CLAIMS]);
    const ids = (name: string) => new Set(arm.posts.map(({ headers }) => headers[name])).size;
    expect([ids("x-ms-client-request-id"), ids("x-ms-correlation-request-id")]).toEqual([2, 1]);
  });

  test("S1: a second challenge ends it: two POSTs, refused", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), unauthorized({ claims: CLAIMS }), accepted());
    const error = await failure(clientFor(arm).reimage(vm));
    await pause(10);
    expect(told(error)).toEqual(rejected);
    expect(error).toMatchObject({ status: 401, code: "InvalidAuthenticationToken" });
    expect(everywhere.posts).toHaveLength(2);
  });

  const single: readonly (readonly [string, Parameters<typeof unauthorized>[0]])[] = [
    ["no challenge but an invalid token", {}],
    ["no header at all", { more: { "www-authenticate": null } }],
    ["claims that are empty", { more: { "www-authenticate": 'Bearer error="insufficient_claims", claims=""' } }],
    ["claims that are no base64", { more: { "www-authenticate": 'Bearer error="insufficient_claims", claims="{}!"' } }],
    ["claims that are no text", { more: { "www-authenticate": 'Bearer claims="//79/A=="' } }],
    ["a word that only ends in claims", { more: { "www-authenticate": 'Bearer error="insufficient_claims"' } }],
  ];
  test.each(single)("S1: a 401 with %s is refused, after one POST", async (_, challenge) => {
    const arm = await startArm();
    arm.onPost(unauthorized(challenge), accepted());
    expect(told(await failure(clientFor(arm).reimage(vm)))).toEqual(rejected);
    await pause(10);
    expect(everywhere.posts).toHaveLength(1);
  });

  test.each([400, 403, 407, 429, 500, 503])("S1: claims beside a %i are no reason to send it again", async (code) => {
    const arm = await startArm();
    const { headers } = { headers: { "www-authenticate": `Bearer claims="${btoa(CLAIMS)}"` } };
    arm.onPost(refused(code, { code: "No", message: "No." }, { more: headers }), accepted());
    await failure(clientFor(arm).reimage(vm));
    await pause(10);
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: when the credential has no new token, nothing more is sent, and the disk was not touched", async () => {
    for (const nothing of [null, rejects(new Error("interaction required"))]) {
      const arm = await startArm();
      arm.onPost(unauthorized({ claims: CLAIMS }), accepted());
      const credential = fakeCredential("token-1", nothing);
      expect(told(await failure(clientFor(arm, { credential }).reimage(vm)))).toMatchObject({
        name: "AuthenticationError",
        started: "no",
      });
      expect(everywhere.posts).toHaveLength(1);
      await closeAll();
    }
  });

  test("S1: what happens to the second POST counts as it would for the first", async () => {
    for (const answer of [reset(), refused(500, {}), status(308, { location: "/" }), refused(408, {})]) {
      const arm = await startArm();
      arm.onPost(unauthorized({ claims: CLAIMS }), answer, accepted());
      expectMaybe(await failure(clientFor(arm).reimage(vm)));
      await pause(10);
      expect(everywhere.posts).toHaveLength(2);
      await closeAll();
    }
  });

  test("S1: an abort between the two is no reimage: refused by the service, ended by the caller", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), accepted());
    const controller = new AbortController();
    const reason = new Error("enough");
    const credential = fakeCredential("token-1", () => {
      controller.abort(reason);
      return new Promise(() => {});
    });
    const error = await failure(clientFor(arm, { credential }).reimage(vm, undefined, { signal: controller.signal }));
    expect(error).toMatchObject({ name: "AbortError", started: "no", cause: reason });
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S1: a plain function is asked once more after a challenge, and its new token is used", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), status(200));
    let calls = 0;
    await clientFor(arm, { credential: () => `function-${++calls}` }).reimage(vm);
    expect(arm.tokens()).toEqual(["function-1", "function-2"]);
    expect(calls).toBe(2);
  });
});

describe("S1: a 429, on real sockets", () => {
  test("S1: with Retry-After the same POST is sent again after that time, not earlier", async () => {
    const arm = await startArm();
    arm.onPost(throttled({ retryAfter: 1 }), accepted());
    arm.onPoll(succeeded());
    await clientFor(arm).reimage(vm, { tempDisk: true });
    const [first, second, third] = everywhere.posts;
    expect(third).toBeUndefined();
    expect(second?.body).toBe(first?.body);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  });

  test("S1: beyond timeoutMs it is refused at once, with the time that was asked for", async () => {
    const arm = await startArm();
    arm.onPost(throttled({ retryAfter: 1200 }), accepted());
    const start = performance.now();
    const error = await failure(clientFor(arm).reimage(vm, undefined, { timeoutMs: 60_000 }));
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(told(error)).toEqual(rejected);
    expect(error).toMatchObject({ status: 429, retryAfterMs: 1_200_000, code: "OperationNotAllowed" });
    expect(everywhere.posts).toHaveLength(1);
  });

  test.each([
    ["a 429 with Retry-After", throttled({ retryAfter: 1 })],
    ["a 401 with claims", unauthorized({ claims: CLAIMS })],
  ])("S1: %s that was cut is refused, and not sent again", async (_, answer) => {
    for (const broken of [cut(answer), reset({ at: "in-body", of: answer })]) {
      const arm = await startArm();
      arm.onPost(broken, accepted());
      expect(told(await failure(clientFor(arm).reimage(vm)))).toEqual(rejected);
      expect(arm.posts).toHaveLength(1);
    }
  });

  test("S1: the time limit of the POST ends a hanging second POST as unknown", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), hang());
    expectMaybe(await failure(clientFor(arm).beginReimage(vm, undefined, { timeoutMs: 150 })));
    expect(everywhere.posts).toHaveLength(2);
  });
});

describe("S1: a 429, by the clock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 9, 0, 0) }));
  afterEach(() => void vi.useRealTimers());

  const busy = (retryAfter?: string, more: Record<string, string> = {}): Say =>
    say(
      429,
      { error: { code: "TooManyRequests" } },
      { ...(retryAfter !== undefined && { "retry-after": retryAfter }), ...more },
    );

  /** Begins, lets up to ten minutes pass, and tells what became of it and when each POST was sent. */
  async function run(options: BeginOptions, ...answers: Parameters<typeof inProcess>) {
    const service = inProcess(...answers);
    const start = performance.now();
    const sentAt: number[] = [];
    const client = clientFor(
      { url: ENDPOINT },
      {
        requestTimeoutMs: 60_000,
        fetch: (input, init) => {
          sentAt.push(Math.round(performance.now() - start));
          return service.fetch(input, init);
        },
      },
    );
    let ended = -1;
    const result = client.beginReimage(vm, undefined, options).then(
      () => undefined,
      (error: unknown) => error,
    );
    void result.then(() => {
      ended = Math.round(performance.now() - start);
    });
    for (let n = 0; n < 600 && ended < 0; n++) await vi.advanceTimersByTimeAsync(1_000);
    return { error: await result, sentAt, ended };
  }

  test("S1: it is sent again at most twice by default, each time after the wait that the last answer asked for", async () => {
    const { error, sentAt, ended } = await run({}, busy("7"), busy("11"), busy("3"), say202());
    expect(error).toMatchObject({ name: "RequestRejectedError", started: "no", status: 429, retryAfterMs: 3_000 });
    expect(sentAt).toEqual([0, 7_000, 18_000]);
    expect(ended).toBe(18_000);
  });

  test.each([0, 1, 3, 5])("S1: throttleRetries %i is honoured", async (throttleRetries) => {
    const { error, sentAt } = await run({ throttleRetries }, always(busy("2")));
    expect(error).toMatchObject({ name: "RequestRejectedError", retryAfterMs: 2_000 });
    expect(sentAt).toHaveLength(1 + throttleRetries);
  });

  test("S1: a 429 and then a 202 is a reimage", async () => {
    const { error, sentAt } = await run({}, busy("30"), say202());
    expect(error).toBeUndefined();
    expect(sentAt).toEqual([0, 30_000]);
  });

  const unusable = ["", "0", "-5", "1.5", "abc", "1e3", "0x10", "+5", "5 s", "5,6", "Infinity", "NaN", "٣"];
  test.each(unusable)("S1: Retry-After %j is none: refused after one POST", async (retryAfter) => {
    // Header values are Latin-1: what is not is sent as its UTF-8 bytes, as a server would.
    const { error, sentAt, ended } = await run({}, busy(Buffer.from(retryAfter).toString("latin1")), say202());
    expect(error).toMatchObject({ name: "RequestRejectedError", started: "no", status: 429 });
    expect(error).not.toHaveProperty("retryAfterMs");
    expect([sentAt, ended]).toEqual([[0], 0]);
  });

  test("S1: other headers that speak of a wait are no Retry-After: refused after one POST", async () => {
    for (const name of ["retry-after-ms", "x-ms-retry-after-ms", "x-retry-after", "x-ms-ratelimit-reset"]) {
      const { error, sentAt } = await run({}, busy(undefined, { [name]: "2000" }), say202());
      expect(error).toMatchObject({ name: "RequestRejectedError", status: 429 });
      expect(sentAt).toEqual([0]);
    }
  });

  const dates = [
    ["past", "Mon, 23 Nov 2026 08:59:59 GMT"],
    ["of RFC 850", "Monday, 23-Nov-26 09:00:20 GMT"],
    ["of asctime", "Mon Nov 23 09:00:20 2026"],
    ["of ISO 8601", "2026-11-23T09:00:20Z"],
    ["without a zone", "Mon, 23 Nov 2026 09:00:20"],
    ["that does not exist", "Mon, 99 Nov 2026 99:99:99 GMT"],
  ] as const;
  test.each(dates)("S1: a Retry-After date %s is none: refused after one POST", async (_, retryAfter) => {
    const { error, sentAt } = await run({}, busy(retryAfter), say202());
    expect(error).toMatchObject({ name: "RequestRejectedError", status: 429 });
    expect(sentAt).toEqual([0]);
  });

  test("S1: an IMF-fixdate counts against the answer's own Date, whatever our clock says", async () => {
    const date = { date: "Sun, 01 Jan 2023 00:00:00 GMT" };
    const { error, sentAt } = await run({}, busy("Sun, 01 Jan 2023 00:00:20 GMT", date), say202());
    expect(error).toBeUndefined();
    expect(sentAt).toEqual([0, 20_000]);
  });

  test("S1: only a wait inside timeoutMs is waited, and what the first took is gone for the second", async () => {
    const outside = await run({ timeoutMs: 5_000 }, busy("6"), say202());
    expect(outside.error).toMatchObject({ name: "RequestRejectedError", retryAfterMs: 6_000 });
    expect([outside.sentAt, outside.ended]).toEqual([[0], 0]);
    const inside = await run({ timeoutMs: 7_000 }, busy("6"), say202());
    expect([inside.error, inside.sentAt]).toEqual([undefined, [0, 6_000]]);
    const together = await run({ timeoutMs: 10_000 }, busy("6"), busy("6"), say202());
    expect(together.error).toMatchObject({ name: "RequestRejectedError", retryAfterMs: 6_000 });
    expect([together.sentAt, together.ended]).toEqual([[0, 6_000], 6_000]);
  });

  test("S1: the default limit for the POST with its waits is five minutes", async () => {
    expect((await run({}, busy("299"), say202())).sentAt).toEqual([0, 299_000]);
    const over = await run({}, busy("301"), say202());
    expect(over.error).toMatchObject({ name: "RequestRejectedError", retryAfterMs: 301_000 });
    expect(over.sentAt).toEqual([0]);
  });

  test("S1: a Retry-After beyond every timer is refused at once, never waited in a hurry", async () => {
    for (const huge of ["999999999", "99999999999999999999", "2147484"]) {
      const { error, sentAt } = await run({ timeoutMs: 250_000 }, busy(huge), say202());
      expect(error).toMatchObject({ name: "RequestRejectedError" });
      expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(2 ** 31 - 1);
      expect(sentAt).toEqual([0]);
    }
  });

  test("S1: the second POST has what is left of timeoutMs, not all of it", async () => {
    const { error, sentAt, ended } = await run({ timeoutMs: 10_000 }, busy("8"), silence);
    expect(error).toMatchObject({ name: "OutcomeUnknownError", started: "maybe" });
    expect(sentAt).toEqual([0, 8_000]);
    expect(ended).toBe(10_000);
  });

  test("S1: after a wait, what happens to the POST counts as it would for the first", async () => {
    const lost: Say = () => Promise.reject(new TypeError("fetch failed"));
    for (const answer of [lost, say(500), say(408), say(503, "", { "retry-after": "1" })]) {
      const { error, sentAt } = await run({}, busy("2"), answer, say202());
      expect(error).toMatchObject({ name: "OutcomeUnknownError", started: "maybe" });
      expect(REASONS).toContain((error as { reason: string }).reason);
      expect(sentAt).toEqual([0, 2_000]);
    }
  });

  test("S1: both exceptions together are bounded: at most one for the claims and two for the throttling", async () => {
    const challenge = say(401, {}, { "www-authenticate": `Bearer claims="${btoa(CLAIMS)}"` });
    const { error, sentAt } = await run({}, busy("1"), challenge, busy("1"), challenge, say202());
    expect(error).toMatchObject({ name: "RequestRejectedError", status: 401 });
    expect(sentAt).toEqual([0, 1_000, 1_000, 2_000]);
    const again = await run({}, challenge, busy("1"), busy("1"), busy("1"), say202());
    expect(again.error).toMatchObject({ name: "RequestRejectedError", status: 429 });
    expect(again.sentAt).toEqual([0, 0, 1_000, 2_000]);
  });

  test("S1: 503, 500 and 408 with a Retry-After are not throttling: one POST", async () => {
    for (const code of [408, 500, 503]) {
      const { error, sentAt } = await run({}, say(code, "", { "retry-after": "1" }), say202());
      expect(error).toMatchObject({ name: "OutcomeUnknownError", started: "maybe", status: code });
      expect(sentAt).toEqual([0]);
    }
  });

  test("S1: an abort while waiting ends it at once: nothing was taken, nothing is sent", async () => {
    const controller = new AbortController();
    const reason = { word: "stop" };
    setTimeout(() => controller.abort(reason), 4_000);
    const { error, sentAt, ended } = await run({ signal: controller.signal }, busy("60"), say202());
    expect(error).toMatchObject({ name: "AbortError", started: "no" });
    expect((error as Error).cause).toBe(reason);
    expect([sentAt, ended]).toEqual([[0], 4_000]);
  });

  test("S1: nothing but json(429) decides: the same body with another status is not sent again", async () => {
    const { error, sentAt } = await run(
      {},
      say(400, { error: { code: "TooManyRequests" } }, { "retry-after": "1" }),
      say202(),
    );
    expect(error).toMatchObject({ name: "RequestRejectedError", status: 400 });
    expect(sentAt).toEqual([0]);
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2"])(
    "S1: throttleRetries %j is refused before anything is sent",
    async (bad) => {
      const { error, sentAt } = await run({ throttleRetries: bad as number }, say202());
      expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
      expect(sentAt).toEqual([]);
    },
  );
});

test("S1: the answers to a throttled POST are told as retries, each before its wait", async () => {
  const events: string[] = [];
  const arm = await startArm();
  arm.onPost(unauthorized({ claims: CLAIMS }), json(200, {}));
  await clientFor(arm, {
    onEvent: (event) => void events.push(event.type === "retry" ? `retry ${event.reason}` : event.type),
  }).beginReimage(vm);
  expect(events.slice(0, 5)).toEqual(["request", "response", "retry challenged", "request", "response"]);
});
