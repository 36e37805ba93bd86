/** S1: a connection that never stood, where the runtime tells, is NotSentError; anything less certain is "maybe". */
import dns from "node:dns";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { NotSentError } from "../../src/index.js";
import { closeAll, everywhere, pause, refusedUrl, startArm, startOrigin, status } from "../harness/index.js";
import { clientFor, ENDPOINT, expectMaybe, failure, inProcess, say202, sayStatus, told, vm } from "./support-s.js";

afterEach(async () => {
  vi.restoreAllMocks();
  await closeAll();
});

/** Newer versions of OpenSSL take an answer in plain text for a broken record, which could also come later. */
const tellsOfPlainText = process.versions.openssl.startsWith("3.0.");
const notSent = { name: "NotSentError", started: "no", reason: undefined };

describe("S1: not sent, on real sockets", () => {
  test("S1: a refused connection is NotSentError, for IPv4, IPv6 and a name with both addresses", async () => {
    const refused = await refusedUrl();
    for (const url of [refused, refused.replace("127.0.0.1", "[::1]"), refused.replace("127.0.0.1", "localhost")]) {
      const error = await failure(clientFor({ url }).reimage(vm, { tempDisk: true }));
      expect(error).toBeInstanceOf(NotSentError);
      expect(told(error)).toEqual(notSent);
      expect(error).toMatchObject({ vm, resume: undefined });
    }
    expect(everywhere.requests).toEqual([]);
  });

  test.each(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL"])(
    "S1: a host that does not resolve (%s) is NotSentError",
    async (code) => {
      const asked: string[] = [];
      const lookup = (host: string, _: unknown, callback: (error: Error) => void): void => {
        asked.push(host);
        const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), {
          code,
          syscall: "getaddrinfo",
          hostname: host,
        });
        process.nextTick(callback, error);
      };
      vi.spyOn(dns, "lookup").mockImplementation(lookup as unknown as typeof dns.lookup);
      const error = await failure(clientFor({ url: "https://no-such-host.invalid" }).beginReimage(vm));
      expect(told(error)).toEqual(notSent);
      expect(asked).toEqual(["no-such-host.invalid"]);
    },
  );

  test.each(["self-signed", "expired", "wrong-host"] as const)(
    "S1: a certificate that is %s is NotSentError, and no byte of the request arrives",
    async (certificate) => {
      const origin = await startOrigin({ certificate });
      expect(told(await failure(clientFor(origin).beginReimage(vm, { tempDisk: true })))).toEqual(notSent);
      await pause(5);
      expect(origin.sockets.length).toBeGreaterThan(0);
      expect(everywhere.requests).toEqual([]);
    },
  );

  test("S1: a port that speaks plain http is NotSentError for https, and no request arrives", async () => {
    const plain = await startOrigin({ tls: false });
    const error = await failure(clientFor({ url: plain.url.replace("http:", "https:") }).beginReimage(vm));
    expect(tellsOfPlainText ? ["no"] : ["no", "maybe"]).toContain(error.started);
    expect(error.name).toBe(error.started === "no" ? "NotSentError" : "OutcomeUnknownError");
    await pause(5);
    expect(everywhere.authorizations()).toEqual([]);
    expect(everywhere.posts).toEqual([]);
  });

  test("S1: a port that talks at once, in another protocol, is NotSentError for https", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("220 smtp.example ESMTP\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failure(clientFor({ url: `https://127.0.0.1:${port}` }).beginReimage(vm));
    server.close();
    expect(tellsOfPlainText ? ["no"] : ["no", "maybe"]).toContain(error.started);
    expect(error.name).toBe(error.started === "no" ? "NotSentError" : "OutcomeUnknownError");
  });

  test.each([
    ["protocol_version", 70],
    ["handshake_failure", 40],
  ])("S1: a handshake that ends with the alert %s is NotSentError", async (_, alert) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(told(await failure(clientFor({ url: `https://127.0.0.1:${port}` }).beginReimage(vm)))).toEqual(notSent);
    server.close();
  });

  test("S1: a port that fetch does not ask is NotSentError", async () => {
    expect(told(await failure(clientFor({ url: "https://127.0.0.1:6000" }).beginReimage(vm)))).toEqual(notSent);
  });

  test.each(["end", "reset"] as const)(
    "S1: a connection that ends (%s) before TLS was never sent a request",
    async (fault) => {
      const origin = await startOrigin();
      origin.onConnect(fault);
      const error = await failure(clientFor(origin).beginReimage(vm));
      // The runtime tells of the one in words, and of the other not surely: never is it more than "maybe".
      expect(fault === "end" ? ["no"] : ["no", "maybe"]).toContain(error.started);
      expect(["NotSentError", "OutcomeUnknownError"]).toContain(error.name);
      await pause(5);
      expect(everywhere.requests).toEqual([]);
      expect(everywhere.sockets).toHaveLength(1);
    },
  );

  test("S1: a handshake that never ends is given up in time, without a request", async () => {
    const origin = await startOrigin();
    origin.onConnect("hang");
    const error = await failure(clientFor(origin, { requestTimeoutMs: 80 }).beginReimage(vm));
    expect(["no", "maybe"]).toContain(error.started);
    expect(everywhere.requests).toEqual([]);
  });

  test("S1: after NotSentError the caller may try again: it is a new POST, and the only one", async () => {
    const arm = await startArm();
    arm.onConnect("end");
    arm.onPost(status(200));
    const client = clientFor(arm);
    expect(await failure(client.reimage(vm))).toBeInstanceOf(NotSentError);
    expect((await client.reimage(vm)).status).toBe("succeeded");
    expect(everywhere.posts).toHaveLength(1);
  });
});

/** A network error as runtimes make them: a TypeError with what is known in its cause. */
function failed(cause?: unknown): Error {
  return new TypeError("fetch failed", cause === undefined ? undefined : { cause });
}
const coded = (code: string, more: object = {}) => Object.assign(new Error(`something ${code}`), { code }, more);

describe("S1: what a runtime tells", () => {
  const never: readonly (readonly [string, unknown])[] = [
    ["ECONNREFUSED", failed(coded("ECONNREFUSED", { syscall: "connect" }))],
    [
      "every address refused or unreachable",
      failed(new AggregateError(["ECONNREFUSED", "ENETUNREACH"].map((code) => coded(code, { syscall: "connect" })))),
    ],
    ["a time limit for connecting", failed(coded("UND_ERR_CONNECT_TIMEOUT"))],
    ["ETIMEDOUT of connect itself", failed(coded("ETIMEDOUT", { syscall: "connect" }))],
    ["EHOSTUNREACH of connect itself", failed(coded("EHOSTUNREACH", { syscall: "connect" }))],
    ["a certificate that does not verify", failed(coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"))],
    ["a revoked certificate", failed(coded("CERT_REVOKED"))],
    ["a certificate that signed itself", failed(coded("DEPTH_ZERO_SELF_SIGNED_CERT"))],
    ["a certificate for another host", failed(coded("ERR_TLS_CERT_ALTNAME_INVALID"))],
    ["a port that fetch does not ask", failed(new Error("bad port"))],
    ["ConnectionRefused (Bun)", failed(coded("ConnectionRefused"))],
    ["a request that undici did not begin", failed(coded("UND_ERR_NOT_SUPPORTED"))],
  ];
  test.each(never)("S1: %s is NotSentError", async (_, thrown) => {
    const service = inProcess(() => Promise.reject(thrown));
    expect(told(await failure(clientFor({ url: ENDPOINT }, service).reimage(vm)))).toEqual(notSent);
    expect(service.posts).toHaveLength(1);
  });

  const unsure: readonly (readonly [string, unknown])[] = [
    ["fetch failed, and no more", failed()],
    ["Failed to fetch (Chromium)", new TypeError("Failed to fetch")],
    ["Load failed (Safari)", new TypeError("Load failed")],
    ["NetworkError (Firefox)", new TypeError("NetworkError when attempting to fetch resource.")],
    ["ECONNRESET", failed(coded("ECONNRESET", { syscall: "read" }))],
    ["EPIPE", failed(coded("EPIPE", { syscall: "write" }))],
    ["ETIMEDOUT of a read", failed(coded("ETIMEDOUT", { syscall: "read" }))],
    ["EHOSTUNREACH of a write on a connection that stood", failed(coded("EHOSTUNREACH", { syscall: "write" }))],
    ["ENETDOWN of a read on a connection that stood", failed(coded("ENETDOWN", { syscall: "read" }))],
    ["other side closed", failed(coded("UND_ERR_SOCKET"))],
    ["no headers in time", failed(coded("UND_ERR_HEADERS_TIMEOUT"))],
    ["headers too large", failed(coded("UND_ERR_HEADERS_OVERFLOW"))],
    ["an answer that does not parse", failed(coded("HPE_INVALID_CONSTANT"))],
    ["an alert of TLS on a connection that stood", failed(coded("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"))],
    ["a bad certificate, told by the other side", failed(coded("ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE"))],
    ["plain text, which may come on a connection that stood", failed(coded("ERR_SSL_WRONG_VERSION_NUMBER"))],
    [
      "protocol_version, which a server may say when it has read it all",
      failed(coded("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION")),
    ],
    ["a version of TLS that is refused, on whichever connection", failed(coded("ERR_SSL_UNSUPPORTED_PROTOCOL"))],
    ["handshake_failure, the same", failed(coded("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE"))],
    ["no_application_protocol, the same", failed(coded("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"))],
    ["an alert that comes at any time", failed(coded("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR"))],
    ["an answer that breaks the protocol", failed(coded("ERR_HTTP2_PROTOCOL_ERROR"))],
    ["words that only speak of a bad port", failed(new Error("the switch has a bad port"))],
    ["a stream that was refused on a connection that stood", failed(coded("NGHTTP2_REFUSED_STREAM"))],
    ["a refusal of somebody else", failed(coded("REQUEST_REFUSED_BY_PROXY"))],
    ["a bad record on a connection that stood", failed(coded("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC"))],
    ["one address refused, the other reset", failed(new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")]))],
    ["an empty list of errors", failed(new AggregateError([]))],
    ["a reset with a refusal somewhere below it", failed(coded("ECONNRESET", { cause: coded("ECONNREFUSED") }))],
    ["words that only speak of ECONNREFUSED", failed(new Error("the server logged ECONNREFUSED"))],
    ["a code that is no string", failed(Object.assign(new Error("x"), { code: ["ECONNREFUSED"] }))],
    ["a string", "ECONNREFUSED"],
    ["nothing", undefined],
    ["null", null],
    ["a number", 42],
    ["a plain object", { message: "no" }],
  ];
  test.each(unsure)("S1: %s is no proof: it may have been taken", async (_, thrown) => {
    const service = inProcess(() => Promise.reject(thrown));
    const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(vm));
    expectMaybe(error);
    expect(service.posts).toHaveLength(1);
  });

  test("S1: an error that throws when it is looked at is no proof either, and does not replace the outcome", async () => {
    const hostile = (key: string) =>
      Object.defineProperty(new TypeError("fetch failed"), key, {
        get: () => {
          throw new Error("do not look");
        },
      });
    const proxy = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("do not look");
      },
      has: () => {
        throw new Error("do not look");
      },
      getPrototypeOf: () => {
        throw new Error("do not look");
      },
    });
    for (const thrown of [...["code", "message", "cause", "name", "errors", "syscall"].map(hostile), proxy]) {
      const service = inProcess(() => Promise.reject(thrown));
      expectMaybe(await failure(clientFor({ url: ENDPOINT }, service).reimage(vm)));
    }
  });

  test("S1: a chain of causes that bites its tail ends", async () => {
    const snake = failed();
    snake.cause = Object.assign(new Error("tail"), { cause: snake });
    const service = inProcess(() => Promise.reject(snake));
    expectMaybe(await failure(clientFor({ url: ENDPOINT }, service).reimage(vm)));
  });

  test("S1: a fetch that throws at once, or gives no response, is told as what it may be", async () => {
    const throwing = (): never => {
      throw new TypeError("Invalid URL");
    };
    const fetches = [throwing, async () => undefined, async () => ({}), async () => null];
    for (const fetch of fetches) {
      const error = await failure(
        clientFor({ url: ENDPOINT }, { fetch: fetch as unknown as typeof globalThis.fetch }).reimage(vm),
      );
      expect(["no", "maybe"]).toContain(error.started);
      expect(["NotSentError", "OutcomeUnknownError"]).toContain(error.name);
    }
  });

  test("S1: an answer that is no Response, by a fetch of the caller's own, may stand for a POST that was taken", async () => {
    const odd = [
      { status: 202, headers: null, body: null },
      { status: 202, headers: {}, body: null },
      { status: 202, headers: { get: () => null }, body: {} },
      {
        status: 202,
        headers: new Headers(),
        body: { getReader: () => ({ read: () => Promise.reject(new Error("no")) }) },
      },
    ];
    for (const answer of odd) {
      const fetch = async () => answer as unknown as Response;
      const error = await failure(clientFor({ url: ENDPOINT }, { fetch }).reimage(vm));
      expect(error.name).toBe("OutcomeUnknownError");
      expect(error.started).not.toBe("no");
    }
  });

  test("S1: an answer whose headers can be asked by name, and no more, is an answer", async () => {
    const fetch = async () => ({ status: 200, headers: { get: () => null }, body: null }) as unknown as Response;
    expect((await clientFor({ url: ENDPOINT }, { fetch }).reimage(vm)).status).toBe("succeeded");
  });

  test("S1: the same on a status request is a read that failed, never NotSentError: the reimage goes on", async () => {
    const service = inProcess(
      say202(),
      () => Promise.reject(failed(coded("ECONNREFUSED", { syscall: "connect" }))),
      sayStatus("Succeeded"),
    );
    expect((await clientFor({ url: ENDPOINT }, service).reimage(vm)).status).toBe("succeeded");
    expect(service.calls.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  });
});
