// L15 over real sockets: which headers ride on which request.
import { afterEach, describe, expect, test } from "vitest";
import type { BeginOptions } from "../../src/index.js";
import {
  accepted,
  closeAll,
  everywhere,
  fakeCredential,
  running,
  startArm,
  status,
  succeeded,
  throttled,
  unauthorized,
} from "../harness/index.js";
import { begun, caught, clientOf, thrown, vm } from "./support-client.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const sent = (name: string) => everywhere.requests.map(({ headers }) => headers[name]);

/** A POST that is challenged first, two polls, a resume, a poll that is refused once, one more: seven requests. */
async function aLongStory(options: BeginOptions = {}) {
  const { headers } = options;
  const arm = await startArm();
  arm.onPost(unauthorized({ claims: "{}" }), azure);
  arm.onPoll(running(), status(503), unauthorized(), running(), succeeded());
  const client = clientOf(arm);
  const operation = await client.beginReimage(vm, undefined, options);
  await operation.poll();
  await operation.poll();
  const again = client.resume(JSON.stringify(operation), headers === undefined ? {} : { headers });
  await again.wait();
  expect(arm.posts).toHaveLength(2);
  expect(arm.polls).toHaveLength(5);
  return { arm, operation, again };
}

describe("L15", () => {
  test("L15: the caller's headers ride on every POST and every poll, also after a resume", async () => {
    await aLongStory({ headers: { "X-Mine": "one", "User-Agent": "robot/1.0", accept: "application/json;v=2" } });
    expect(sent("x-mine")).toEqual(Array(7).fill("one"));
    expect(sent("user-agent")).toEqual(Array(7).fill("robot/1.0"));
    expect(sent("accept")).toEqual(Array(7).fill("application/json;v=2"));
  });

  test("L15: they are the caller's of then: what is changed later rides nowhere", async () => {
    const headers = { "x-mine": "one" };
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(running(), succeeded());
    const client = clientOf(arm);
    const operation = await client.beginReimage(vm, undefined, { headers });
    headers["x-mine"] = "two";
    await operation.poll();
    await client.resume(operation.toJSON()).wait();
    expect(sent("x-mine")).toEqual(["one", "one", undefined]);
  });

  test("L15: x-ms-client-request-id is new for each request, x-ms-correlation-request-id one for the operation", async () => {
    const { operation, again } = await aLongStory();
    const ids = sent("x-ms-client-request-id");
    expect(new Set(ids).size).toBe(7);
    for (const id of ids) expect(id).toMatch(uuid);
    const [correlation] = sent("x-ms-correlation-request-id");
    expect(correlation).toMatch(uuid);
    expect(sent("x-ms-correlation-request-id")).toEqual(Array(7).fill(correlation));
    expect([operation.state.correlationId, again.state.correlationId]).toEqual([correlation, correlation]);
    expect(operation.toJSON().correlationId).toBe(correlation);
  });

  test("L15: a POST that is sent again after a 429 has a client id of its own, and the same correlation id", async () => {
    const arm = await startArm();
    arm.onPost(throttled({ retryAfter: 1 }), azure);
    await clientOf(arm).beginReimage(vm, undefined, { headers: { "x-mine": "one" } });
    expect(new Set(sent("x-ms-client-request-id")).size).toBe(2);
    expect(new Set(sent("x-ms-correlation-request-id")).size).toBe(1);
    expect(sent("x-mine")).toEqual(["one", "one"]);
  });

  test("L15: two operations of a client have two correlation ids", async () => {
    const arm = await startArm();
    arm.onPost(azure, azure);
    const client = clientOf(arm);
    await Promise.all([client.beginReimage(vm), client.beginReimage(vm)]);
    expect(new Set(sent("x-ms-correlation-request-id")).size).toBe(2);
  });

  test("L15: the caller's correlationId is the one for the operation", async () => {
    const correlationId = "00000000-1111-4222-8333-444444444444";
    const { operation } = await aLongStory({ correlationId });
    expect(sent("x-ms-correlation-request-id")).toEqual(Array(7).fill(correlationId));
    expect(operation.state.correlationId).toBe(correlationId);
  });

  test.each(["x-ms-client-request-id", "X-MS-Client-Request-Id"])(
    "L15: the caller's %s wins over ours, on every request",
    async (name) => {
      await aLongStory({ headers: { [name]: "mine" } });
      expect(sent("x-ms-client-request-id")).toEqual(Array(7).fill("mine"));
    },
  );

  test("L15: the caller's x-ms-correlation-request-id wins over ours, in the state too", async () => {
    const { operation } = await aLongStory({
      headers: { "X-MS-Correlation-Request-ID": "mine" },
      correlationId: "00000000-1111-4222-8333-444444444444",
    });
    expect(sent("x-ms-correlation-request-id")).toEqual(Array(7).fill("mine"));
    expect(operation.state.correlationId).toBe("mine");
    expect(operation.toJSON().correlationId).toBe("mine");
  });

  test("L15: the token on every request is the credential's", async () => {
    const { arm } = await aLongStory({ headers: { "x-mine": "one" } });
    expect(arm.tokens()).toHaveLength(7);
    for (const token of arm.tokens()) expect(token).toMatch(/^token-\d$/);
  });

  const reserved = [
    "authorization",
    "Authorization",
    "AUTHORIZATION",
    "host",
    "Host",
    "content-length",
    "Content-Length",
  ];
  test.each(reserved)("L15: %s among the headers is InvalidInputError, and nothing is sent", async (name) => {
    const { arm, client, operation } = await begun(azure);
    const credential = fakeCredential();
    const headers = { "x-mine": "one", [name]: "Bearer evil" };
    for (const call of ["beginReimage", "reimage"] as const) {
      const other = clientOf(arm, { credential });
      const error = await caught(other[call](vm, undefined, { headers }), "InvalidInputError");
      expect(error).toMatchObject({ started: "no", issues: [{ path: `headers.${name.toLowerCase()}` }] });
      expect(JSON.stringify(error) + error.message).not.toContain("evil");
    }
    const error = thrown(() => client.resume(operation.toJSON(), { headers }), "InvalidInputError");
    expect(error).toMatchObject({ started: "no", issues: [{ path: `headers.${name.toLowerCase()}` }] });
    expect(credential.calls).toHaveLength(0);
    expect(arm.requests).toHaveLength(1);
  });

  test.each([
    ["a line break in a value", { "x-mine": "one\r\nauthorization: Bearer evil" }],
    ["a value beyond latin-1", { "x-mine": "→" }],
    ["a name that is none", { "x mine": "one" }],
    ["an empty name", { "": "one" }],
    ["a name with a line break", { "x\r\nauthorization": "Bearer evil" }],
    ["authorization with a blank behind it", { "authorization ": "Bearer evil" }],
  ])("L15: %s is InvalidInputError, and nothing is sent", async (_, headers) => {
    const { arm, client, operation } = await begun(azure);
    const error = await caught(client.beginReimage(vm, undefined, { headers }), "InvalidInputError");
    expect(error.message).not.toContain("evil");
    thrown(() => client.resume(operation.toJSON(), { headers }), "InvalidInputError");
    expect(arm.requests).toHaveLength(1);
  });

  test("L15: a value that is no text is InvalidInputError", async () => {
    const { client, operation } = await begun(azure);
    for (const value of [1, null, undefined, ["a"], {}, true]) {
      const headers = { "x-mine": value } as unknown as Record<string, string>;
      await caught(client.beginReimage(vm, undefined, { headers }), "InvalidInputError");
      thrown(() => client.resume(operation.toJSON(), { headers }), "InvalidInputError");
    }
  });
});
