/** S4: where requests may go at all: https, or http to this machine itself when asked for. */

import { afterEach, describe, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/operations.js";
import { accepted, closeAll, everywhere, startArm, status, succeeded } from "../harness/index.js";
import { clientFor, failure, inProcess, say, vm, vmPath } from "./support-s.js";

const { apiVersion } = virtualMachinesReimageOperation;

afterEach(closeAll);

const refused: readonly (readonly [string, unknown])[] = [
  ["http", "http://management.azure.com"],
  ["http, upper case", "HTTP://MANAGEMENT.AZURE.COM"],
  ["http to loopback, not asked for", "http://127.0.0.1:8080"],
  ["http to localhost, not asked for", "http://localhost:8080"],
  ["a query", "https://management.azure.com?x=1"],
  ["an empty query", "https://management.azure.com/?"],
  ["a query behind a path", "https://gateway.example/arm?x"],
  ["a fragment", "https://management.azure.com#x"],
  ["an empty fragment", "https://management.azure.com/#"],
  ["a user name", "https://user@management.azure.com"],
  ["user name and password", "https://user:hunter2-secret@management.azure.com"],
  ["a password alone", "https://:hunter2-secret@management.azure.com"],
  ["an empty user name", "https://@management.azure.com"],
  ["an empty user name and password", "https://:@management.azure.com"],
  ["a backslash", "https://management.azure.com\\@evil.invalid"],
  ["ftp", "ftp://management.azure.com"],
  ["wss", "wss://management.azure.com"],
  ["data:", "data:text/plain,https://management.azure.com"],
  ["blob:", "blob:https://management.azure.com/x"],
  ["javascript:", "javascript:0"],
  ["file:", "file:///management.azure.com"],
  ["no scheme", "management.azure.com"],
  ["protocol-relative", "//management.azure.com"],
  ["a path", "/arm"],
  ["nothing", ""],
  ["no host", "https://"],
  ["a number", 443],
  ["null", null],
  ["a URL object", new URL("https://management.azure.com")],
  ["a list", ["https://management.azure.com"]],
  ["an object that turns into one", { toString: () => "https://management.azure.com" }],
];

describe("S4: what is refused, when the client is made", () => {
  test.each(refused)("S4: %s", async (_, endpoint) => {
    const error = await failure(() => clientFor({ url: endpoint as string }));
    expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
    expect(error).toMatchObject({ issues: [{ path: "endpoint" }] });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("hunter2");
  });

  test.each([
    "http://127.0.0.2:80",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://[::]",
    "http://[::2]",
    "http://[::ffff:127.0.0.1]",
    "http://localhost.example",
    "http://localhost.",
    "http://127.0.0.1.example",
    "http://127.0.0.1@example.com",
    "http://example.com/127.0.0.1",
    "http://host.docker.internal",
    "http://management.azure.com",
    "ftp://127.0.0.1",
    "ws://127.0.0.1",
  ])("S4: %s, though plain http to loopback was asked for", async (url) => {
    expect(await failure(() => clientFor({ url }, { allowInsecureLoopback: true }))).toMatchObject({
      name: "InvalidInputError",
    });
  });
});

describe("S4: what works", () => {
  test.each([
    ["https://management.azure.com", "https://management.azure.com"],
    ["https://management.azure.com/", "https://management.azure.com"],
    ["https://MANAGEMENT.azure.com:443", "https://management.azure.com"],
    ["https://gateway.example/arm", "https://gateway.example/arm"],
    ["https://gateway.example/arm/", "https://gateway.example/arm"],
    ["https://gateway.example/a/b%20c/d", "https://gateway.example/a/b%20c/d"],
    ["https://gateway.example:8443/a/../b", "https://gateway.example:8443/b"],
    ["https://adminmanagement.local.azurestack.external", "https://adminmanagement.local.azurestack.external"],
    ["https://[2001:db8::1]:444/x", "https://[2001:db8::1]:444/x"],
  ])("S4: %s", async (url, base) => {
    const service = inProcess(say(200));
    await clientFor({ url }, service).reimage(vm);
    expect(service.calls[0]?.url).toBe(`${base}${vmPath}?api-version=${apiVersion}`);
  });

  test.each(["127.0.0.1", "::1", "localhost"] as const)(
    "S4: http to %s with allowInsecureLoopback, on a real socket",
    async (host) => {
      const arm = await startArm({ tls: false, host });
      arm.onPost(accepted());
      arm.onPoll(succeeded());
      expect((await clientFor(arm, { allowInsecureLoopback: true }).reimage(vm)).status).toBe("succeeded");
      expect(arm.tokens()).toEqual(["token-1", "token-1"]);
      expect(await failure(() => clientFor(arm))).toMatchObject({ name: "InvalidInputError" });
    },
  );

  test("S4: a path prefix is kept on a real socket, and a status URL need not have it", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(succeeded());
    await clientFor({ url: `${arm.url}/gate/way/` }).reimage(vm, { tempDisk: true });
    expect(arm.posts[0]?.url).toBe(`/gate/way${vmPath}?api-version=${apiVersion}`);
    expect(arm.polls[0]?.url).toMatch(/^\/subscriptions\//);
  });

  test("S4: allowInsecureLoopback does not weaken https: nothing goes to the plain port", async () => {
    const [secure, plain] = await Promise.all([startArm(), startArm({ tls: false })]);
    secure.onPost(status(200));
    await clientFor(secure, { allowInsecureLoopback: true }).reimage(vm);
    expect(plain.sockets).toEqual([]);
    expect(everywhere.requests).toHaveLength(1);
  });

  test.each([
    ["public", "https://management.azure.com"],
    ["usgov", "https://management.usgovcloudapi.net"],
    ["china", "https://management.chinacloudapi.cn"],
  ] as const)("S4: the cloud %s is reached at %s, the public one by default", async (cloud, base) => {
    const service = inProcess(say(200), say(200));
    const { createReimageClient } = await import("../../src/index.js");
    const credential = () => "a-token";
    await createReimageClient({ credential, cloud, fetch: service.fetch }).reimage(vm);
    await createReimageClient({ credential, fetch: service.fetch }).reimage(vm);
    expect(service.calls.map(({ url }) => new URL(url).origin)).toEqual([base, "https://management.azure.com"]);
  });

  test("S4: a cloud that is not known is refused, also by the names that every object has", async () => {
    for (const cloud of ["germany", "Public", "__proto__", "constructor", "toString", ""]) {
      const error = await failure(() => clientFor({ url: "https://x.example" }, { cloud: cloud as "public" }));
      expect(error).toMatchObject({ name: "InvalidInputError", issues: [{ path: "cloud" }] });
    }
  });
});
