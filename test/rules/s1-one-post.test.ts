/** S1 on real sockets: whatever becomes of the POST, exactly one arrives, and what is told about it is true. */

import { afterEach, describe, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { RequestRejectedError } from "../../src/index.js";
import {
  type Answer,
  type Arm,
  accepted,
  chunked,
  closeAll,
  cut,
  endlessDrip,
  everywhere,
  gzipped,
  hang,
  html,
  json,
  pause,
  raw,
  refused,
  reset,
  slowHeaders,
  startArm,
  status,
  text,
  throttled,
  withHeaderBlock,
  withHeaders,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import { clientFor, expectMaybe, failure, told, vm, vmPath } from "./support-s.js";

const { apiVersion } = virtualMachinesReimageOperation;

afterEach(closeAll);

/** A repeated POST would come within this time. */
const settle = 10;

/** Starts a reimage that the service answers so, and waits for a repetition that must not come. */
async function outcome(answer: Answer, options: { requestTimeoutMs?: number; timeoutMs?: number; tls?: boolean } = {}) {
  const { requestTimeoutMs = 3_000, timeoutMs, tls = true } = options;
  const arm = await startArm({ tls });
  arm.onPost(answer);
  const body = { tempDisk: true };
  const begin = timeoutMs === undefined ? {} : { timeoutMs };
  const client = clientFor(arm, { requestTimeoutMs, allowInsecureLoopback: !tls });
  const error = await failure(client.beginReimage(vm, body, begin));
  await pause(settle);
  return { arm, error };
}

function expectOnePost(arm: Arm): void {
  expect(everywhere.posts).toHaveLength(1);
  expect(everywhere.requests).toHaveLength(1);
  expect(arm.posts[0]?.url).toBe(`${vmPath}?api-version=${apiVersion}`);
}

/** What tempts a client into asking again, or into following something. */
function tempting(arm: { url: string }): Record<string, string> {
  return {
    "retry-after": "1",
    location: `${arm.url}/elsewhere`,
    "azure-asyncoperation": `${arm.url}/operations/1`,
    "www-authenticate": 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="',
    "x-ms-error-code": "RetryableError",
    connection: "close",
  };
}

describe("S1: a status that does not say whether the POST was taken", () => {
  test.each([500, 501, 502, 503, 504, 505, 507, 509, 511, 520, 522, 599])(
    "S1: %i is not repeated, and may have been taken",
    async (code) => {
      const { arm, error } = await outcome(refused(code, { code: "ServerError", message: "Try again later." }), {
        tls: false,
      });
      expectOnePost(arm);
      expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "maybe", reason: "server-error" });
      expect(error).toMatchObject({ status: code, code: "ServerError" });
    },
  );

  test("S1: 408 is not repeated, and may have been taken", async () => {
    const { arm, error } = await outcome(refused(408, { code: "RequestTimeout", message: "Timed out." }));
    expectOnePost(arm);
    expectMaybe(error);
    expect(error).toMatchObject({ status: 408 });
  });

  test.each([300, 301, 302, 303, 304, 305, 307, 308, 399])(
    "S1: %i is not repeated, and may have been taken",
    async (code) => {
      const arm = await startArm();
      arm.onPost(status(code, { location: `${arm.url}${vmPath}?again` }));
      const error = await failure(clientFor(arm).beginReimage(vm, { tempDisk: true }));
      await pause(settle);
      expectOnePost(arm);
      expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "maybe", reason: "redirect" });
    },
  );

  test.each([408, 500, 502, 503, 504, 307, 308])(
    "S1: %i with everything that tempts to repeat it is still one POST",
    async (code) => {
      const arm = await startArm();
      arm.onPost(withHeaders(json(code, { error: { code: "ServerTimeout", message: "retry" } }), tempting(arm)));
      expectMaybe(await failure(clientFor(arm).reimage(vm, { tempDisk: true })));
      await pause(settle);
      expectOnePost(arm);
    },
  );

  test("S1: an empty 500 and a 500 with a page are as unknown as one with an error", async () => {
    for (const answer of [status(500), html(502), text(503, "")]) {
      const { error } = await outcome(answer);
      expectMaybe(error);
      expect(everywhere.posts).toHaveLength(1);
      await closeAll();
    }
  });
});

describe("S1: an answer that is lost or broken", () => {
  const big = { osProfile: { customData: Buffer.alloc(60_000, 7).toString("base64") } };

  test.each(["request-headers", "request-body", "before-headers", "in-headers", "in-body"] as const)(
    "S1: a reset in the stage %s is not repeated, and may have been taken",
    async (at) => {
      const arm = await startArm();
      arm.onPost(reset({ at }));
      const error = await failure(clientFor(arm).beginReimage(vm, big));
      await pause(settle);
      expectMaybe(error);
      expect(everywhere.posts).toHaveLength(1);
      expect(everywhere.sockets).toHaveLength(1);
    },
  );

  test("S1: a reset on a connection that was kept alive from an earlier request is not repeated either", async () => {
    const arm = await startArm();
    arm.onPost(status(200), reset(), status(200), reset({ at: "in-headers" }));
    const client = clientFor(arm);
    for (const posts of [2, 4]) {
      await client.reimage(vm);
      expectMaybe(await failure(client.reimage(vm)));
      await pause(settle);
      expect(everywhere.posts).toHaveLength(posts);
    }
  });

  const done = json(200, { status: "Succeeded", properties: {} });
  const lost: readonly (readonly [string, Answer])[] = [
    ["an answer cut within its body", cut(done)],
    ["an answer whose announced body never came", cut(done, { keep: 0 })],
    ["an answer one byte short of what it announced", cut(done, { missing: 1 })],
    ["chunks without their end", cut(chunked(done))],
    ["an end of the connection without an answer", raw("")],
    ["an end within the status line", raw("HTTP/1.1 2")],
    ["an end within the headers", raw("HTTP/1.1 202 Accepted\r\nAzure-AsyncOp")],
    ["something that is no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n")],
    ["an HTTP version of the future", raw("HTTP/9.9 202 Accepted\r\n\r\n")],
    ["two lengths that disagree", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}       ")],
    ["a length that is no number", raw("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}")],
    ["a chunk size that is no number", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n")],
    [
      "an upgrade to another protocol",
      raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
    ],
    ["more headers than the runtime takes", withHeaderBlock(accepted(), 120_000)],
    ["a body that claims to be gzip", withHeaders(done, { "content-encoding": "gzip" })],
    ["a gzip body cut short", cut(gzipped(done))],
    ["a page instead of an answer", html(200)],
  ];
  test.each(lost)("S1: %s is not repeated, and may have been taken", async (_, answer) => {
    const { arm, error } = await outcome(answer, { tls: false });
    expectOnePost(arm);
    expectMaybe(error);
  });

  const slow: readonly (readonly [string, Answer])[] = [
    ["no answer at all", hang()],
    ["headers that come too slowly", slowHeaders(done, { everyMs: 20, bytes: 1 })],
    ["a body that drips without end", endlessDrip({ everyMs: 5, bytes: 3 })],
  ];
  test.each(slow)("S1: %s within requestTimeoutMs is not repeated, and may have been taken", async (_, answer) => {
    const { arm, error } = await outcome(answer, { requestTimeoutMs: 120 });
    expectOnePost(arm);
    expectMaybe(error);
  });
  test.each(slow)(
    "S1: %s within the timeoutMs of the POST is not repeated, and may have been taken",
    async (_, answer) => {
      const { arm, error } = await outcome(answer, { timeoutMs: 120 });
      expectOnePost(arm);
      expectMaybe(error);
    },
  );

  test("S1: the error names no success and no resume state, and leads to the activity log by the correlation id", async () => {
    const { arm, error } = await outcome(reset());
    const sent = arm.posts[0]?.headers["x-ms-correlation-request-id"];
    expect(error).toMatchObject({ vm, correlationId: sent, resume: undefined });
    expect(error.message).toContain(sent);
    expect(error.message).toContain(vm.vmName);
  });
});

describe("S1: a refusal", () => {
  test.each([
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 416, 417, 418, 422, 423, 424, 426, 428, 431, 451,
    499,
  ])("S1: %i is the service's refusal, once", async (code) => {
    const { arm, error } = await outcome(refused(code, { code: "Refused", message: "No." }), { tls: false });
    expectOnePost(arm);
    expect(error).toBeInstanceOf(RequestRejectedError);
    expect(error).toMatchObject({ started: "no", status: code, code: "Refused", serviceMessage: "No." });
  });

  test("S1: 407, which runtimes keep to themselves, is one POST and no success", async () => {
    const { arm, error } = await outcome(refused(407, { code: "Proxy", message: "No." }));
    expectOnePost(arm);
    expect(["RequestRejectedError no", "OutcomeUnknownError maybe"]).toContain(`${error.name} ${error.started}`);
  });

  test.each([
    ["with a body", { tempDisk: true }],
    ["without one", undefined],
  ])(
    "S1: 421 says that it was not taken, and a runtime may ask once more by itself (%s): at most two, told as refused",
    async (_, body) => {
      const arm = await startArm();
      arm.onPost(always(refused(421, { code: "MisdirectedRequest", message: "No." })));
      const error = await failure(clientFor(arm).reimage(vm, body));
      await pause(settle);
      expect(told(error)).toMatchObject({ name: "RequestRejectedError", started: "no" });
      expect(everywhere.posts.length).toBeLessThanOrEqual(2);
      expect(everywhere.requests.length).toBe(everywhere.posts.length);
    },
  );

  test("S1: a refusal is one whatever became of its body", async () => {
    const no = refused(409, { code: "OperationNotAllowed", message: "Busy." });
    const bodies = [cut(no), reset({ at: "in-body", of: no }), withHeaders(no, { "content-encoding": "gzip" })];
    for (const answer of [...bodies, html(403), status(404)]) {
      const { arm, error } = await outcome(answer);
      expectOnePost(arm);
      expect(told(error)).toMatchObject({ name: "RequestRejectedError", started: "no" });
      await closeAll();
    }
  });

  test("S1: an endlessly dripping refusal ends with the time limit, as the refusal that it is", async () => {
    const endless = endlessDrip({ everyMs: 5, bytes: 3 });
    const dripping: Answer = { ...endless, build: (context) => ({ ...endless.build(context), status: 409 }) };
    const { arm, error } = await outcome(dripping, { requestTimeoutMs: 120 });
    expectOnePost(arm);
    expect(told(error)).toMatchObject({ name: "RequestRejectedError", started: "no" });
  });

  test("S1: a 429 without Retry-After is refused at once", async () => {
    const { arm, error } = await outcome(throttled());
    expectOnePost(arm);
    expect(told(error)).toMatchObject({ name: "RequestRejectedError", started: "no" });
  });
});

describe("S1: two calls", () => {
  test("S1: each call is one POST of its own, and what happens to one does not touch the other", async () => {
    const arm = await startArm();
    arm.onPost(({ request }) => (request.body.includes("7.7.7") ? reset() : status(200)));
    arm.onPost(({ request }) => (request.body.includes("7.7.7") ? reset() : status(200)));
    const client = clientFor(arm);
    const [lost, done] = await Promise.all([
      failure(client.reimage(vm, { exactVersion: "7.7.7" })),
      client.reimage(vm, { exactVersion: "8.8.8" }),
    ]);
    await pause(settle);
    expectMaybe(lost);
    expect(done.status).toBe("succeeded");
    expect(everywhere.posts.map(({ body }) => JSON.parse(body).exactVersion).sort()).toEqual(["7.7.7", "8.8.8"]);
  });
});
