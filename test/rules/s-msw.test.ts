/** The S rules once more under msw, as users mock the service: the client is made before msw listens, on the runtime's own fetch. */
import { delay, HttpResponse, http, type RequestHandler } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createReimageClient, type ReimageEvent } from "../../src/index.js";
import { fakeCredential } from "../harness/index.js";
import { ENDPOINT, expectMaybe, failure, SIGNATURE, STATUS_URL, told, vm, vmPath } from "./support-s.js";
import { expectHidden } from "./support-s-secrets.js";

const POST = `${ENDPOINT}${vmPath}`;
const STATUS = `${ENDPOINT}/subscriptions/:s/providers/Microsoft.Compute/locations/:l/operations/:id`;
const credential = fakeCredential();
const events: ReimageEvent[] = [];
const client = createReimageClient({
  credential,
  pollIntervalMs: 1,
  requestTimeoutMs: 200,
  onEvent: (event) => void events.push(event),
});

const server = setupServer();
let seen: { method: string; origin: string; token: string | null; body: string }[] = [];
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  seen = [];
  events.length = 0;
});
server.events.on("request:start", async ({ request }) => {
  const { method, url, headers } = request;
  const record = { method, origin: new URL(url).origin, token: headers.get("authorization"), body: "" };
  seen.push(record);
  record.body = await request.clone().text();
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const accepted = (url = STATUS_URL) =>
  new HttpResponse(null, { status: 202, headers: { "azure-asyncoperation": url } });
const posts = () => seen.filter(({ method }) => method === "POST");
const answer = (...answers: (() => Response | Promise<Response>)[]): RequestHandler =>
  http.post(POST, () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? HttpResponse.error());

test.each([500, 503, 408, 301, 302, 303, 307, 308])(
  "S1: under msw a %i is one POST, and may have been taken",
  async (status) => {
    server.use(
      answer(
        () => new HttpResponse(null, { status, headers: { location: `${ENDPOINT}/elsewhere`, "retry-after": "1" } }),
      ),
    );
    expectMaybe(await failure(client.reimage(vm, { tempDisk: true })));
    expect(seen).toHaveLength(1);
  },
);

test("S1: under msw a network error and a hanging answer are one POST, and may have been taken", async () => {
  server.use(answer(() => HttpResponse.error()));
  expectMaybe(await failure(client.reimage(vm)));
  server.use(
    answer(async () => {
      await delay("infinite");
      return accepted();
    }),
  );
  expectMaybe(await failure(client.reimage(vm)));
  expect(seen).toHaveLength(2);
});

test("S1: under msw a challenge and a throttling are answered with the POST once more each", async () => {
  const challenge = () =>
    new HttpResponse(null, { status: 401, headers: { "www-authenticate": `Bearer claims="${btoa("{}")}"` } });
  const busy = () => new HttpResponse(null, { status: 429, headers: { "retry-after": "1" } });
  server.use(answer(challenge, busy, () => new HttpResponse(null, { status: 200 })));
  const before = credential.calls.length;
  expect((await client.reimage(vm, { tempDisk: true })).status).toBe("succeeded");
  expect(posts()).toHaveLength(3);
  await expect.poll(() => posts().every(({ body }) => body !== "")).toBe(true);
  expect(new Set(posts().map(({ body }) => body))).toEqual(new Set(['{"tempDisk":true}']));
  expect(credential.calls.slice(before).map(({ options }) => options?.claims)).toContain("{}");
});

test("S2: under msw a stranger named by the 202, by a status or by a saved state gets no request", async () => {
  const evil = "https://evil.example/operations/1";
  server.use(
    http.all("https://evil.example/*", () => HttpResponse.json({ status: "Succeeded" })),
    answer(
      () => accepted(evil),
      () => accepted(),
    ),
    http.get(STATUS, () => HttpResponse.json({ status: "Running" }, { headers: { "azure-asyncoperation": evil } })),
  );
  const untrusted = { name: "OutcomeUnknownError", started: "yes", reason: "untrusted-status-url" };
  expect(told(await failure(client.reimage(vm)))).toEqual(untrusted);
  const error = await failure(client.reimage(vm));
  expect(told(error)).toEqual(untrusted);
  const saved = JSON.stringify({ ...error.resume, statusUrl: evil });
  expect(told(await failure(() => client.resume(saved).wait()))).toEqual(untrusted);
  expect(new Set(seen.map(({ origin }) => origin))).toEqual(new Set([ENDPOINT]));
});

test("S3: under msw a redirect of the status is not followed", async () => {
  server.use(
    answer(() => accepted()),
    http.get(STATUS, () => new HttpResponse(null, { status: 302, headers: { location: `${ENDPOINT}/login` } })),
    http.get(`${ENDPOINT}/login`, () => HttpResponse.json({ status: "Succeeded" })),
  );
  expect(told(await failure(client.reimage(vm)))).toEqual({
    name: "OutcomeUnknownError",
    started: "yes",
    reason: "redirect",
  });
  expect(seen.map(({ method }) => method)).toEqual(["POST", "GET"]);
});

test("S5: under msw the token rides on every request, and none is sent without one", async () => {
  const polls = ["Running", "Succeeded"];
  server.use(
    answer(() => accepted()),
    http.get(STATUS, () => HttpResponse.json({ status: polls.shift() })),
  );
  await client.reimage(vm);
  expect(seen).toHaveLength(3);
  for (const { token } of seen) expect(token).toMatch(/^Bearer token-\d+$/);
  const without = createReimageClient({ credential: fakeCredential(null) });
  expect((await failure(without.reimage(vm))).name).toBe("AuthenticationError");
  expect(seen).toHaveLength(3);
});

test("S6: under msw a service that writes everything back gives nothing away", async () => {
  const adminPassword = "Tr0ub4dor&3-horse";
  const customData = Buffer.from("#cloud-config\npassword: from-customData\n").toString("base64");
  server.use(
    http.post(POST, async ({ request }) => {
      const echo = `${request.headers.get("authorization")} ${await request.text()} ${atob(customData)}`;
      return HttpResponse.json(
        { error: { code: "Echo", message: echo, details: [{ message: JSON.stringify(echo) }] } },
        { status: 400 },
      );
    }),
  );
  const error = await failure(client.reimage(vm, { osProfile: { adminPassword, customData } }));
  const token = await credential.getToken("the last one");
  expect(token).not.toBeNull();
  expectHidden([error, ...events], [adminPassword, customData, atob(customData), SIGNATURE]);
  expect(`${error.stack}`).not.toMatch(/token-\d/);
});

test("S7: S8: under msw what is refused here is not sent", async () => {
  server.use(answer(() => accepted()));
  await failure(client.reimage({ ...vm, vmName: "../x" }));
  await failure(client.reimage(vm, { osProfile: { adminPassword: "tiny" } }));
  expect(seen).toEqual([]);
});

test("S9: under msw an endless answer is given up", async () => {
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
  server.use(answer(() => new HttpResponse(endless(), { status: 200 })));
  expectMaybe(await failure(client.reimage(vm)));
});
