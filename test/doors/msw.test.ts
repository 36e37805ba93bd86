// reimageHandlers: what they take, and what they leave to others.
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { reimageHandlers } from "../../src/msw/index.js";
import { createSimulator, type SimulatorOptions } from "../../src/simulator/index.js";
import {
  authorization,
  idOf,
  monitorUrl,
  other,
  reimageUrl,
  samples,
  statusUrl,
  vm,
  vmUrl,
} from "../simulator/support.js";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const post = (url = reimageUrl(), init: RequestInit = {}) =>
  fetch(url, { method: "POST", headers: { ...authorization, "content-type": "application/json" }, ...init });
const get = (url: string) => fetch(url, { headers: authorization });

/** What fetch rejects with; msw says of an unhandled request that it is one. */
const failure = async (promise: Promise<unknown>): Promise<Error> => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  try {
    return await promise.then(
      () => expect.unreachable("it did not reject"),
      (error: Error) => error,
    );
  } finally {
    vi.restoreAllMocks();
  }
};

test("a reimage goes its way from the POST to its end, and the VM can be read", async () => {
  let at = Date.now();
  const arm = createSimulator({ now: () => at, durationMs: 10_000 });
  server.use(...reimageHandlers(arm));
  const accepted = await post(reimageUrl(), { body: JSON.stringify(samples.tempDisk) });
  expect(accepted.status).toBe(202);
  expect(await (await get(statusUrl(accepted))).json()).toMatchObject({ status: "InProgress" });
  expect((await get(monitorUrl(accepted))).status).toBe(202);
  at += 10_000;
  expect(await (await get(statusUrl(accepted))).json()).toMatchObject({ status: "Succeeded" });
  expect(await (await get(vmUrl())).json()).toMatchObject({
    id: idOf(),
    properties: { provisioningState: "Succeeded" },
  });
  expect(arm.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    "POST 202",
    "GET 200",
    "GET 202",
    "GET 200",
    "GET 200",
  ]);
  expect(arm.requests[0]?.body).toEqual(samples.tempDisk);
});

test("options make a simulator of their own, and nothing makes one with the defaults", async () => {
  server.use(...reimageHandlers({ vms: [] }));
  expect((await post()).status).toBe(404);
  server.use(...reimageHandlers());
  expect((await post()).status).toBe(202);
});

test("all three clouds are answered, and a given endpoint alone where there is one", async () => {
  server.use(...reimageHandlers({ durationMs: 0 }));
  for (const cloud of ["management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"])
    expect((await post(reimageUrl().replace("management.azure.com", cloud))).status).toBe(202);
  server.resetHandlers(...reimageHandlers({ endpoint: "https://gateway.test/arm" }));
  expect((await post(reimageUrl().replace("https://management.azure.com", "https://gateway.test/arm"))).status).toBe(
    202,
  );
  await failure(post());
  server.resetHandlers();
});

describe("left to others", () => {
  const group = `https://management.azure.com/subscriptions/${vm.subscriptionId}/resourceGroups/rg?api-version=1`;
  const foreign = `https://management.azure.com/subscriptions/${vm.subscriptionId}/providers/Microsoft.Compute/locations/westus/operations/11111111-1111-4111-8111-111111111111?p=22222222-2222-4222-8222-222222222222&api-version=1`;

  test.each([
    ["another resource", "GET", group],
    ["the status of another operation of Compute", "GET", foreign],
    ["a change of the VM", "PATCH", vmUrl()],
    ["another action of the VM", "POST", reimageUrl().replace("/reimage", "/start")],
    ["a GET of the reimage's path", "GET", reimageUrl()],
    ["another host", "POST", reimageUrl().replace("management.azure.com", "elsewhere.test")],
  ])("%s: handlers behind these get it", async (_, method, url) => {
    server.use(
      ...reimageHandlers(),
      http.all("https://management.azure.com/*", () => HttpResponse.json({ mine: true })),
      http.all("https://elsewhere.test/*", () => HttpResponse.json({ mine: true })),
    );
    expect(await (await fetch(url, { method })).json()).toEqual({ mine: true });
  });

  test.each([group, foreign])("GET %s is an unhandled request where nobody takes it", async (url) => {
    server.use(...reimageHandlers());
    expect((await failure(get(url))).message).toMatch(/Cannot bypass a request.*onUnhandledRequest/);
  });

  test("a handler before these wins", async () => {
    const mine = http.post(reimageUrl().replace(/\?.*/, ""), () => new HttpResponse(null, { status: 418 }));
    server.use(mine, ...reimageHandlers());
    expect([(await post()).status, (await post(reimageUrl(other))).status]).toEqual([418, 202]);
  });
});

describe("what goes wrong", () => {
  const answering = (options: SimulatorOptions) => server.use(...reimageHandlers({ durationMs: 0, ...options }));

  test.each(["reset", "unreachable"] as const)("%s is a network error", async (kind) => {
    answering({ faults: [{ kind }] });
    expect(await failure(post())).toBeInstanceOf(TypeError);
    expect((await post()).status).toBe(202);
  });

  test("an answer that breaks off does so after its headers", async () => {
    answering({ faults: [{ kind: "truncated", on: "status" }] });
    const reply = await get(statusUrl(await post()));
    expect(reply.status).toBe(200);
    expect(await failure(reply.text())).toBeInstanceOf(TypeError);
  });

  test("a redirect is handed over to who asked not to follow it", async () => {
    answering({ faults: [{ kind: "redirect" }] });
    const reply = await post(reimageUrl(), { redirect: "manual" });
    expect([reply.status, reply.headers.get("location")]).toEqual([307, "https://elsewhere.invalid/"]);
  });

  test("a redirect is followed by the caller's fetch, to whoever answers there", async () => {
    answering({ faults: [{ kind: "redirect", location: "https://elsewhere.test/" }] });
    server.use(http.all("https://elsewhere.test/", () => HttpResponse.json({ mine: true })));
    expect(await (await post()).json()).toEqual({ mine: true });
  });

  test("an answer that never comes ends with the caller's signal", async () => {
    answering({ faults: [{ kind: "delay", ms: Number.POSITIVE_INFINITY }] });
    const abort = new AbortController();
    const lost = failure(post(reimageUrl(), { signal: abort.signal }));
    setTimeout(() => abort.abort(new Error("enough")), 20);
    expect((await lost).message).toBe("enough");
  });

  test("an option that makes no sense is told at once", () => {
    expect(() => reimageHandlers({ durationMs: -1 })).toThrow(TypeError);
  });
});
