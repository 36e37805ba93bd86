// L11 and L13 over real sockets: a status that cannot be read is not an operation that failed.
import { afterEach, describe, expect, test } from "vitest";
import type { OperationState } from "../../src/index.js";
import {
  type Answer,
  accepted,
  always,
  chunked,
  closeAll,
  closing,
  cut,
  endlessDrip,
  fakeCredential,
  hang,
  html,
  json,
  locationDone,
  neverSettles,
  raw,
  refused,
  rejects,
  reset,
  resolvesTo,
  running,
  startArm,
  startEvil,
  status,
  succeeded,
  throttled,
  throws,
  token,
  unauthorized,
} from "../harness/index.js";
import { begun, caught, clientOf, vm } from "./support-client.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });
const six = (answer: Answer) => Array.from({ length: 6 }, () => answer);
/** Ends with the service's word, to be found out if a failed read is taken for an end. */
const withWord = (code: number) => json(code, { status: code % 2 === 0 ? "Failed" : "Succeeded" });

describe("L11", () => {
  test.each([408, 429, 500, 501, 502, 503, 504, 599])(
    "L11: %i is read again, for as long as it lasts",
    async (code) => {
      const { arm, operation } = await begun(azure);
      arm.onPoll(...six(withWord(code)), running(), status(code), succeeded());
      const failures: (number | undefined)[] = [];
      const onProgress = (state: OperationState) => {
        failures.push(state.status === "running" ? state.readFailures : undefined);
      };
      expect(await operation.wait({ onProgress })).toMatchObject({ status: "succeeded", polls: 9 });
      expect(failures).toEqual([1, 2, 3, 4, 5, 6, 0, 1, undefined]);
    },
  );

  const mishaps: [string, Answer][] = [
    ["a reset while the request comes in", reset({ at: "request-headers" })],
    ["a reset before an answer", reset({ at: "before-headers" })],
    ["a reset within the headers", reset({ at: "in-headers" })],
    ["a reset within the body", reset({ at: "in-body" })],
    ["the end of the connection within the body", cut(json(200, { status: "Succeeded" }))],
    ["the end of the connection within a chunked body", cut(chunked(json(200, { status: "Failed" })))],
    ["the end of the connection without an answer", raw("")],
    ["an answer that is no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n")],
    ["no answer within the time", hang()],
    ["a body that drips beyond the time", endlessDrip({ everyMs: 10, bytes: 1 })],
  ];
  test.each(mishaps)("L11: %s is read again", async (_, answer) => {
    const { arm, operation } = await begun(azure, { requestTimeoutMs: 250 });
    arm.onPoll(answer, answer, succeeded());
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1, polls: 1 });
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 3 });
  });

  test("L11: connections that are reset, closed or refused before a word was said are tried again", async () => {
    const { arm, operation } = await begun(
      accepted({ headers: "azure", signed: false, more: { connection: "close" } }),
    );
    arm.onConnect("reset", "end", "reset", "reset", "end", "reset", "end");
    arm.onPoll(closing(succeeded()));
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 8 });
    const { arm: gone, operation: orphan } = await begun(azure);
    await gone.close();
    for (let n = 1; n <= 7; n += 1) expect(await orphan.poll()).toMatchObject({ status: "running", readFailures: n });
  });

  const hiccups: [string, Parameters<typeof fakeCredential>[number]][] = [
    ["rejects", rejects(new Error("the token service is down"))],
    ["throws", throws(new Error("no managed identity here"))],
    ["gives null", null],
    ["gives nothing", resolvesTo(undefined)],
    ["gives an empty token", resolvesTo({ token: "", expiresOnTimestamp: Date.now() + 1e6 })],
  ];
  test.each(hiccups)("L11: a credential that %s for the moment is asked again", async (_, hiccup) => {
    const credential = fakeCredential(token("one", 1), hiccup, hiccup, hiccup, hiccup, hiccup, hiccup, token("two"));
    const { arm, operation } = await begun(azure, { credential });
    arm.onPoll(running(), succeeded());
    for (let n = 1; n <= 6; n += 1)
      expect(await operation.poll()).toMatchObject({ status: "running", readFailures: n });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
    expect(arm.tokens()).toEqual(["one", "two", "two"]);
  });

  test("L11: a credential that never settles is given up after the request's time, and asked again", async () => {
    const credential = fakeCredential(token("one", 1), neverSettles(), neverSettles(), token("two"));
    const { arm, operation } = await begun(azure, { credential, requestTimeoutMs: 250 });
    arm.onPoll(succeeded());
    for (const n of [1, 2]) expect(await operation.poll()).toMatchObject({ status: "running", readFailures: n });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
    expect(arm.tokens()).toEqual(["one", "two"]);
  });

  test("L11: a function that gives no token for the moment is asked again", async () => {
    let calls = 0;
    const credential = () => {
      calls += 1;
      if (calls === 2) throw new Error("not now");
      return calls === 3 ? "" : `token-${calls}`;
    };
    const { arm, operation } = await begun(azure, { credential });
    arm.onPoll(succeeded());
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 3 });
    expect(arm.tokens()).toEqual(["token-1", "token-4"]);
  });

  test("L11: failures to read go on until the overall limit, and are no end even then", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(always(status(503)));
    const from = performance.now();
    const error = await caught(operation.wait({ timeoutMs: 300 }), "WaitTimeoutError");
    expect(performance.now() - from).toBeGreaterThan(295);
    expect(error).toMatchObject({ started: "yes", resume: operation.toJSON(), vm });
    expect(arm.polls.length).toBeGreaterThanOrEqual(4);
    // The last poll may have been under way when the time was over.
    expect(arm.polls.length - operation.state.polls).toBeLessThanOrEqual(1);
    expect(operation.state).toMatchObject({ status: "running", readFailures: operation.state.polls });
    // 1, 2, 4, 8, … ms: it did not hammer either.
    expect(arm.polls.length).toBeLessThanOrEqual(12);
  });

  test("L11: a 401 renews the token once", async () => {
    const { arm, operation } = await begun(azure, { credential: fakeCredential() });
    arm.onPoll(unauthorized(), running(), succeeded());
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 0, polls: 1 });
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 2 });
    expect(arm.tokens()).toEqual(["token-1", "token-1", "token-2", "token-2"]);
  });

  test("L11: each later 401 renews it once more", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(unauthorized(), running(), unauthorized(), running(), unauthorized(), succeeded());
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 3 });
    expect(new Set(arm.tokens()).size).toBe(4);
  });

  test("L11: a function is called again after a 401", async () => {
    let calls = 0;
    const { arm, operation } = await begun(azure, { credential: () => `token-${++calls}` });
    arm.onPoll(unauthorized(), succeeded());
    await operation.wait();
    expect(arm.tokens()).toEqual(["token-1", "token-2", "token-3"]);
  });

  test("L11: a second 401 is AuthenticationError with the state to resume from, and does not end it", async () => {
    const { arm, client, operation } = await begun(azure);
    arm.onPoll(unauthorized(), unauthorized(), succeeded(), succeeded());
    const error = await caught(operation.wait(), "AuthenticationError");
    expect(error).toMatchObject({ started: "yes", resume: operation.toJSON(), vm });
    expect(arm.polls).toHaveLength(2);
    expect(operation.state.status).toBe("running");
    if (error.resume === undefined) throw new Error("no resume state");
    expect(await client.resume(error.resume).wait()).toMatchObject({ status: "succeeded" });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
  });

  test("L11: a 401 whose renewal fails for the moment, or meets a 503, is read again", async () => {
    const credential = fakeCredential("one", rejects(new Error("down")), "two", "three");
    const { arm, operation } = await begun(azure, { credential });
    arm.onPoll(unauthorized(), unauthorized(), status(503), succeeded());
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1 });
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 2 });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
    expect(arm.requests.map((request) => request.token)).toEqual(["one", "one", "two", "three", "three"]);
  });

  test.each([400, 404, 409, 499])("L11: %i is suffered five times in a row", async (code) => {
    const { arm, operation } = await begun(azure);
    const [, ...five] = six(withWord(code));
    arm.onPoll(...five, running(), ...five, succeeded());
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 12 });
  });

  test.each([400, 404, 409, 422])("L11: the sixth %i in a row is OutcomeUnknownError", async (code) => {
    const { arm, operation } = await begun(azure);
    const error = { code: "OperationRecordNotFound", message: "There is no such operation." };
    arm.onPoll(...six(refused(code, error)));
    const thrown = await caught(operation.wait(), "OutcomeUnknownError");
    expect(thrown).toMatchObject({ reason: "unreadable-status", started: "yes", resume: operation.toJSON() });
    expect(thrown).toMatchObject({ status: code, code: error.code, serviceMessage: error.message });
    expect(arm.polls).toHaveLength(6);
    expect(operation.state.status).toBe("running");
  });

  test("L11: unreadable answers and 4xx count in one row", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(status(404), html(), status(400), status(200), json(200, "[]"), status(404));
    await caught(operation.wait(), "OutcomeUnknownError");
    expect(arm.polls).toHaveLength(6);
  });

  test.each([
    [403, "status-forbidden"],
    [410, "status-gone"],
  ])("L11: %i is unknown at once, with the service's error", async (code, reason) => {
    const error = { code: "AuthorizationFailed", message: "The client has no right to read it.", target: "status" };
    const { arm, operation } = await begun(azure);
    arm.onPoll(refused(code, error));
    const thrown = await caught(operation.wait(), "OutcomeUnknownError");
    expect(thrown).toMatchObject({ reason, started: "yes", resume: operation.toJSON(), status: code });
    expect(thrown).toMatchObject({ code: error.code, serviceMessage: error.message, target: error.target });
    // What is gone is not there later either: nobody is advised to ask again.
    expect(thrown.message.includes("client.resume(error.resume)")).toBe(code === 403);
    expect(arm.polls).toHaveLength(1);
  });

  test.each([300, 301, 302, 303, 304, 307, 308])("L11: %i is never followed", async (code) => {
    const [arm, evil] = [await startArm(), await startEvil()];
    for (const where of [`${evil.url}/x`, `${arm.url}/x`, "/x"]) {
      arm.onPost(azure);
      arm.onPoll(status(code, { location: where, "azure-asyncoperation": where }));
      const operation = await clientOf(arm).beginReimage(vm);
      const error = await caught(operation.wait(), "OutcomeUnknownError");
      expect(error).toMatchObject({ reason: "redirect", started: "yes", status: code, resume: operation.toJSON() });
    }
    expect(arm.polls).toHaveLength(3);
    expect(arm.polls.every(({ url }) => url !== "/x")).toBe(true);
    await evil.expectUntouched();
  });

  test("L11: a browser's opaque redirect, with status 0, is not followed either", async () => {
    const arm = await startArm();
    arm.onPost(azure);
    const opaque = async (): Promise<Response> => {
      const response = new Response(null);
      Object.defineProperties(response, { status: { value: 0 }, type: { value: "opaqueredirect" } });
      return response;
    };
    const operation = await clientOf(arm).beginReimage(vm);
    const elsewhere = clientOf(arm, { fetch: opaque });
    const error = await caught(elsewhere.resume(operation.toJSON()).wait(), "OutcomeUnknownError");
    expect(error).toMatchObject({ reason: "redirect", started: "yes", resume: operation.toJSON() });
  });

  test("L11: every request is sent with redirect: manual", async () => {
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(unauthorized(), running(), succeeded());
    const modes: string[] = [];
    const spying: typeof fetch = (input, init) => {
      modes.push(new Request(input, init).redirect);
      return fetch(input, init);
    };
    await clientOf(arm, { fetch: spying }).reimage(vm);
    expect(modes).toEqual(["manual", "manual", "manual", "manual"]);
  });
});

describe("L13", () => {
  test("L13: poll sends one status request, now, however far the next one is", async () => {
    const { arm, operation } = await begun(accepted({ headers: "azure", signed: false, retryAfter: 600 }));
    arm.onPoll(running({ retryAfter: 600 }), running(), succeeded());
    for (let n = 1; n <= 3; n += 1) {
      const state = await operation.poll();
      expect(state).toBe(operation.state);
      expect(state.polls).toBe(n);
      expect(arm.polls).toHaveLength(n);
    }
    expect(operation.done).toBe(true);
  });

  test("L13: nextPollAt is when the next one is due, by the wall clock", async () => {
    const { arm, operation } = await begun(accepted({ headers: "azure", signed: false, retryAfter: 60 }), {
      pollIntervalMs: 10_000,
    });
    const due = () => {
      if (operation.state.status !== "running") throw new Error("it ended");
      return operation.state.nextPollAt - Date.now();
    };
    expect(due()).toBeGreaterThan(58_000);
    expect(due()).toBeLessThanOrEqual(60_000);
    arm.onPoll(running({ retryAfter: 30 }), running(), status(503), status(503), throttled({ retryAfter: 1200 }));
    await operation.poll();
    expect(due()).toBeGreaterThan(28_000);
    expect(due()).toBeLessThanOrEqual(30_000);
    await operation.poll();
    expect(due()).toBeGreaterThan(8000);
    expect(due()).toBeLessThanOrEqual(10_000);
    for (const bound of [1000, 2000]) {
      await operation.poll();
      expect(due()).toBeGreaterThan(0);
      expect(due()).toBeLessThanOrEqual(bound);
    }
    await operation.poll();
    expect(due()).toBeGreaterThan(1_198_000);
    expect(due()).toBeLessThanOrEqual(1_200_000);
  });

  test("L13: a failed read keeps what was known, counts, and resolves to the running state", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(json(200, { status: "Updating", percentComplete: 40 }), reset(), status(500), running());
    await operation.poll();
    for (const failures of [1, 2]) {
      const known = { status: "running", serviceStatus: "Updating", percentComplete: 40 };
      expect(await operation.poll()).toMatchObject({ ...known, readFailures: failures, polls: failures + 1 });
    }
    expect(await operation.poll()).toMatchObject({ readFailures: 0, polls: 4 });
  });

  const ends: [string, Answer[], "OutcomeUnknownError" | "AuthenticationError"][] = [
    ["a sixth 404", six(status(404)), "OutcomeUnknownError"],
    ["a 403", [status(403)], "OutcomeUnknownError"],
    ["a 410", [status(410)], "OutcomeUnknownError"],
    ["a redirect", [status(307, { location: "/x" })], "OutcomeUnknownError"],
    ["two 401", [unauthorized(), unauthorized()], "AuthenticationError"],
    ["a strange URL", [running({ more: { location: "https://evil.example/" } })], "OutcomeUnknownError"],
  ];
  test.each(ends)("L13: %s rejects, and yet everything can be called again", async (_, answers, name) => {
    const calls: ((operation: Awaited<ReturnType<typeof begun>>["operation"]) => Promise<unknown>)[] = [
      (operation) => operation.poll(),
      (operation) => operation.wait(),
      async (operation) => {
        for await (const _state of operation);
      },
    ];
    const { arm, operation } = await begun(azure);
    for (const call of calls) {
      arm.onPoll(running(), ...answers);
      await operation.poll();
      if (answers.length === 6) for (let n = 0; n < 5; n += 1) await operation.poll();
      const error = await caught(call(operation), name);
      expect(error.resume).toEqual(operation.toJSON());
      expect(operation.toJSON().status).toBe("running");
      expect(operation.done).toBe(false);
    }
    arm.onPoll(succeeded());
    expect(await operation.poll()).toMatchObject({ status: "succeeded" });
  });

  test("L13: only giving up rejects: a fleet of failures resolves", async () => {
    const { arm, operation } = await begun(accepted({ headers: "location", signed: false }), { requestTimeoutMs: 250 });
    const all = [reset(), hang(), status(500), throttled(), status(404), html(), cut(json(200, {})), status(408)];
    arm.onPoll(...all, locationDone());
    for (let n = 1; n <= all.length; n += 1) {
      expect(await operation.poll()).toMatchObject({ status: "running", readFailures: n });
      expect(operation.toJSON().status).toBe("running");
    }
    expect(await operation.poll()).toMatchObject({ status: "succeeded" });
  });
});
