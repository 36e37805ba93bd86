/** The one GET, over real sockets: what is sent, where, with which token, for how long; and what is said when no VM comes back. */
import { afterEach, describe, expect, test } from "vitest";
import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
import { createReimageClient, type ReimageClient } from "../../src/index.js";
import { inspect } from "../../src/preflight/index.js";
import {
  type Answer,
  chunked,
  closeAll,
  cut,
  delayed,
  drip,
  endlessDrip,
  everywhere,
  expectNoLeftovers,
  fakeCredential,
  gzipBomb,
  gzipped,
  hang,
  html,
  json,
  neverSettles,
  redirect,
  refusedUrl,
  rejects,
  reset,
  resolvesTo,
  startArm,
  startEvil,
  status,
  waitsForAbort,
  withByteOrderMark,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import { clientFor, ENDPOINT, failure, inProcess, reasonOf, say, vm } from "../rules/support-s.js";
import { documentOf, listener, lookAt, osDisk, vmPath } from "./support.js";

afterEach(closeAll);

const path = `${vmPath}?api-version=${virtualMachinesGetOperation.apiVersion}`;
const found = json(200, documentOf());
const kept = { oldOsDisk: "kept", location: "West US" };

describe("what is sent", () => {
  test("one GET of the VM, without a body, with the token and the ids, and nothing else", async () => {
    const arm = await startArm();
    arm.onRead(found);
    const credential = fakeCredential();
    expect(await inspect(clientFor(arm, { credential }), vm)).toMatchObject(kept);
    expect(everywhere.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${path}`]);
    const [request] = arm.requests;
    expect(request?.body.length).toBe(0);
    expect(request?.headers).toMatchObject({
      accept: "application/json",
      authorization: "Bearer token-1",
      "x-ms-correlation-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-ms-client-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(credential.calls.map(({ scopes }) => scopes)).toEqual([`${arm.url}/.default`]);
  });

  test("a VM is named by its ARM resource id as well, and a path prefix of the endpoint is kept", async () => {
    const arm = await startArm();
    arm.onRead(found);
    const client = clientFor({ url: `${arm.url}/azure/` });
    expect(await inspect(client, vmPath.toUpperCase().replace("VM-ONE", "vm-one"))).toMatchObject(kept);
    expect(arm.requests[0]?.url).toBe(`/azure${path.replace("6c8e9a1e", "6C8E9A1E").replace("/rg-one/", "/RG-ONE/")}`);
  });

  test("the client tells of it through onEvent: the request and the answer, without the query", async () => {
    const { events, onEvent } = listener();
    await lookAt(say(200, documentOf(), { "x-ms-request-id": "r-1" }), { onEvent });
    const facts = {
      method: "GET",
      url: `${ENDPOINT}${vmPath}`,
      correlationId: expect.any(String),
      clientRequestId: expect.any(String),
    };
    expect(events).toEqual([
      { type: "request", ...facts },
      { type: "response", ...facts, status: 200, requestId: "r-1", durationMs: expect.any(Number) },
    ]);
    expect((events[0] as { correlationId: string }).correlationId).toBe((events[1] as typeof facts).correlationId);
  });

  test("the client's fetch is used, and sees the GET with redirects turned off", async () => {
    const service = inProcess(say(200, documentOf()));
    await inspect(clientFor({ url: ENDPOINT }, { fetch: service.fetch }), vm);
    expect(service.calls).toMatchObject([{ method: "GET", redirect: "manual", body: "", url: `${ENDPOINT}${path}` }]);
  });
});

describe("what is refused before a byte is sent", () => {
  const client = createReimageClient({ credential: () => "t", fetch: () => Promise.reject(new Error("it was sent")) });

  test.each<[string, unknown]>([
    ["a copy of it", { ...client }],
    ["one that wraps it", Object.create(client)],
    ["a mock", { beginReimage() {}, reimage() {}, resume() {} }],
    ["an empty object", {}],
    ["null", null],
    ["nothing", undefined],
    ["a text", "client"],
  ])("a client that is not ours: %s", async (_, other) => {
    const error = await failure(inspect(other as ReimageClient, vm));
    expect(error).toMatchObject({ name: "InvalidInputError", started: "no", issues: [{ path: "client" }] });
  });

  test.each([
    ["a name", { ...vm, vmName: "a/b" }, "vmName"],
    ["a subscription", { ...vm, subscriptionId: "1" }, "subscriptionId"],
    ["a resource group", { ...vm, resourceGroupName: ".." }, "resourceGroupName"],
    ["an id of something else", `${vmPath}/extensions/x`, "vm"],
    ["an id that leads out", vmPath.replace("rg-one", "rg-one/../other"), "vm"],
  ])("%s that breaks its rule", async (_, name, at) => {
    const error = await failure(inspect(client, name));
    expect(error).toMatchObject({ name: "InvalidInputError", issues: [{ path: at }] });
    expect(JSON.stringify(error)).not.toContain("a/b");
  });

  test("a signal that is none", async () => {
    const error = await failure(inspect(client, vm, { signal: {} as AbortSignal }));
    expect(error).toMatchObject({ name: "InvalidInputError", issues: [{ path: "signal" }], vm });
  });
});

describe("an answer that comes late, large or written oddly", () => {
  test.each<[string, Answer]>([
    ["chunked", chunked(found)],
    ["gzipped", gzipped(found)],
    ["with a byte order mark", withByteOrderMark(found)],
    ["with a wrong content type", json(200, documentOf(), { "content-type": "text/html" })],
    ["in drops", drip(found, { everyMs: 1, bytes: 200 })],
    ["of nearly a MiB", json(200, { ...documentOf(), more: "x".repeat(1_000_000) })],
  ])("%s it is read", async (_, answer) => {
    const arm = await startArm();
    arm.onRead(answer);
    expect(await inspect(clientFor(arm), vm)).toMatchObject(kept);
  });

  test.each<[string, Answer]>([
    ["over a MiB", json(200, { ...documentOf(), more: "x".repeat(1_048_576) })],
    ["a bomb of gzip", gzipBomb()],
    ["a login page", html()],
    ["an empty body", status(200)],
  ])("%s is no VM", async (_, answer) => {
    const arm = await startArm();
    arm.onRead(answer);
    expect(await failure(inspect(clientFor(arm), vm))).toMatchObject({ name: "RequestRejectedError", status: 200 });
    expect(arm.requests).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ["cut within its body", cut(found)],
    ["cut before its last byte", cut(found, { missing: 1 })],
    ["cut before its last chunk", cut(chunked(found))],
    ["reset within its body", reset({ at: "in-body", of: found })],
    ["reset before its headers", reset({ of: found })],
    ["reset within its headers", reset({ at: "in-headers", of: found })],
  ])("%s it is no answer, and not asked for again", async (_, answer) => {
    const arm = await startArm();
    arm.onRead(answer);
    const error = await failure(inspect(clientFor(arm), vm));
    expect(error).toMatchObject({ name: "NotSentError", started: "no", vm, correlationId: expect.any(String) });
    expect(error.message).toMatch(
      /^Reimage of vm-one \(rg-one, subscription \S+\) has no preflight: no answer: .+\. This call changed nothing\.$/,
    );
    expect(arm.requests).toHaveLength(1);
  });

  test("a service that nobody reaches is NotSentError, with what the runtime says", async () => {
    const error = await failure(inspect(clientFor({ url: await refusedUrl() }), vm));
    expect(error).toMatchObject({ name: "NotSentError", started: "no" });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.each<[string, Answer]>([
    ["no answer", hang()],
    ["headers alone", endlessDrip({ everyMs: 5, bytes: 1 })],
    ["a slow body", drip(found, { everyMs: 20, bytes: 5 })],
  ])("%s within the client's time for a request is NotSentError, and nothing stays behind", async (_, answer) => {
    const arm = await startArm();
    arm.onRead(answer);
    const begun = performance.now();
    const error = await expectNoLeftovers(() => failure(inspect(clientFor(arm, { requestTimeoutMs: 120 }), vm)));
    expect(error).toMatchObject({ name: "NotSentError", started: "no" });
    expect(performance.now() - begun).toBeGreaterThan(100);
    expect(performance.now() - begun).toBeLessThan(2_500);
  });
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308] as const)("%i is not followed, and nobody else is contacted", async (code) => {
    const [arm, evil] = await Promise.all([startArm(), startEvil()]);
    arm.onRead(redirect(code, `${evil.url}${path}`));
    const error = await failure(inspect(clientFor(arm), vm));
    expect(error).toMatchObject({ name: "RequestRejectedError", started: "no", status: code });
    expect(error.message).toContain(`answered, but not with a VM: HTTP ${code}.`);
    await evil.expectUntouched();
    expect(everywhere.requests).toHaveLength(1);
  });

  test("a browser's opaque one is an answer without a status", async () => {
    const opaque = () => Object.defineProperty(new Response(null), "status", { value: 0 });
    expect(await failure(lookAt(opaque))).toMatchObject({ name: "RequestRejectedError", status: 0 });
  });

  test("status headers and a Retry-After on a VM mean nothing", async () => {
    const [arm, evil] = await Promise.all([startArm(), startEvil()]);
    const headers = { location: evil.url, "azure-asyncoperation": evil.url, "retry-after": "1" };
    arm.onRead(json(200, documentOf(), headers));
    expect(await inspect(clientFor(arm), vm)).toMatchObject(kept);
    await evil.expectUntouched();
  });
});

describe("a service that says no", () => {
  const refusal = (code: string) => ({ error: { code, message: "Because of this." } });

  test.each([
    [400, "InvalidParameter"],
    [403, "AuthorizationFailed"],
    [404, "ResourceNotFound"],
    [408, "RequestTimeout"],
    [409, "Conflict"],
    [500, "InternalServerError"],
    [503, "ServerBusy"],
  ])(
    "%i is RequestRejectedError with its words, asked once, and no reimage is said to be refused",
    async (code, word) => {
      const arm = await startArm();
      arm.onRead(json(code, refusal(word), { "x-ms-request-id": "r-7" }));
      const error = await failure(inspect(clientFor(arm), vm));
      expect(error).toMatchObject({
        name: "RequestRejectedError",
        started: "no",
        status: code,
        code: word,
        serviceMessage: "Because of this.",
        requestId: "r-7",
        vm,
        correlationId: arm.requests[0]?.headers["x-ms-correlation-request-id"],
      });
      expect(error.resume).toBeUndefined();
      expect(Object.keys(error.toJSON()).sort()).toEqual(
        "code correlationId message name requestId serviceMessage started status vm".split(" "),
      );
      expect(error.message).toBe(
        `Reimage of vm-one (rg-one, subscription ${vm.subscriptionId}) has no preflight: refused by the service: HTTP ${code}: ${word}: Because of this. This call changed nothing.`,
      );
      expect(arm.requests).toHaveLength(1);
    },
  );

  test("a 429 of Compute without the envelope is told with the wait that it asks for, and not waited for", async () => {
    const bare = {
      code: "OperationNotAllowed",
      message: "The server rejected the request because too many requests have been received for this subscription.",
      details: [{ code: "TooManyRequests", target: "HighCostGet", message: "{}" }],
    };
    const arm = await startArm();
    arm.onRead(json(429, bare, { "retry-after": "1200" }));
    const error = await failure(inspect(clientFor(arm), vm));
    expect(error).toMatchObject({
      name: "RequestRejectedError",
      status: 429,
      code: "OperationNotAllowed",
      retryAfterMs: 1_200_000,
      hint: "Throttled: try again in 1200 s.",
      details: [{ code: "TooManyRequests", target: "HighCostGet" }],
    });
    expect(arm.requests).toHaveLength(1);
  });

  test("a refusal whose body is cut off is a refusal", async () => {
    const arm = await startArm();
    arm.onRead(cut(json(403, refusal("AuthorizationFailed"))));
    expect(await failure(inspect(clientFor(arm), vm))).toMatchObject({ name: "RequestRejectedError", status: 403 });
  });
});

describe("a token", () => {
  test.each([
    ["none", () => fakeCredential(null)],
    ["a credential that rejects", () => fakeCredential(rejects(new Error("signed out")))],
    ["one of two words", () => fakeCredential(resolvesTo({ token: "a b", expiresOnTimestamp: Date.now() + 1e6 }))],
  ])("%s: AuthenticationError, and nothing is sent", async (_, credential) => {
    const arm = await startArm();
    const error = await failure(inspect(clientFor(arm, { credential: credential() }), vm));
    expect(error).toMatchObject({ name: "AuthenticationError", started: "no", vm });
    expect(error.message).toMatch(/^Reimage of vm-one .* has no preflight: no usable token: /);
    expect(everywhere.sockets).toHaveLength(0);
  });

  test("that never comes is given up after the time for a request", async () => {
    const arm = await startArm();
    const client = clientFor(arm, { credential: fakeCredential(neverSettles()), requestTimeoutMs: 50 });
    expect(await failure(inspect(client, vm))).toMatchObject({ name: "AuthenticationError", started: "no" });
  });

  test("a 401 is answered with a new one, once, and with the claims that it asks for", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const challenge = `Bearer authorization_uri="https://evil.example/", claims="${btoa(claims)}"`;
    const arm = await startArm();
    arm.onRead(status(401, { "www-authenticate": challenge }), found);
    const credential = fakeCredential();
    expect(await inspect(clientFor(arm, { credential }), vm)).toMatchObject(kept);
    expect(arm.tokens()).toEqual(["token-1", "token-2"]);
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, claims]);
    const correlations = arm.requests.map(({ headers }) => headers["x-ms-correlation-request-id"]);
    expect(new Set(correlations).size).toBe(1);
  });

  test("refused twice is AuthenticationError, and is not used again", async () => {
    const arm = await startArm();
    arm.onRead(json(401, { error: { code: "InvalidAuthenticationToken", message: "no" } }), status(401), found);
    const client = clientFor(arm);
    const error = await failure(inspect(client, vm));
    expect(error).toMatchObject({ name: "AuthenticationError", started: "no", status: 401 });
    expect(error.message).toContain("refused with a new token too: HTTP 401. This call changed nothing.");
    expect(await inspect(client, vm)).toMatchObject(kept);
    expect(arm.tokens()).toEqual(["token-1", "token-2", "token-3"]);
  });

  test("is shared with the reimages of the client", async () => {
    const arm = await startArm();
    arm.onRead(found, found);
    const credential = fakeCredential();
    const client = clientFor(arm, { credential });
    await inspect(client, vm);
    await inspect(client, vm);
    expect(credential.calls).toHaveLength(1);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  test("before the call sends nothing, and rejects with the reason itself", async () => {
    const arm = await startArm();
    const credential = fakeCredential();
    const signal = AbortSignal.abort(reason);
    expect(await reasonOf(inspect(clientFor(arm, { credential }), vm, { signal }))).toBe(reason);
    expect([credential.calls.length, everywhere.sockets.length]).toEqual([0, 0]);
  });

  test.each<[string, Answer]>([
    ["no answer comes", hang()],
    ["the answer drips", endlessDrip({ everyMs: 5, bytes: 1 })],
    ["a refusal drips", drip(json(404, { error: { message: "x".repeat(5_000) } }), { everyMs: 20, bytes: 5 })],
  ])("while %s ends the call at once with the reason itself, and leaves nothing behind", async (_, answer) => {
    const arm = await startArm();
    arm.onRead(always(answer));
    const controller = new AbortController();
    await expectNoLeftovers(
      async () => {
        const run = reasonOf(inspect(clientFor(arm), vm, { signal: controller.signal }));
        await arm.until(() => arm.requests.length > 0);
        setTimeout(() => controller.abort(reason), 40);
        expect(await run).toBe(reason);
      },
      { signals: [controller.signal] },
    );
  });

  test("while the token is asked for reaches the credential", async () => {
    const credential = fakeCredential(waitsForAbort());
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    const run = inspect(clientFor({ url: ENDPOINT }, { credential }), vm, { signal: controller.signal });
    expect(await reasonOf(run)).toBe(reason);
    expect(credential.calls[0]?.signal?.aborted).toBe(true);
  });

  test("after a 401 asks no more", async () => {
    const controller = new AbortController();
    const service = inProcess(() => {
      controller.abort(reason);
      return new Response(null, { status: 401 });
    });
    const client = clientFor({ url: ENDPOINT }, { fetch: service.fetch });
    expect(await reasonOf(inspect(client, vm, { signal: controller.signal }))).toBe(reason);
    expect(service.calls).toHaveLength(1);
  });

  test("of one call does not end another's", async () => {
    const arm = await startArm();
    arm.onRead(hang(), delayed(60, found));
    const client = clientFor(arm);
    const controller = new AbortController();
    const first = reasonOf(inspect(client, vm, { signal: controller.signal }));
    await arm.until(() => arm.requests.length > 0);
    const second = inspect(client, vm);
    controller.abort(reason);
    expect(await first).toBe(reason);
    expect((await second).oldOsDisk).toBe("kept");
  });
});

test("what is looked at is not what was looked at before: nothing is kept", async () => {
  const arm = await startArm();
  arm.onRead(found, json(200, documentOf({ ...osDisk, deleteOption: "Delete" })));
  const client = clientFor(arm);
  expect([(await inspect(client, vm)).oldOsDisk, (await inspect(client, vm)).oldOsDisk]).toEqual(["kept", "deleted"]);
});
