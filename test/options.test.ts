import { expect, test } from "vitest";
import { reimageFleet } from "../src/fleet/index.js";
import { createReimageClient, InvalidInputError, type ReimageClient, type ReimageClientOptions } from "../src/index.js";
import { inspect } from "../src/preflight/index.js";

const credential = () => "a-token";
const vm = { subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001", resourceGroupName: "rg", vmName: "vm" };
const fetch = () => Promise.reject(new Error("nothing is sent"));

/** The paths that are complained about, whatever else was thrown. */
function complaintOf(thrown: unknown): readonly string[] {
  expect(thrown).toBeInstanceOf(InvalidInputError);
  return (thrown as InvalidInputError).issues.map(({ path }) => path);
}
function refusalOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (thrown) {
    return complaintOf(thrown);
  }
  throw new Error("it was accepted");
}

test.each([
  ["credential", [undefined, null, "token", {}, { getToken: "token" }]],
  ["cloud", ["germany", "constructor", null, 7]],
  ["endpoint", ["", "management.azure.com", "http://management.azure.com", "ftp://host", null, 7]],
  ["scope", ["", "two words", null, 7]],
  ["fetch", [null, "fetch", {}]],
  ["onEvent", [null, "log", {}]],
  ["pollIntervalMs", [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "10", null]],
  ["requestTimeoutMs", [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "10", null]],
  ["timeoutMs", [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "10", null]],
  ["allowInsecureLoopback", ["true", 1, {}, null]],
  [
    "allowedPollOrigins.1",
    [
      ["https://a", "http://b"],
      ["https://a", "https://b/path"],
      ["https://a", "https://b?x"],
    ],
  ],
])("a client is not made with a bad %s, and the error names it", (option, values) => {
  for (const value of values) {
    const options = { credential, [option.replace(/\..*/, "")]: value } as unknown as ReimageClientOptions;
    expect(
      refusalOf(() => createReimageClient(options)),
      String(value),
    ).toEqual([option]);
  }
});

test("without any options the credential is what is missing", () => {
  expect(refusalOf(() => createReimageClient(undefined as unknown as ReimageClientOptions))).toEqual(["credential"]);
});

test.each([
  ["timeoutMs", [0, -1, Number.NaN, "10"]],
  ["throttleRetries", [-1, 0.5, Number.NaN, "2", null]],
  ["osType", ["windows", "constructor", ["Windows"], null]],
  ["validate", ["no", null, 0]],
  ["beforeSend", ["x", null, {}]],
  ["onAccepted", ["x", null, {}]],
  ["headers", ["a: b", 7]],
  ["correlationId", ["", "two words", "ü", 'a"b', "a\\b", "x".repeat(129), 7]],
])("nothing is sent with a bad %s, and the error names it and the VM", async (option, values) => {
  const client = createReimageClient({ credential, fetch });
  for (const value of values) {
    for (const call of [client.beginReimage, client.reimage]) {
      const thrown = await call(vm, {}, { [option]: value }).catch((error: unknown) => error);
      expect(complaintOf(thrown), String(value)).toEqual([option]);
      expect((thrown as InvalidInputError).vm).toEqual(vm);
    }
  }
});

test("a signal that is none is refused before anything is sent", async () => {
  const client = createReimageClient({ credential, fetch });
  const signal = new AbortController() as unknown as AbortSignal;
  expect(complaintOf(await client.beginReimage(vm, {}, { signal }).catch((error: unknown) => error))).toEqual([
    "signal",
  ]);
});

test("an onProgress that is no function is refused before anything is sent", async () => {
  const client = createReimageClient({ credential, fetch });
  const onProgress = "log" as unknown as () => void;
  expect(complaintOf(await client.reimage(vm, {}, { onProgress }).catch((error: unknown) => error))).toEqual([
    "onProgress",
  ]);
});

test("options that are none are refused, wherever they are taken, before anything is sent", async () => {
  const client = createReimageClient({ credential, fetch });
  const operation = client.resume({
    ...{ version: 1, vm, correlationId: "one", status: "running" },
    ...{ statusKind: "document", statusUrl: "https://management.azure.com/operations/1" },
  });
  for (const none of [null, 7, "fast", []] as unknown as undefined[]) {
    const calls: (() => unknown)[] = [
      () => client.beginReimage(vm, {}, none),
      () => client.reimage(vm, {}, none),
      () => client.resume(operation.toJSON(), none),
      () => operation.poll(none),
      () => operation.wait(none),
      () => inspect(client, vm, none),
      () => reimageFleet(client, [vm], {}, none),
    ];
    for (const call of calls) {
      const thrown = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => error);
      expect(complaintOf(thrown), `${call} with ${none}`).toEqual(["options"]);
    }
  }
});

test.each([5, "x", {}, [], new EventTarget(), new AbortController()])(
  "a poll refuses a signal that is none",
  async (signal) => {
    const operation = createReimageClient({ credential, fetch }).resume({
      ...{ version: 1, vm, correlationId: "one", status: "running" },
      ...{ statusKind: "document", statusUrl: "https://management.azure.com/operations/1" },
    });
    const thrown = await operation.poll({ signal: signal as AbortSignal }).catch((error: unknown) => error);
    expect(complaintOf(thrown)).toEqual(["signal"]);
    expect((thrown as InvalidInputError).vm).toEqual(vm);
  },
);

test("a fleet refuses a client that is none", () => {
  for (const none of [null, {}, "client"] as unknown as ReimageClient[])
    expect(refusalOf(() => reimageFleet(none, [vm]))).toEqual(["client"]);
});

test("headers may be a Map", async () => {
  const service = (async (_, init) =>
    new Response(null, { status: new Headers(init?.headers).has("x-mine") ? 200 : 400 })) as typeof globalThis.fetch;
  const headers = new Map([["X-Mine", "1"]]) as unknown as Record<string, string>;
  expect((await createReimageClient({ credential, fetch: service }).reimage(vm, {}, { headers })).status).toBe(
    "succeeded",
  );
});

test("headers may be Headers", async () => {
  const seen: (string | null)[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    seen.push(new Request(input, init).headers.get("x-mine"));
    return new Response(null, { status: 200 });
  };
  const headers = new Headers({ "x-mine": "1" }) as unknown as Record<string, string>;
  await createReimageClient({ credential, fetch: answer }).reimage(vm, {}, { headers });
  expect(seen).toEqual(["1"]);
});

test("headers that are a Set of no texts are refused, not thrown over", async () => {
  const headers = new Set([1]) as unknown as Record<string, string>;
  const calling = createReimageClient({ credential, fetch }).reimage(vm, {}, { headers });
  expect(complaintOf(await calling.catch((error: unknown) => error))).toEqual(["headers.1"]);
});
