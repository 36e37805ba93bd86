// The harness is what every other rule is proven with, so it is proven first: with plain fetch, node:net and node:tls.
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { connect as connectPlain } from "node:net";
import { buffer as streamBuffer, text as streamText } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type AnswerScript,
  abortListeners,
  accepted,
  always,
  canceled,
  chunked,
  closeAll,
  closing,
  cut,
  delayed,
  drip,
  endlessDrip,
  everywhere,
  expectNoLeftovers,
  failed,
  fakeCredential,
  fastForward,
  gate,
  gzipBomb,
  gzipped,
  hang,
  html,
  informed,
  json,
  late,
  locationDone,
  locationRunning,
  neverSettles,
  type Origin,
  pause,
  raw,
  redirect,
  refused,
  refusedUrl,
  rejects,
  reset,
  resolvesTo,
  running,
  slowHeaders,
  startArm,
  startEvil,
  startOrigin,
  status,
  statusDocument,
  succeeded,
  text,
  throttled,
  throws,
  token,
  unauthorized,
  untilClose,
  waitsForAbort,
  watchLeftovers,
  withByteOrderMark,
  withHeaderBlock,
  withHeaders,
} from "./harness/index.js";

afterEach(closeAll);

const vm =
  "/subscriptions/6c8e9a1e-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v";

/** The code of the socket error below a rejected fetch. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it did not reject");
  const cause = error.cause instanceof Error ? error.cause : error;
  return "code" in cause ? String(cause.code) : cause.message;
}

async function answering(...answers: AnswerScript[]): Promise<Origin> {
  const origin = await startOrigin();
  origin.on(() => true, ...answers);
  return origin;
}

describe("certificates", () => {
  test("the runtime's own fetch trusts the certificate of an origin, by any loopback name", async () => {
    // Node 22 refuses the address ::1 in every certificate: its checkServerIdentity takes it for a name.
    const hosts = ["127.0.0.1", "::1", "localhost"] as const;
    for (const host of hosts.filter((one) => one !== "::1" || !process.version.startsWith("v22."))) {
      const origin = await startOrigin({ host });
      origin.on(() => true, json(200, {}));
      expect((await fetch(origin.url)).status).toBe(200);
      expect(origin.sockets).toMatchObject([{ secure: true }]);
    }
    expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined();
  });

  test.each([
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["expired", "CERT_HAS_EXPIRED"],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ] as const)("a certificate that is %s is refused before a request is sent", async (certificate, code) => {
    const origin = await startOrigin({ certificate });
    expect(await codeOf(fetch(origin.url))).toBe(code);
    expect(origin.requests).toEqual([]);
    expect(origin.sockets).toHaveLength(1);
  });

  test("an origin without TLS speaks plain http, and refuses https", async () => {
    const origin = await startOrigin({ tls: false });
    origin.on(({ method }) => method === "GET", json(200, { plain: true }));
    expect(await (await fetch(origin.url)).json()).toEqual({ plain: true });
    await expect(fetch(origin.url.replace("http:", "https:"))).rejects.toThrow("fetch failed");
    expect(origin.sockets.map(({ secure }) => secure)).toEqual([false, false]);
  });
});

describe("what is written down", () => {
  test("a request with its method, path, headers and body", async () => {
    const origin = await answering(json(200, {}), json(200, {}));
    const headers = { authorization: "Bearer abc", "x-one": "1" };
    await (await fetch(`${origin.url}/a?b=c`, { method: "POST", headers, body: "ü" })).text();
    await (await fetch(`${origin.url}/d`)).text();
    expect(origin.requests).toMatchObject([
      { method: "POST", url: "/a?b=c", body: "ü", complete: true, token: "abc", headers: { "x-one": "1" } },
      { method: "GET", url: "/d", body: "", complete: true, token: undefined },
    ]);
    expect(origin.requests[0]?.raw).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\n/);
    expect(origin.requests[0]?.socket).toMatchObject({ origin: origin.url, secure: true });
    expect(origin.posts).toHaveLength(1);
    expect(origin.tokens()).toEqual(["abc"]);
  });

  test("a chunked and a large body", async () => {
    const origin = await answering(json(200, {}), json(200, {}));
    const parts = async function* () {
      yield Buffer.from("one ");
      await pause(10);
      yield Buffer.from("two");
    };
    const streamed = { method: "POST", body: parts(), duplex: "half" };
    await (await fetch(origin.url, streamed as unknown as RequestInit)).text();
    await (await fetch(origin.url, { method: "POST", body: "x".repeat(500_000) })).text();
    expect(origin.requests[0]?.body).toBe("one two");
    expect(origin.requests[1]?.body).toHaveLength(500_000);
  });

  test("a request that breaks off, and a connection that never says a word", async () => {
    const origin = await startOrigin({ tls: false });
    const port = Number(new URL(origin.url).port);
    origin.on(({ method }) => method === "POST", json(200, {}));
    connectPlain(port, "127.0.0.1").end("POST /half HTTP/1.1\r\ncontent-length: 10\r\n\r\nhal");
    connectPlain(port, "127.0.0.1").end();
    connectPlain(port, "127.0.0.1").end("GE");
    await origin.until(() => origin.sockets.length === 3 && origin.sockets.every(({ closed }) => closed));
    expect(origin.requests).toMatchObject([
      { method: "POST", url: "/half", body: "hal", stage: "body", complete: false },
      { method: "", raw: "GE", complete: false },
    ]);
    expect(origin.posts).toHaveLength(1);
  });

  test("everything across all origins", async () => {
    const one = await answering(json(200, {}));
    const two = await answering(json(200, {}));
    await fetch(one.url, { method: "POST", headers: { authorization: "Bearer a" }, body: "first" });
    await fetch(two.url, { method: "POST", headers: { authorization: "Basic b" }, body: "second" });
    expect(everywhere.posts.map(({ origin }) => origin)).toEqual([one.url, two.url]);
    expect(everywhere.authorizations()).toEqual(["Bearer a", "Basic b"]);
    expect(everywhere.bodies()).toEqual(["first", "second"]);
    expect(everywhere.sockets).toHaveLength(2);
  });

  test("a request without a scripted answer is a problem, and closing says so", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    expect((await fetch(arm.url + vm, { method: "POST" })).status).toBe(202);
    expect((await fetch(arm.url + vm, { method: "POST" })).status).toBe(410);
    await expect(closeAll()).rejects.toThrow(/no answer is scripted for POST \/subscriptions/);
  });

  test("an answer that throws is a problem, and the connection is reset", async () => {
    const origin = await startOrigin();
    origin.on(
      () => true,
      () => {
        throw new Error("oh");
      },
    );
    expect(await codeOf(fetch(origin.url))).toBe("ECONNRESET");
    await expect(closeAll()).rejects.toThrow(/GET \/ threw Error: oh/);
  });

  test("waiting for what does not happen fails, and says what was seen", async () => {
    const origin = await answering(json(200, {}));
    await fetch(`${origin.url}/seen`);
    await expect(origin.until(() => origin.requests.length === 2, 20)).rejects.toThrow(
      /in vain.*1 requests: GET \/seen/,
    );
  });
});

describe("the script", () => {
  test("answers come in order, and `always` repeats", async () => {
    const arm = await startArm();
    arm.onPoll(running(), always(succeeded()));
    arm.onRead(json(200, { vm: true }));
    const words: unknown[] = [];
    for (let n = 0; n < 3; n++) words.push((await (await fetch(`${arm.url}/operations/1`)).json()).status);
    expect(words).toEqual(["InProgress", "Succeeded", "Succeeded"]);
    expect(await (await fetch(arm.url + vm)).json()).toEqual({ vm: true });
    expect(arm.polls).toHaveLength(3);
  });

  test("a function chooses an answer by the request", async () => {
    const origin = await startOrigin();
    origin.on(
      () => true,
      ({ request }) => json(200, { got: request.body }),
    );
    expect(await (await fetch(origin.url, { method: "POST", body: "x" })).json()).toEqual({ got: "x" });
  });

  test("an answer waits for time or for a gate", async () => {
    const door = gate();
    const origin = await answering(delayed(30, json(200, {})), delayed(door.opened, json(200, {})));
    const start = performance.now();
    await (await fetch(origin.url)).text();
    expect(performance.now() - start).toBeGreaterThan(25);
    let answered = false;
    const waiting = fetch(origin.url).then(() => {
      answered = true;
    });
    await origin.until(() => origin.requests.length === 2);
    await pause(10);
    expect(answered).toBe(false);
    door.open();
    await waiting;
  });

  test("fake timers of a test do not stop the harness", async () => {
    const origin = await answering(drip(json(200, "{}"), { everyMs: 2, bytes: 1 }));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
    try {
      expect(await (await fetch(origin.url)).text()).toBe("{}");
      await origin.until(() => origin.requests.length === 1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the clock that hurries", () => {
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  test("hours pass in a moment, and the origin sees them", async () => {
    const origin = await startOrigin();
    origin.on(() => true, always(json(200, { status: "InProgress" })));
    const start = performance.now();
    const elapsed = await fastForward(async () => {
      const begin = performance.now();
      for (const ms of [30_000, 600_000, 3_600_000]) {
        await (await fetch(origin.url)).text();
        await sleep(ms);
      }
      await (await fetch(origin.url)).text();
      return performance.now() - begin;
    });
    const times = origin.requests.map(({ at }) => at);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    expect(gaps).toEqual([30_000, 600_000, 3_600_000]);
    expect(elapsed).toBe(4_230_000);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test("a time limit ends a request that hangs, but not one that is answered late", async () => {
    const origin = await answering(delayed(30, json(200, { late: true })), hang());
    const limited = async () => {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(new Error("too long")), 60_000);
      return fetch(origin.url, { signal: abort.signal })
        .then((reply) => reply.json())
        .finally(() => clearTimeout(timer));
    };
    expect(await fastForward(limited)).toEqual({ late: true });
    await expect(fastForward(limited)).rejects.toThrow("too long");
  });

  test("a fraction of a millisecond passes, and what has no end is ended", async () => {
    const until = async (time: number) => {
      while (Date.now() < time) await sleep(time - Date.now());
    };
    await fastForward(() => until(Date.now() + 2.4));
    const forever = async () => {
      for (;;) await sleep(1000);
    };
    await expect(fastForward(forever, 50)).rejects.toThrow(/no end after \d+000 ms of its own time/);
  });
});

describe("plain answers", () => {
  test("json, text, html, an empty one", async () => {
    const origin = await answering(json(200, { a: 1 }), json(200, "{broken"), text(500, "no"), html(), status(503));
    const got: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const { status, headers, ...rest } = await fetch(origin.url).then(async (reply) => ({
        status: reply.status,
        headers: reply.headers,
        body: await reply.text(),
      }));
      got.push([status, headers.get("content-type")?.split(";")[0], rest.body.slice(0, 9)]);
      expect(headers.get("date")).toMatch(/GMT$/);
    }
    expect(got).toEqual([
      [200, "application/json", '{"a":1}'],
      [200, "application/json", "{broken"],
      [500, "text/plain", "no"],
      [200, "text/html", "<!DOCTYPE"],
      [503, undefined, ""],
    ]);
  });

  test.each([204, 304])("%i has neither body nor length, and the connection goes on", async (code) => {
    const origin = await startOrigin({ tls: false });
    origin.on(() => true, status(code), status(code), closing(json(200, "{}")));
    const reply = await fetch(origin.url);
    expect([reply.status, reply.body, reply.headers.get("content-length")]).toEqual([code, null, null]);
    const socket = connectPlain(Number(new URL(origin.url).port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    const [first, second] = (await streamText(socket)).split("\r\n\r\nHTTP/1.1 ");
    expect(first).toMatch(new RegExp(`^HTTP/1.1 ${code} [A-Z a-z]+\r\ndate: [^\r]+$`));
    expect(second).toMatch(/^200 OK\r\n.*\r\n\r\n\{\}$/s);
  });

  test.each([301, 302, 303, 307, 308] as const)("%i leads to the stranger, who notices", async (code) => {
    const evil = await startEvil();
    const origin = await answering(redirect(code, `${evil.url}/stolen`), redirect(code, `${evil.httpUrl}/stolen`));
    const init = { method: "POST", body: "secret" };
    expect((await fetch(origin.url, { ...init, redirect: "manual" })).headers.get("location")).toBe(
      `${evil.url}/stolen`,
    );
    await evil.expectUntouched();
    expect(await (await fetch(origin.url, init)).json()).toEqual({ status: "Succeeded" });
    expect(evil.requests).toMatchObject([{ method: code >= 307 ? "POST" : "GET", url: "/stolen" }]);
    await expect(evil.expectUntouched()).rejects.toThrow("contacted 1 times");
  });

  test("headers are added, repeated and taken away", async () => {
    const origin = await answering(withHeaders(json(200, {}), { "x-a": ["1", "2"], date: null }));
    const { headers } = await fetch(origin.url);
    expect([headers.get("x-a"), headers.get("date")]).toEqual(["1, 2", null]);
  });

  test("raw bytes are sent as they are: a status line that is none", async () => {
    const origin = await answering(raw("HTTP/9.9 abc\r\n\r\n"));
    const error = await fetch(origin.url).catch((thrown: unknown) => thrown);
    expect(String((error as Error).cause)).toContain("HTTPParserError");
  });

  test("hang never answers, and sees the client go", async () => {
    const origin = await answering(hang());
    const abort = new AbortController();
    const waiting = fetch(origin.url, { signal: abort.signal });
    await origin.until(() => origin.requests.length === 1);
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await origin.until(() => origin.requests[0]?.socket.closed === true);
  });
});

describe("encodings", () => {
  test("gzip, byte order mark, chunks, no length at all", async () => {
    const origin = await answering(
      gzipped(json(200, { a: 1 })),
      withByteOrderMark(json(200, { a: 1 })),
      chunked(json(200, { a: 1 })),
      chunked(status(202)),
      untilClose(json(200, { a: 1 })),
    );
    const bodies: string[] = [];
    const headers: (string | null)[] = [];
    for (let n = 0; n < 5; n++) {
      const reply = await fetch(origin.url);
      bodies.push(Buffer.from(await reply.arrayBuffer()).toString());
      headers.push(reply.headers.get("transfer-encoding") ?? reply.headers.get("content-encoding"));
    }
    expect(bodies).toEqual(['{"a":1}', '\ufeff{"a":1}', '{"a":1}', "", '{"a":1}']);
    expect(headers).toEqual(["gzip", null, "chunked", "chunked", null]);
  });

  test("a gzip bomb is small on the wire and more than 200 MB after it", async () => {
    const origin = await answering(gzipBomb());
    // Not with fetch, which would take the time to hand it over in 13 000 pieces.
    const reply = await new Promise<IncomingMessage>((resolve) => get(origin.url, resolve));
    const onTheWire = await streamBuffer(reply);
    expect(reply.headers["content-encoding"]).toBe("gzip");
    expect(onTheWire.length).toBeLessThan(250_000);
    const expanded = gunzipSync(onTheWire, { chunkSize: 1 << 24 });
    expect(expanded.length).toBe(210_000_022);
    expect(expanded.subarray(-24).toString()).toBe('  {"status":"Succeeded"}');
  }, 20_000);

  test("a client that stops reading the bomb ends it", async () => {
    const origin = await answering(gzipBomb());
    const reader = (await fetch(origin.url)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await origin.until(() => origin.requests[0]?.socket.closed === true);
  });

  test("60 kB of headers are more than the runtime takes", async () => {
    const origin = await answering(withHeaderBlock(json(200, {}), 60_000));
    expect(await codeOf(fetch(origin.url))).toBe("UND_ERR_HEADERS_OVERFLOW");
  });

  test("an informational response comes before the real one", async () => {
    const origin = await answering(informed(json(200, { real: true }), [103, 102]));
    const reply = await fetch(origin.url);
    expect([reply.status, await reply.json()]).toEqual([200, { real: true }]);
  });

  test("closing makes the next request come on a new connection", async () => {
    const origin = await answering(closing(json(200, {})), json(200, {}));
    await (await fetch(origin.url)).text();
    await (await fetch(origin.url)).text();
    expect(origin.sockets).toHaveLength(2);
  });
});

describe("mishaps", () => {
  test.each([true, false])("a reset of the connection itself (tls: %s)", async (tls) => {
    const origin = await startOrigin({ tls });
    origin.onConnect(reset({ at: "connect" }));
    expect(await codeOf(fetch(origin.url, { method: "POST" }))).toBe("ECONNRESET");
    expect(origin.requests).toEqual([]);
    origin.on(() => true, json(200, {}));
    expect((await fetch(origin.url)).status).toBe(200);
  });

  test.each(["request-headers", "request-body", "before-headers", "in-headers"] as const)(
    "a reset %s is an error of the socket without a response",
    async (at) => {
      for (const tls of [true, false]) {
        const origin = await startOrigin({ tls });
        origin.on(() => true, reset({ at }));
        // Below TLS the runtime may have seen the end of the socket before the reset, which undici tells in its own word.
        const codes = tls ? /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/ : /^(ECONNRESET|EPIPE)$/;
        expect(await codeOf(fetch(origin.url, { method: "POST", body: "x".repeat(300_000) }))).toMatch(codes);
        const whole = at === "before-headers" || at === "in-headers";
        expect(origin.posts.map(({ complete }) => complete)).toEqual([whole]);
      }
    },
  );

  test("a reset in the body comes after a response", async () => {
    const origin = await answering(reset({ at: "in-body" }));
    const reply = await fetch(origin.url);
    expect(reply.status).toBe(200);
    expect(await codeOf(reply.text())).toBe("ECONNRESET");
  });

  test("a reset is a real RST on the client's socket, not an end", async () => {
    const origin = await startOrigin({ tls: false });
    origin.on(() => true, reset());
    const socket = connectPlain(Number(new URL(origin.url).port), "127.0.0.1");
    const events: string[] = [];
    socket.on("end", () => events.push("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => events.push(error.code ?? ""));
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await new Promise((resolve) => socket.on("close", resolve));
    expect(events).toEqual(["ECONNRESET"]);
  });

  test("a connection that ends before TLS, and one that is never greeted", async () => {
    const origin = await startOrigin();
    origin.onConnect("end", "hang");
    expect(await codeOf(fetch(origin.url))).toBe("ECONNRESET");
    const silent = connectTls({ port: Number(new URL(origin.url).port), host: "127.0.0.1" });
    const events: string[] = [];
    silent.on("secureConnect", () => events.push("secure")).on("error", () => {});
    await origin.until(() => origin.sockets.length === 2);
    await pause(20);
    expect(events).toEqual([]);
    silent.destroy();
  });

  test("a refused connection", async () => {
    expect(await codeOf(fetch(await refusedUrl()))).toBe("ECONNREFUSED");
  });

  test("cut: half a body, a whole body that had promised more, chunks without an end", async () => {
    const done = json(200, { status: "Succeeded" });
    const origin = await answering(cut(done), cut(done, { missing: 1 }), cut(chunked(done)), cut(done, { keep: 0 }));
    for (let n = 0; n < 4; n++) {
      const reply = await fetch(origin.url);
      expect(reply.status).toBe(200);
      expect(await codeOf(reply.text())).toBe("UND_ERR_SOCKET");
    }
    expect(origin.sockets.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("drip: the headers at once, the body slowly", async () => {
    const origin = await answering(drip(json(200, "0123456789"), { everyMs: 5, bytes: 2 }));
    const reply = await fetch(origin.url);
    const start = performance.now();
    expect(await reply.text()).toBe("0123456789");
    expect(performance.now() - start).toBeGreaterThan(15);
  });

  test("an endless drip goes on until the client leaves", async () => {
    const origin = await answering(endlessDrip({ everyMs: 1, bytes: 10 }));
    const abort = new AbortController();
    const body = (await fetch(origin.url, { signal: abort.signal })).text();
    await pause(20);
    abort.abort(new Error("enough"));
    await expect(body).rejects.toThrow("enough");
    await origin.until(() => origin.requests[0]?.socket.closed === true);
  });

  test("slow headers", async () => {
    const origin = await answering(slowHeaders(json(200, {}), { everyMs: 4, bytes: 20 }));
    const start = performance.now();
    expect((await fetch(origin.url)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(15);
  });
});

describe("the shapes of ARM", () => {
  const post = (url: string) => fetch(`${url}${vm}/reimage`, { method: "POST" });

  test("a 202 has an empty body, both addresses, ids and rate limits", async () => {
    const arm = await startArm();
    arm.onPost(accepted({ retryAfter: 10 }));
    const reply = await post(arm.url);
    const address = reply.headers.get("azure-asyncoperation") ?? "";
    const location = reply.headers.get("location") ?? "";
    expect(reply.status).toBe(202);
    expect(await reply.text()).toBe("");
    expect(reply.headers.get("content-length")).toBe("0");
    expect(reply.headers.get("content-type")).toBeNull();
    expect(reply.headers.get("retry-after")).toBe("10");
    expect(reply.headers.get("x-ms-ratelimit-remaining-resource")).toContain("Microsoft.Compute/UpdateVMResource;11");
    expect(reply.headers.get("x-ms-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(address.length).toBeGreaterThan(3000);
    expect(address.length).toBeLessThan(3400);
    expect(address.startsWith(`${arm.url}/subscriptions/6c8e9a1e-`)).toBe(true);
    expect(new URL(location).pathname).toBe(new URL(address).pathname);
    expect([...new URL(location).searchParams.keys()]).toEqual(["p", "monitor", "api-version", "t", "c", "s", "h"]);
  });

  test.each([
    ["azure", "azure-asyncoperation"],
    ["operation-location", "operation-location"],
    ["location", "location"],
    ["none", undefined],
  ] as const)("a 202 with the address %s alone", async (headers, name) => {
    const arm = await startArm();
    arm.onPost(accepted({ headers, url: "/relative?x=1" }), accepted({ headers, signed: false }));
    const reply = await post(arm.url);
    const all = ["azure-asyncoperation", "operation-location", "location"];
    expect(all.filter((each) => reply.headers.has(each))).toEqual(name ? [name] : []);
    if (name) expect(reply.headers.get(name)).toBe("/relative?x=1");
    expect((name && (await post(arm.url)).headers.get(name)?.length) ?? 0).toBeLessThan(300);
  });

  test("a status document is printed as ARM prints it, with the name of the operation", async () => {
    const arm = await startArm();
    arm.onPoll(running({ retryAfter: 30 }), succeeded(), failed(), canceled(), statusDocument("FailoverInProgress"));
    const poll = () => fetch(`${arm.url}/operations/abc?p=1`);
    const first = await poll();
    expect(first.headers.get("retry-after")).toBe("30");
    expect(await first.text()).toBe(
      '{\r\n  "startTime": "2025-03-19T00:32:02.1465318+00:00",\r\n  "status": "InProgress",\r\n  "name": "abc"\r\n}',
    );
    const second = await poll();
    expect(second.headers.get("retry-after")).toBeNull();
    expect(Object.keys(await second.json())).toEqual(["startTime", "endTime", "status", "name"]);
    expect(await (await poll()).json()).toMatchObject({ status: "Failed", error: { code: "OSProvisioningTimedOut" } });
    expect(await (await poll()).json()).toMatchObject({ status: "Canceled", error: { code: "OperationPreempted" } });
    expect(await (await poll()).json()).toMatchObject({ status: "FailoverInProgress" });
  });

  test("a Location answers 202, then 200 or 204, with nothing in it", async () => {
    const arm = await startArm();
    arm.onPoll(locationRunning(), locationDone(), locationDone(204));
    const got: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      const reply = await fetch(`${arm.url}/operations/abc?monitor=true`);
      got.push([reply.status, await reply.text(), reply.headers.get("location")]);
    }
    expect(got).toEqual([
      [202, "", `${arm.url}/operations/abc?monitor=true`],
      [200, "", null],
      [204, "", null],
    ]);
  });

  test("refusals with and without the envelope, throttling, challenges", async () => {
    const arm = await startArm();
    const error = { code: "BadRequest", message: "no" };
    arm.onPost(
      refused(400, error),
      refused(409, error, { envelope: false }),
      throttled({ retryAfter: 1200 }),
      unauthorized(),
      unauthorized({ claims: '{"access_token":{}}' }),
    );
    const got = [];
    for (let n = 0; n < 5; n++) got.push(await post(arm.url));
    const [enveloped, bare, busy, plain, challenged] = got as [Response, Response, Response, Response, Response];
    expect([enveloped.status, await enveloped.json()]).toEqual([400, { error }]);
    expect([bare.status, await bare.json()]).toEqual([409, error]);
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "1200"]);
    expect(await busy.json()).toMatchObject({ code: "OperationNotAllowed", details: [{ code: "TooManyRequests" }] });
    expect(plain.headers.get("www-authenticate")).not.toContain("claims");
    expect(challenged.headers.get("www-authenticate")).toContain('claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="');
  });
});

describe("the stranger", () => {
  test("notices a bare connection, to either port", async () => {
    for (const pick of ["url", "httpUrl"] as const) {
      const evil = await startEvil();
      await evil.expectUntouched();
      connectPlain(Number(new URL(evil[pick]).port), "127.0.0.1").end();
      await expect(evil.expectUntouched()).rejects.toThrow("contacted 1 times");
      expect(evil.requests).toEqual([]);
    }
  });

  test("notices a handshake that the client breaks off", async () => {
    const evil = await startEvil();
    const socket = connectTls({ port: Number(new URL(evil.url).port), host: "127.0.0.1", ca: [] });
    const error = await new Promise<unknown>((resolve) => socket.on("error", resolve));
    expect(error).toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|VERIFY/) });
    expect(evil.contacts).toHaveLength(1);
  });
});

describe("leftovers", () => {
  const told = (run: () => unknown, signals: AbortSignal[] = []) =>
    expect(expectNoLeftovers(async () => void (await run()), { signals, withinMs: 40 })).rejects;

  test("nothing is left by a fetch that was read, aborted, or reset", async () => {
    const origin = await answering(json(200, {}), hang(), reset(), endlessDrip({ everyMs: 1, bytes: 1 }));
    expect(await expectNoLeftovers(async () => (await fetch(origin.url)).text())).toBe("{}");
    await expectNoLeftovers(async () => {
      const abort = new AbortController();
      const waiting = fetch(origin.url, { signal: abort.signal });
      await origin.until(() => origin.requests.length === 2);
      abort.abort();
      await waiting.catch(() => {});
    });
    await expectNoLeftovers(() => fetch(origin.url).catch(() => {}));
    await expectNoLeftovers(async () => (await fetch(origin.url)).body?.cancel());
  });

  test("a body that is never read is told", async () => {
    const origin = await answering(endlessDrip({ everyMs: 1, bytes: 1 }));
    await told(() => fetch(origin.url)).toThrow(/1 × TCPSocketWrap/);
  });

  test("a timer is told with the place that made it, also when it is unref'd or a signal's", async () => {
    const timers: NodeJS.Timeout[] = [];
    await told(() => timers.push(setTimeout(() => {}, 60_000))).toThrow(/a timer made at .*harness\.test\.ts:\d+/);
    await told(() => timers.push(setInterval(() => {}, 60_000).unref())).toThrow(/a timer made at .*harness\.test\.ts/);
    await told(() => void AbortSignal.timeout(300)).toThrow(/a timer made at .*harness\.test\.ts/);
    for (const timer of timers) clearTimeout(timer);
    await expectNoLeftovers(() => clearTimeout(setTimeout(() => {}, 60_000)));
    await expectNoLeftovers(() => void setTimeout(() => {}, 20));
  });

  test("an unhandled rejection is told, and does not reach the test runner", async () => {
    await told(() => void Promise.reject(new Error("lost"))).toThrow(/unhandled rejection: Error: lost/);
  });

  test("an abort listener is told", async () => {
    const { signal } = new AbortController();
    await told(() => signal.addEventListener("abort", () => {}), [signal]).toThrow(/1 × abort listener on signal 0/);
    expect(abortListeners(signal)).toBe(1);
    await expectNoLeftovers(() => {}, { signals: [signal] });
  });

  test("a warning of the process is told", async () => {
    const emitter = new EventEmitter();
    await told(() => {
      for (let n = 0; n < 12; n++) emitter.on("event", () => {});
    }).toThrow(/MaxListenersExceededWarning/);
  });

  test("a watch can be read at any time", async () => {
    const watch = watchLeftovers();
    const timer = setTimeout(() => {}, 60_000);
    expect(watch.leftovers()).toHaveLength(1);
    clearTimeout(timer);
    await pause(1);
    expect(watch.leftovers()).toEqual([]);
    watch.stop();
  });

  test("closing everything frees every connection", async () => {
    await expectNoLeftovers(async () => {
      const origin = await answering(hang());
      const waiting = codeOf(fetch(origin.url));
      await origin.until(() => origin.requests.length === 1);
      await closeAll();
      expect(await waiting).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    });
  });
});

describe("the fake credential", () => {
  test("gives numbered tokens by itself, and writes down how it was asked", async () => {
    const credential = fakeCredential();
    const { signal } = new AbortController();
    expect(await credential.getToken("scope", { abortSignal: signal, claims: "c" })).toMatchObject({
      token: "token-1",
    });
    expect((await credential.getToken(["scope"]))?.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
    expect(credential.calls).toMatchObject([
      { scopes: "scope", options: { claims: "c" }, signal },
      { scopes: ["scope"], options: undefined, signal: undefined },
    ]);
  });

  test("follows a script and then fails", async () => {
    const credential = fakeCredential("a", token("b", 1000), null, resolvesTo({ token: 42 }), rejects(new Error("r")));
    expect((await credential.getToken("s"))?.token).toBe("a");
    expect((await credential.getToken("s"))?.expiresOnTimestamp).toBeLessThan(Date.now() + 2000);
    expect(await credential.getToken("s")).toBeNull();
    expect(await credential.getToken("s")).toEqual({ token: 42 });
    await expect(credential.getToken("s")).rejects.toThrow("r");
    await expect(credential.getToken("s")).rejects.toThrow("call 6 of the fake credential is not scripted");
    const endless = fakeCredential(always("x"));
    expect([await endless.getToken("s"), await endless.getToken("s")]).toMatchObject([{ token: "x" }, { token: "x" }]);
  });

  test("throws, hangs, heeds its signal, comes late", async () => {
    const door = gate();
    const credential = fakeCredential(throws(new Error("t")), neverSettles(), waitsForAbort(), late(door.opened, "l"));
    expect(() => credential.getToken("s")).toThrow("t");
    const abort = new AbortController();
    const deaf = credential.getToken("s", { abortSignal: abort.signal });
    const heedful = credential.getToken("s", { abortSignal: abort.signal });
    const slow = credential.getToken("s");
    abort.abort(new Error("stop"));
    await expect(heedful).rejects.toThrow("stop");
    door.open();
    expect((await slow)?.token).toBe("l");
    expect(await Promise.race([deaf, pause(5).then(() => "still waiting")])).toBe("still waiting");
  });
});
