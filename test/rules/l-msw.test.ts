// Some of the L rules with msw in place of sockets: the client is made before msw listens, and is seen by it all the same.

import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { createReimageClient } from "../../src/index.js";
import { caught, vm, vmPath } from "./support-client.js";

const { apiVersion } = virtualMachinesReimageOperation;

const home = "https://management.azure.com";
const operationPath = `/subscriptions/${vm.subscriptionId}/providers/Microsoft.Compute/locations/westus/operations/1`;
const client = createReimageClient({ credential: () => "token", pollIntervalMs: 1 });
const server = setupServer();
const seen: { method: string; url: string; headers: Headers; body: string }[] = [];

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  server.events.on("request:start", async ({ request }) => {
    const entry = { method: request.method, url: request.url, headers: request.headers, body: "" };
    seen.push(entry);
    entry.body = await request.clone().text();
  });
});
afterEach(() => {
  server.resetHandlers();
  seen.length = 0;
});
afterAll(() => server.close());

type Answer = () => Response | Promise<Response>;
const json = (body: Parameters<typeof HttpResponse.json>[0], init = {}) => HttpResponse.json(body, init);
const empty = (status: number, headers: Record<string, string> = {}) => new HttpResponse(null, { status, headers });
const azure = () => empty(202, { "azure-asyncoperation": `${home}${operationPath}?p=1&api-version=2024-07-01` });

/** Answers the POST, then the polls in turn. */
function serve(post: Answer, ...polls: Answer[]): void {
  server.use(
    http.post(`${home}${vmPath}/reimage`, post),
    http.get(`${home}${operationPath}`, () => polls.shift()?.() ?? empty(500)),
  );
}

test("L1: Azure-AsyncOperation is asked until it says Succeeded", async () => {
  serve(
    azure,
    () => json({ status: "InProgress" }),
    () => json({ status: "Succeeded" }),
  );
  expect(await client.reimage(vm, { tempDisk: true })).toMatchObject({ status: "succeeded", polls: 2 });
  expect(seen.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  expect(seen[0]).toMatchObject({
    url: `${home}${vmPath}/reimage?api-version=${apiVersion}`,
    body: '{"tempDisk":true}',
  });
  expect(new Set(seen.map(({ headers }) => headers.get("authorization")))).toEqual(new Set(["Bearer token"]));
});

test("L2: a 200 without a body is done, a login page is not", async () => {
  serve(() => empty(200));
  expect(await client.reimage(vm)).toMatchObject({ status: "succeeded", polls: 0 });
  serve(() => HttpResponse.html("<html>Sign in</html>"));
  expect(await caught(client.reimage(vm), "OutcomeUnknownError")).toMatchObject({ started: "maybe" });
});

test("L3: a 202 without a status URL is unknown", async () => {
  serve(() => empty(202));
  expect(await caught(client.reimage(vm), "OutcomeUnknownError")).toMatchObject({ reason: "no-status-url" });
});

test("L5: Location ends with 200 and no body", async () => {
  serve(
    () => empty(202, { location: operationPath }),
    () => empty(202),
    () => empty(200),
  );
  expect(await client.reimage(vm)).toMatchObject({ status: "succeeded", polls: 2 });
});

test("L9: the reference page's own Location is polled as given", async () => {
  const url = `${home}${operationPath}&monitor=true&api-version=${apiVersion}`;
  server.use(
    http.post(`${home}${vmPath}/reimage`, () => empty(202, { location: url })),
    http.get(/\/operations\/1&monitor=true/, () => empty(200)),
  );
  await client.reimage(vm);
  expect(seen[1]?.url).toBe(url);
});

test("L11: network errors and 503 are read again, a redirect is not followed", async () => {
  serve(
    azure,
    () => HttpResponse.error(),
    () => empty(503),
    () => json({ status: "Succeeded" }),
  );
  expect(await client.reimage(vm)).toMatchObject({ status: "succeeded", polls: 3 });
  serve(azure, () => HttpResponse.redirect(`${home}/elsewhere`, 302));
  expect(await caught(client.reimage(vm), "OutcomeUnknownError")).toMatchObject({ reason: "redirect", status: 302 });
});

test("L12: Failed and Canceled come with what the service said", async () => {
  const error = { code: "OperationPreempted", message: "A later one took its place." };
  serve(azure, () => json({ status: "Canceled", error }));
  const canceled = await caught(client.reimage(vm), "OperationCanceledError");
  expect(canceled).toMatchObject({ code: error.code, serviceMessage: error.message, status: 200, started: "yes" });
  serve(azure, () => json({ status: "Failed", error }));
  expect(await caught(client.reimage(vm), "OperationFailedError")).toMatchObject({ code: error.code });
});

test("L14: an abort within a poll rejects at once with AbortError and the resume state", async () => {
  const controller = new AbortController();
  serve(azure, () => {
    controller.abort("enough");
    return new Promise<Response>(() => {});
  });
  const error = await caught(client.reimage(vm, undefined, { signal: controller.signal }), "AbortError");
  expect(error).toMatchObject({ started: "yes", cause: "enough", resume: { status: "running" } });
});

test("L16: what one client saved another takes up", async () => {
  serve(
    azure,
    () => json({ status: "InProgress" }),
    () => json({ status: "Succeeded" }),
  );
  const operation = await client.beginReimage(vm);
  const other = createReimageClient({
    credential: { getToken: async () => ({ token: "other", expiresOnTimestamp: 0 }) },
  });
  const again = other.resume(JSON.stringify(operation), { headers: { "x-mine": "one" } });
  expect(await again.poll()).toMatchObject({ status: "running" });
  expect(seen[1]?.headers.get("x-mine")).toBe("one");
  expect(seen[1]?.headers.get("authorization")).toBe("Bearer other");
  expect(await again.poll()).toMatchObject({ status: "succeeded" });
});
