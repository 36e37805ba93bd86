import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { createReimageClient, isReimageError } from "../src/index.js";
import { accepted, closeAll, json, raw, running, startArm, succeeded } from "./harness/index.js";

afterEach(closeAll);
const vm = {
  subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001",
  resourceGroupName: "myResourceGroup",
  vmName: "myVMName",
};
const example = (name: string) =>
  JSON.parse(readFileSync(new URL(`../spec/examples/${name}.json`, import.meta.url), "utf8")).value;

async function service() {
  const arm = await startArm();
  return { arm, client: createReimageClient({ credential: () => "a-token", endpoint: arm.url, pollIntervalMs: 5 }) };
}

test.each(["reimage-non-ephemeral", "reimage"])(
  "the page's sample %s reaches the wire as the JSON of the example",
  async (name) => {
    const { arm, client } = await service();
    arm.onPost(accepted());
    arm.onPoll(succeeded());
    expect(await client.reimage(vm, example(name))).toMatchObject({ status: "succeeded" });
    const [post] = arm.posts;
    expect(JSON.parse(post?.body ?? "")).toEqual(example(name));
    expect(Object.keys(JSON.parse(post?.body ?? ""))).toEqual(Object.keys(example(name)));
    expect(post?.headers["content-type"]).toBe("application/json");
  },
);

test("without parameters there is no body and no content type", async () => {
  const { arm, client } = await service();
  arm.onPost(accepted());
  arm.onPoll(succeeded());
  await client.reimage(vm);
  expect(arm.posts[0]?.body).toBe("");
  expect(arm.posts[0]?.headers).not.toHaveProperty("content-type");
});

test("signed status URLs of 3.2 kB, both headers, and documents in CRLF are understood", async () => {
  const { arm, client } = await service();
  arm.onPost(accepted({ headers: "both" }));
  arm.onPoll(running(), succeeded());
  const operation = await client.beginReimage(vm);
  expect(operation.toJSON().statusUrl?.length).toBeGreaterThan(3_000);
  expect(operation.state).toMatchObject({
    status: "running",
    location: expect.stringMatching(/^\w+$/),
    rateLimits: expect.anything(),
  });
  expect(await operation.wait()).toMatchObject({
    status: "succeeded",
    startTime: expect.any(String),
    endTime: expect.any(String),
  });
  expect(arm.polls.every(({ url }) => url.includes("&s=") && !url.includes("monitor=true"))).toBe(true);
});

test.each([
  ["refused-custom-data", 400, "BadRequest", /customData must equal/],
  ["refused-temp-disk", 400, undefined, /ephemeral/],
  ["refused-not-found", 404, "ResourceNotFound", undefined],
  ["refused-busy", 409, "OperationNotAllowed", undefined],
] as const)(
  "the refusal %s is told with its code, its words and a hint where one helps",
  async (name, status, code, hint) => {
    const { arm, client } = await service();
    arm.onPost(json(status, example(name)));
    const error = await client.reimage(vm).catch((thrown: unknown) => thrown);
    expect(isReimageError(error) && error.name === "RequestRejectedError" && error).toMatchObject({
      started: "no",
      status,
      serviceMessage: example(name).error.message,
      ...(code && { code }),
      ...(hint && { hint: expect.stringMatching(hint) }),
    });
  },
);

test("a 429 of Compute without the error envelope is told with its details and how long to wait", async () => {
  const { arm, client } = await service();
  arm.onPost(json(429, example("throttled"), { "retry-after": "1200" }));
  const error = await client.reimage(vm).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "RequestRejectedError",
    status: 429,
    retryAfterMs: 1_200_000,
    hint: expect.stringContaining("1200 s"),
  });
  expect(error).toMatchObject({
    code: example("throttled").code,
    details: [expect.objectContaining({ code: "TooManyRequests" })],
  });
});

test("an answer that is no HTTP leaves the outcome unknown", async () => {
  const { arm, client } = await service();
  arm.onPost(raw("HELLO\r\n\r\n"));
  await expect(client.reimage(vm)).rejects.toMatchObject({
    name: "OutcomeUnknownError",
    started: "maybe",
    reason: "no-answer",
  });
});

test("a fetch of the caller's own that knows no streams is read all the same", async () => {
  const answers = [
    { status: 202, headers: new Headers({ "azure-asyncoperation": "/status" }), text: async () => "" },
    { status: 200, headers: new Headers(), text: async () => '{"status":"Failed","error":{"code":"NoStreams"}}' },
  ];
  const fetch = async () => answers.shift() as unknown as Response;
  const client = createReimageClient({ credential: () => "a-token", fetch, pollIntervalMs: 5 });
  await expect(client.reimage(vm)).rejects.toMatchObject({ name: "OperationFailedError", code: "NoStreams" });
});
