// L1, L2, L3, L9 and L10 over real sockets: what becomes of the answer to the POST, and which URL is asked then.

import { afterEach, describe, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import {
  type Answer,
  accepted,
  always,
  chunked,
  closeAll,
  cut,
  everywhere,
  failed,
  gzipped,
  html,
  json,
  locationDone,
  locationRunning,
  running,
  startArm,
  startEvil,
  status,
  succeeded,
  text,
  untilClose,
  withByteOrderMark,
  withHeaders,
} from "../harness/index.js";
import { begun, caught, clientOf, thrown, vm } from "./support-client.js";

const { apiVersion } = virtualMachinesReimageOperation;

afterEach(closeAll);

const polled = () => everywhere.requests.filter(({ method }) => method === "GET").map(({ url }) => url);

describe("L1", () => {
  test.each([
    ["Azure-AsyncOperation before both others", { a: "/a", o: "/o", l: "/l" }, "/a"],
    ["Operation-Location before Location", { o: "/o", l: "/l" }, "/o"],
    ["Operation-Location behind an Azure-AsyncOperation that is no URL", { a: "http://[", o: "/o", l: "/l" }, "/o"],
  ])("L1: %s, read as a status document", async (_, given, path) => {
    const arm = await startArm();
    arm.onPost(status(202, headers(arm.url, given)));
    arm.onPoll(running(), succeeded());
    await clientOf(arm).reimage(vm);
    expect(polled()).toEqual([path, path]);
  });

  test.each([
    ["alone", { l: "/l" }],
    ["behind two that are no URLs", { a: "https://", o: "http://a b/", l: "/l" }],
  ])("L1: Location %s, read by its HTTP status", async (_, given) => {
    const arm = await startArm();
    arm.onPost(status(202, headers(arm.url, given)));
    arm.onPoll(status(202), status(204));
    await clientOf(arm).reimage(vm);
    expect(polled()).toEqual(["/l", "/l"]);
  });

  test.each(["azure-asyncoperation", "operation-location", "location"])(
    "L1: a strange %s ends in OutcomeUnknownError, though a good Location is there",
    async (name) => {
      const [arm, evil] = [await startArm(), await startEvil()];
      arm.onPost(status(202, { location: `${arm.url}/good`, [name]: `${evil.url}/x` }));
      const error = await caught(clientOf(arm).beginReimage(vm), "OutcomeUnknownError");
      expect(error).toMatchObject({ reason: "untrusted-status-url", started: "yes", vm });
      // Only its URL is not trusted: what to resume from is there, for a client that trusts it.
      expect(error.resume).toEqual({
        ...{ version: 1, vm, correlationId: error.correlationId, status: "running" },
        ...{ statusUrl: `${evil.url}/x`, statusKind: name === "location" ? "location" : "document" },
      });
      expect(thrown(() => clientOf(arm).resume(JSON.stringify(error.resume)), "OutcomeUnknownError").vm).toEqual(vm);
      await evil.expectUntouched();
      expect(arm.requests).toHaveLength(1);
    },
  );

  function headers(origin: string, { a, o, l }: { a?: string; o?: string; l?: string }): Record<string, string> {
    const full = (value: string) => (value.startsWith("/") ? `${origin}${value}` : value);
    return {
      ...(a === undefined ? {} : { "azure-asyncoperation": full(a) }),
      ...(o === undefined ? {} : { "operation-location": full(o) }),
      ...(l === undefined ? {} : { location: full(l) }),
    };
  }
});

describe("L2", () => {
  const stray = { location: "https://evil.example/x", "azure-asyncoperation": "/x", "retry-after": "600" };
  const done: [string, Answer][] = [
    ["no body", status(200)],
    ["no body and stray headers", status(200, stray)],
    ["an empty chunked body", chunked(status(200))],
    ["an empty body without a length", untilClose(status(200))],
    ["an empty body that calls itself HTML", text(200, "", { "content-type": "text/html" })],
    ["nothing but a byte order mark", withByteOrderMark(status(200))],
    ["an empty gzip body", gzipped(status(200))],
    ["JSON", json(200, {})],
    ["JSON and stray headers", json(200, { status: "InProgress" }, stray)],
    ["JSON of another content type", text(200, '{"a":1}', { "content-type": "text/html" })],
    ["JSON behind a byte order mark", withByteOrderMark(json(200, {}))],
    ["compressed JSON", gzipped(json(200, { a: 1 }))],
    ["null", json(200, "null")],
  ];
  test.each(done)("L2: a POST 200 with %s is done", async (_, answer) => {
    const arm = await startArm();
    arm.onPost(answer);
    const operation = await clientOf(arm).beginReimage(vm);
    expect(operation.done).toBe(true);
    expect(operation.state).toMatchObject({ status: "succeeded", polls: 0 });
    expect(await operation.wait()).toBe(operation.state);
    expect(await operation.poll()).toBe(operation.state);
    expect(arm.requests).toHaveLength(1);
  });

  const undone: [string, Answer][] = [
    ["a login page", html()],
    ["a login page and stray headers", html(200, stray)],
    ["a login page that calls itself JSON", json(200, "<html></html>")],
    ["a word", text(200, "OK")],
    ["truncated JSON", json(200, '{"status":"Succ')],
    ["a body that was cut", cut(json(200, { a: 1 }))],
    ["a chunked body without an end", cut(chunked(json(200, { a: 1 })))],
    ["a body of more than 1 MiB", json(200, JSON.stringify("x".repeat(2 ** 20)))],
  ];
  test.each(undone)("L2: a POST 200 with %s is no success", async (_, answer) => {
    const arm = await startArm();
    arm.onPost(answer);
    const error = await caught(clientOf(arm).reimage(vm), "OutcomeUnknownError");
    expect(error).toMatchObject({ started: "maybe", status: 200 });
    expect(everywhere.posts).toHaveLength(1);
  });

  test.each([201, 203, 204, 205, 206, 226])("L2: %i is treated as 202", async (code) => {
    const arm = await startArm();
    arm.onPost(accepted({ signed: false, status: code }), accepted({ signed: false, status: code, headers: "none" }));
    arm.onPoll(running(), failed());
    await caught(clientOf(arm).reimage(vm), "OperationFailedError");
    const error = await caught(clientOf(arm).reimage(vm), "OutcomeUnknownError");
    expect(error).toMatchObject({ reason: "no-status-url", started: "yes" });
  });

  test("L2: a 202 whose body is cut, HTML or says Succeeded is accepted, no more and no less", async () => {
    const bodies = [html(202), cut(html(202)), json(202, { status: "Succeeded" }), json(202, { status: "Failed" })];
    for (const body of bodies) {
      const arm = await startArm();
      arm.onPost(withHeaders(body, { location: "/operations/1" }));
      arm.onPoll(locationRunning(), locationDone());
      expect(await clientOf(arm).reimage(vm)).toMatchObject({ status: "succeeded", polls: 2 });
    }
  });
});

describe("L3", () => {
  test.each([
    ["no status header", {}],
    ["status headers that are no URLs", { "azure-asyncoperation": "https://", location: "http://[" }],
    ["empty status headers", { "azure-asyncoperation": "", "operation-location": "", location: "" }],
    ["a Location of more than 8 KB", { location: `/${"x".repeat(8200)}` }],
  ])("L3: a 202 with %s is OutcomeUnknownError", async (_, more) => {
    for (const answer of [accepted({ headers: "none", more }), json(202, { status: "Succeeded" }, more)]) {
      const arm = await startArm();
      arm.onPost(answer);
      const error = await caught(clientOf(arm).beginReimage(vm), "OutcomeUnknownError");
      expect(error).toMatchObject({ reason: "no-status-url", started: "yes", status: 202, resume: undefined });
      expect(arm.requests).toHaveLength(1);
    }
  });
});

describe("L9", () => {
  const id = `/subscriptions/${vm.subscriptionId}/providers/Microsoft.Compute/locations/westus/operations/9f2b5c4e-0000-4000-8000-000000000002`;
  const paths: [string, string][] = [
    ["of the reference page's sample", `${id}&monitor=true&api-version=${apiVersion}`],
    ["as recorded", `${id}?p=1&monitor=true&api-version=2024-07-01`],
    ["without an api-version", id],
    ["with parameters out of order, twice, empty", `${id}?z=1&a=2&z=3&&=&api-version=1999-01-01`],
    ["with escapes in either case", `${id}/a%2fb%2Fc?x=%2B+%c3%A9&y=%7e`],
    ["with a signature of 3.2 kB", `${id}?t=1&c=${"M".repeat(2800)}&s=${"-_".repeat(150)}&h=x`],
    ["of 8 KB", `${id}?c=`.padEnd(8192 - "https://127.0.0.1:12345".length, "x")],
  ];
  test.each(paths)("L9: a URL %s is polled as given", async (_, path) => {
    for (const name of ["azure-asyncoperation", "operation-location", "location"]) {
      const arm = await startArm();
      arm.onPost(status(202, { [name]: `${arm.url}${path}` }));
      arm.onPoll(name === "location" ? locationDone() : succeeded());
      await clientOf(arm).reimage(vm);
      expect(arm.polls.map(({ url }) => url)).toEqual([path]);
    }
  });

  test.each([
    ["/operations/1?x=2", "/operations/1?x=2"],
    ["operations/1", "/operations/1", "/virtualMachines/vm-1"],
    ["?x=1", "?x=1", "/virtualMachines/vm-1/reimage"],
    ["../a/./b", "/a/b", ""],
    ["/a b?c d", "/a%20b?c%20d"],
    ["/x#fragment", "/x"],
  ])("L9: the relative %s resolves against the request", async (raw, path, below?: string) => {
    const { arm, operation } = await begun(accepted({ headers: "location", url: raw }));
    arm.on(() => true, locationDone());
    await operation.wait();
    const provider = `/subscriptions/${vm.subscriptionId}/resourceGroups/group-1/providers/Microsoft.Compute`;
    const base = below === undefined ? "" : `${provider}${below === "" ? "/virtualMachines" : below}`;
    expect(arm.requests[1]).toMatchObject({ method: "GET", url: `${base}${path}` });
  });

  test("L9: a protocol-relative URL resolves, and is followed at home only", async () => {
    const [arm, evil] = [await startArm(), await startEvil()];
    arm.onPost(
      accepted({ headers: "location", url: arm.url.replace("https:", "") }),
      accepted({ headers: "location", url: evil.url.replace("https:", "") }),
    );
    arm.onPoll(locationDone());
    await clientOf(arm).reimage(vm);
    expect(polled()).toEqual(["/"]);
    const error = await caught(clientOf(arm).reimage(vm), "OutcomeUnknownError");
    expect(error.reason).toBe("untrusted-status-url");
    await evil.expectUntouched();
  });

  test("L9: on a poll a relative URL resolves against the URL of the poll", async () => {
    const { arm, operation } = await begun(accepted({ headers: "location", url: "/a/b/c?x=1" }));
    arm.onPoll(locationRunning({ more: { location: "d?y=2" } }), locationDone());
    await operation.wait();
    expect(polled()).toEqual(["/a/b/c?x=1", "/a/b/d?y=2"]);
  });

  test("L9: an endpoint with a path prefix makes no difference to an absolute status URL", async () => {
    const arm = await startArm();
    arm.onPost(accepted({ headers: "azure", url: "/outside?x=1" }));
    arm.onPoll(succeeded());
    await clientOf({ url: `${arm.url}/gateway/arm/` }).reimage(vm);
    expect(arm.requests.map(({ url }) => url)).toEqual([expect.stringMatching(/^\/gateway\/arm\/sub/), "/outside?x=1"]);
  });
});

describe("L10", () => {
  test("L10: after Succeeded nothing is asked any more, least of all the Location", async () => {
    const { arm, operation } = await begun(accepted({ signed: false }));
    arm.onPoll(running(), succeeded());
    await operation.wait();
    await operation.wait();
    await operation.poll();
    for await (const state of operation) expect(state.status).toBe("succeeded");
    expect(arm.polls).toHaveLength(2);
    expect(arm.polls.every(({ url }) => !url.includes("monitor"))).toBe(true);
  });

  test.each(["strange", "https://", "gone"])("L10: a %s Location cannot spoil a success", async (kind) => {
    const evil = await startEvil();
    const location = kind === "strange" ? `${evil.url}/x` : kind === "gone" ? "/gone" : kind;
    const { arm, operation } = await begun(accepted({ signed: false, headers: "azure", more: { location } }));
    arm.on(({ url }) => url === "/gone", always(status(410)));
    arm.onPoll(running({ more: {} }), succeeded({ more: { location, "azure-asyncoperation": location } }));
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 2 });
    await evil.expectUntouched();
  });
});
