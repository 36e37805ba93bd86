// serveSimulator: the simulator behind real sockets, for whoever speaks HTTP.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, inject, test } from "vitest";
import { type ServedSimulator, type ServeOptions, serveSimulator } from "../../src/node/index.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/index.js";
import { expectNoLeftovers } from "../harness/leftovers.js";
import { authorization, idOf, monitorUrl, noon, reimageUrl, statusUrl, vmUrl } from "../simulator/support.js";

const tls = inject("certificates").origins.trusted;
const served: ServedSimulator[] = [];
afterEach(() => Promise.all(served.splice(0).map(({ close }) => close())));

/** Serves a simulator until the test ends. */
async function serve(options: SimulatorOptions = {}, how: ServeOptions = {}) {
  const arm = createSimulator({ durationMs: 0, ...options });
  const one = await serveSimulator(arm, how);
  served.push(one);
  return { arm, ...one, ...caller(arm, one.url) };
}

const caller = (arm: Simulator, url: string) => {
  const there = (href: string) => href.replace(arm.endpoint, url);
  return {
    post: (init: RequestInit = {}) =>
      fetch(there(reimageUrl().replace("https://management.azure.com", arm.endpoint)), {
        method: "POST",
        redirect: "manual",
        headers: { ...authorization, "content-type": "application/json" },
        ...init,
      }),
    get: (href: string) => fetch(there(href), { headers: authorization, redirect: "manual" }),
  };
};

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable("it did not reject"),
    (error: Error) => error,
  );

describe.each([
  ["http", {}],
  ["https", { tls }],
] as const)("over %s", (scheme, how) => {
  test("status URLs lead to where it is served, and back to the operation", async () => {
    const { post, get, url } = await serve({ durationMs: 60_000 }, how);
    expect(url).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1:\\d+$`));
    const reply = await post({ body: JSON.stringify({ tempDisk: true }) });
    expect([reply.status, await reply.text()]).toEqual([202, ""]);
    for (const href of [statusUrl(reply), monitorUrl(reply)])
      expect(href.startsWith(`${url}/subscriptions/`)).toBe(true);
    expect(await (await get(statusUrl(reply))).json()).toMatchObject({ status: "InProgress" });
    const running = await get(monitorUrl(reply));
    expect([running.status, monitorUrl(running)]).toEqual([202, monitorUrl(reply)]);
  });

  test("what arrives is what was sent, and what is answered is what the simulator said", async () => {
    const { arm, post, get } = await serve({ now: () => noon() }, how);
    const body = { tempDisk: true };
    const reply = await post({
      body: JSON.stringify(body),
      headers: { ...authorization, "content-type": "application/json", "x-ms-correlation-request-id": "mine" },
    });
    expect(reply.headers.get("x-ms-correlation-request-id")).toBe("mine");
    expect(reply.headers.get("date")).toBe("Fri, 01 Mar 2024 12:00:00 GMT");
    expect(arm.requests).toMatchObject([{ method: "POST", url: reimageUrl(), body, status: 202 }]);
    const read = await get(vmUrl());
    const text = await read.text();
    expect(read.headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
    expect(JSON.parse(text)).toMatchObject({ id: idOf() });
    expect(text).toContain("\r\n");
  });

  test("a reset is one of the socket, without an answer", async () => {
    const { post } = await serve({ faults: [{ kind: "reset" }, { kind: "unreachable", after: 1 }] }, how);
    for (let n = 0; n < 2; n += 1) expect(await failure(post())).toMatchObject({ cause: { code: "ECONNRESET" } });
    expect((await post()).status).toBe(202);
  });

  test.each(["status", "reimage"] as const)("an answer to %s that breaks off is cut on the wire", async (on) => {
    const { post, get } = await serve({ faults: [{ kind: "truncated", on }] }, how);
    const accepted = await post();
    const reply = on === "status" ? await get(statusUrl(accepted)) : accepted;
    expect(reply.status).toBe(on === "status" ? 200 : 202);
    expect(await failure(reply.text())).toMatchObject({ message: "terminated" });
  });

  test("a page that is not ARM's has none of its headers, nor any of Node's", async () => {
    const { post } = await serve({ faults: [{ kind: "html" }] }, how);
    const { headers } = await post();
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect([headers.has("date"), headers.has("x-ms-request-id")]).toEqual([false, false]);
  });

  test("a redirect and a foreign status URL stay as the simulator made them", async () => {
    const { post } = await serve({ faults: [{ kind: "redirect" }, { kind: "wrong-origin", after: 1 }] }, how);
    expect(monitorUrl(await post())).toBe("https://elsewhere.invalid/");
    expect(statusUrl(await post())).toMatch(/^https:\/\/elsewhere\.invalid\/subscriptions\//);
  });

  test("who goes away while an answer is late leaves nothing waiting, and others are served", async () => {
    const { arm, post } = await serve({ faults: [{ kind: "delay", ms: Number.POSITIVE_INFINITY }] }, how);
    const abort = new AbortController();
    const lost = failure(post({ signal: abort.signal }));
    while (arm.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(new Error("enough"));
    expect((await lost).message).toBe("enough");
    expect((await post()).status).toBe(202);
    expect(arm.requests[0]).not.toHaveProperty("status");
  });

  test("close ends pending answers and open connections, frees the port, and may be called twice", async () => {
    await expectNoLeftovers(async () => {
      const arm = createSimulator({ faults: [{ kind: "delay", ms: 60_000, on: "read" }] });
      const one = await serveSimulator(arm, how);
      const { post, get } = caller(arm, one.url);
      await (await post()).text();
      const lost = failure(get(vmUrl()));
      while (arm.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await Promise.all([one.close(), one.close()]);
      expect(await lost).toBeInstanceOf(TypeError);
      expect((await failure(post())).cause).toMatchObject({ code: "ECONNREFUSED" });
      const again = await serveSimulator(arm, { ...how, port: Number(new URL(one.url).port) });
      expect(again.url).toBe(one.url);
      await again.close();
    });
  });
});

describe("what a user is told", () => {
  test("is the endpoint, and with https the variable by which Node trusts the certificate until it is closed", async () => {
    const plain = await serve();
    expect(plain.instructions).toEqual([`endpoint: ${plain.url}`]);
    expect(plain).not.toHaveProperty("caFile");
    const { url, caFile = "", instructions, close } = await serve({}, { tls });
    expect(instructions).toEqual([`endpoint: ${url}`, `NODE_EXTRA_CA_CERTS=${caFile}`]);
    expect(readFileSync(caFile, "utf8")).toBe(tls.cert);
    await close();
    expect(existsSync(caFile)).toBe(false);
  });

  test("is of a simulator: its options are none, and nothing is left listening", async () => {
    const listening = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const before = listening();
    await expect(serveSimulator({ durationMs: 1 } as unknown as Simulator)).rejects.toThrow("simulator must be one");
    expect(listening()).toBe(before);
  });

  test("has the path of the simulator's endpoint in it", async () => {
    const { url, post, instructions } = await serve({ endpoint: "https://gateway.test/arm" });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/arm$/);
    expect(instructions).toEqual([`endpoint: ${url}`]);
    expect(statusUrl(await post()).startsWith(`${url}/subscriptions/`)).toBe(true);
  });

  test("names the host in brackets where it is an IPv6 address", async () => {
    const { url, post } = await serve({}, { host: "::1" });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await post()).status).toBe(202);
  });
});

test("a port that is taken, and a key that is none, are refused", async () => {
  const { url } = await serve();
  await expect(serveSimulator(createSimulator(), { port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  await expect(serveSimulator(createSimulator(), { tls: { key: "no", cert: "no" } })).rejects.toThrow(/PEM|pem/);
});

describe("what is no request to ARM", () => {
  /** Says something to a socket, and gives back the first line of the answer. */
  const say = (url: string, text: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = "";
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
      socket.setEncoding("utf8").on("data", (part: string) => {
        answer += part;
        socket.end();
      });
      socket.on("close", () => resolve(answer.split("\r\n")[0] ?? "")).on("error", reject);
    });

  test.each([
    ["GET http://elsewhere.test/ HTTP/1.1\r\nhost: a\r\n\r\n", 400],
    ["OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", 400],
    ["TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 400],
    ["GET //elsewhere.test/ HTTP/1.1\r\nhost: a\r\nauthorization: Bearer t\r\n\r\n", 404],
    ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", 401],
    ["nonsense\r\n\r\n", 400],
  ])("%j is %i", async (text, status) => {
    const { url } = await serve();
    expect(await say(url, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test("a body beyond 1 MiB is 413, and one of a GET is ignored", async () => {
    const { url, post, arm } = await serve();
    const large = await post({ body: " ".repeat(1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    const text = "GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer t\r\ncontent-length: 2\r\n\r\n{}";
    expect(await say(url, text)).toMatch(/ 404 /);
    expect(arm.requests).toHaveLength(1);
  });
});

const curl = await promisify(execFile)("curl", ["--version"]).then(
  () => true,
  () => false,
);

describe.skipIf(!curl)(`curl by hand over https${curl ? "" : " (skipped: there is no curl on this machine)"}`, () => {
  const run = async (caFile: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)("curl", ["-sS", "-i", "--cacert", caFile, ...args]);
    const [head = "", body = ""] = stdout.split("\r\n\r\n");
    const headers = Object.fromEntries(
      head.split("\r\n").map((line) => [line.split(": ")[0]?.toLowerCase(), line.split(": ").slice(1).join(": ")]),
    );
    return {
      status: Number(head.split(" ")[1]),
      headers: headers as Record<string, string>,
      body: stdout.slice(head.length + 4) || body,
    };
  };
  const token = ["-H", "Authorization: Bearer t"];
  const json = ["-H", "Content-Type: application/json"];
  const at = (url: string) => reimageUrl().replace("https://management.azure.com", url);

  test("reimages a VM, follows it to its end, and reads the VM", async () => {
    let now = noon();
    const { url, caFile = "" } = await serve({ durationMs: 10_000, now: () => now }, { tls });
    const accepted = await run(caFile, ...token, ...json, "-d", '{"tempDisk":true}', at(url));
    expect([accepted.status, accepted.headers["content-length"], accepted.body]).toEqual([202, "0", ""]);
    const status = accepted.headers["azure-asyncoperation"] ?? "";
    expect(JSON.parse((await run(caFile, ...token, status)).body)).toMatchObject({ status: "InProgress" });
    now += 10_000;
    expect(JSON.parse((await run(caFile, ...token, status)).body)).toMatchObject({ status: "Succeeded" });
    expect(await run(caFile, ...token, accepted.headers.location ?? "")).toMatchObject({ status: 200, body: "" });
    expect((await run(caFile, ...token, vmUrl().replace("https://management.azure.com", url))).body).toContain(
      '"provisioningState": "Succeeded"',
    );
  });

  test.each<[number, SimulatorOptions, string[], string]>([
    [400, {}, [...token, ...json, "-d", '{"tempdisk":true}'], "InvalidParameter"],
    [401, {}, ["-X", "POST"], "AuthenticationFailed"],
    [404, { vms: [] }, [...token, "-X", "POST"], "ResourceNotFound"],
    [
      429,
      { throttle: { vmUpdates: { capacity: 0, refillPerSecond: 1 } } },
      [...token, "-X", "POST"],
      "OperationNotAllowed",
    ],
  ])("is refused with %i", async (status, options, args, code) => {
    const { url, caFile = "" } = await serve(options, { tls });
    const reply = await run(caFile, ...args, at(url));
    expect([reply.status, reply.body.includes(`"code": "${code}"`)]).toEqual([status, true]);
  });

  test("is refused with 409 while the first reimage runs, and fails with the service's code", async () => {
    let now = noon();
    const { url, caFile = "" } = await serve({ durationMs: 10_000, now: () => now, outcome: "failed" }, { tls });
    const first = await run(caFile, ...token, "-X", "POST", at(url));
    expect((await run(caFile, ...token, "-X", "POST", at(url))).status).toBe(409);
    now += 10_000;
    expect((await run(caFile, ...token, first.headers["azure-asyncoperation"] ?? "")).body).toContain(
      '"code": "OSProvisioningTimedOut"',
    );
  });

  test("sees a cut answer and a reset as such", async () => {
    const { url, caFile = "" } = await serve({ faults: [{ kind: "truncated" }, { kind: "reset", after: 1 }] }, { tls });
    // 18: a partial file. 52, 35 and 56: nothing came, or the connection was reset.
    await expect(run(caFile, ...token, "-X", "POST", at(url))).rejects.toMatchObject({ code: 18 });
    await expect(run(caFile, ...token, "-X", "POST", at(url))).rejects.toMatchObject({ code: 56 });
  });
});

describe("what cannot be served is told, and leaves nothing behind", () => {
  test.each<[ServeOptions, RegExp]>([
    [{ host: "" }, /host must be/],
    [{ port: Number.NaN }, /port must be/],
    [{ port: 65_536 }, /port must be/],
    [{ port: "x" } as unknown as ServeOptions, /port must be/],
  ])("%j", async (how, message) => {
    await expect(serveSimulator(createSimulator(), how)).rejects.toThrow(message);
  });

  test("a certificate that no file can be written of", async () => {
    const { TMPDIR } = process.env;
    process.env.TMPDIR = "/not/there";
    try {
      await expectNoLeftovers(async () => {
        await expect(serveSimulator(createSimulator(), { tls })).rejects.toThrow("ENOENT");
      });
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });

  test("a port that is taken", async () => {
    const { url } = await serve();
    await expectNoLeftovers(async () => {
      const port = Number(new URL(url).port);
      await expect(serveSimulator(createSimulator(), { port, tls })).rejects.toThrow("EADDRINUSE");
    });
  });
});
