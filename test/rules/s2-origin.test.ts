/** S2: the token goes to the endpoint's origin and to those the caller named; a stranger is not even connected to. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ReimageClientOptions, SerializedOperation } from "../../src/index.js";
import {
  type Answer,
  type Arm,
  accepted,
  closeAll,
  type Evil,
  everywhere,
  json,
  locationRunning,
  pause,
  refused,
  running,
  startArm,
  startEvil,
  status,
  statusDocument,
  succeeded,
  withHeaders,
} from "../harness/index.js";
import { clientFor, failure, told, vm, watchedFetch } from "./support-s.js";

interface Places {
  /** The origin of the endpoint, `https://127.0.0.1:port`. */
  readonly good: string;
  readonly evil: string;
  readonly evilHttp: string;
}
const portOf = (url: string): string => new URL(url).port;
const path = "/subscriptions/s/providers/Microsoft.Compute/locations/westeurope/operations/1?p=2";

/** How a stranger may be dressed up. Each is a URL, so it must not fall back to the next header: it is untrusted. */
const disguises: readonly (readonly [string, (places: Places) => string])[] = [
  ["another port", ({ evil }) => `${evil}${path}`],
  ["plain http", ({ evilHttp }) => `${evilHttp}${path}`],
  ["plain http on the endpoint's own port", ({ good }) => `${good.replace("https:", "http:")}${path}`],
  ["another name of this machine", ({ good }) => `https://localhost:${portOf(good)}${path}`],
  ["another name, upper case", ({ evil }) => `HTTPS://LOCALHOST:${portOf(evil)}${path}`],
  ["no port", () => `https://127.0.0.1${path}`],
  ["the endpoint as user name", ({ good, evil }) => `${good.replace(/:\d+$/, "")}@${new URL(evil).host}${path}`],
  ["the endpoint as user name and password", ({ good, evil }) => `${good}@${new URL(evil).host}${path}`],
  [
    "the endpoint as user name, encoded",
    ({ good, evil }) => `https://${encodeURIComponent(good)}@${new URL(evil).host}${path}`,
  ],
  ["a user name before the endpoint itself", ({ good }) => good.replace("//", "//user@") + path],
  ["user and password before the endpoint itself", ({ good }) => good.replace("//", "//user:word@") + path],
  ["an empty user name before the endpoint itself", ({ good }) => good.replace("//", "//@") + path],
  ["an empty user name and password before the endpoint", ({ good }) => good.replace("//", "//:@") + path],
  ["protocol-relative", ({ evil }) => `//${new URL(evil).host}${path}`],
  ["protocol-relative with more slashes", ({ evil }) => `/////${new URL(evil).host}${path}`],
  ["backslashes for slashes", ({ evil }) => `\\\\${new URL(evil).host}\\operations\\1`],
  ["a slash and a backslash", ({ evil }) => `/\\${new URL(evil).host}${path}`],
  ["a backslash and a slash", ({ evil }) => `\\/${new URL(evil).host}${path}`],
  ["backslashes behind the scheme", ({ evil }) => `https:\\\\${new URL(evil).host}${path}`],
  ["a backslash that ends the host", ({ good, evil }) => `${evil}\\@${new URL(good).host}${path}`],
  ["the other way round", ({ good, evil }) => `${good}\\@${new URL(evil).host}${path}`],
  ["a backslash in the path of the endpoint itself", ({ good }) => `${good}\\operations\\1`],
  ["no slashes behind the scheme", ({ evilHttp }) => `http:${new URL(evilHttp).host}${path}`],
  ["one slash behind the scheme", ({ evilHttp }) => `http:/${new URL(evilHttp).host}${path}`],
  ["a tab within the scheme", ({ evil }) => `ht\ttps://${new URL(evil).host}${path}`],
  ["a tab between the slashes", ({ evil }) => `/\t/${new URL(evil).host}${path}`],
  ["a tab within the endpoint itself", ({ good }) => `${good}/operations\t/1`],
  ["data:", () => `data:application/json,{"status":"Succeeded"}`],
  ["data: in upper case, base64", () => `DATA:application/json;base64,${btoa('{"status":"Succeeded"}')}`],
  ["blob: of the endpoint", ({ good }) => `blob:${good}/0b7b7e42-0000-4000-8000-000000000000`],
  ["javascript:", () => "javascript:fetch('//evil')"],
  ["file:", () => "file:///etc/passwd"],
  ["about:", () => "about:blank"],
  ["ftp:", ({ good }) => `ftp://${new URL(good).host}${path}`],
  ["wss: of the endpoint", ({ good }) => `wss://${new URL(good).host}${path}`],
  ["ws:", ({ evilHttp }) => `ws://${new URL(evilHttp).host}${path}`],
  ["view-source:", ({ good }) => `view-source:${good}${path}`],
  ["a scheme of its own", ({ good }) => `x-${good}${path}`],
  ["IPv6", ({ evil }) => `https://[::1]:${portOf(evil)}${path}`],
  ["IPv6 of the endpoint's port", ({ good }) => `https://[::1]:${portOf(good)}${path}`],
  ["IPv4 mapped into IPv6", ({ good }) => `https://[::ffff:127.0.0.1]:${portOf(good)}${path}`],
  ["IPv4 in decimal", ({ evil }) => `https://2130706433:${portOf(evil)}${path}`],
  ["IPv4 in hexadecimal", ({ evil }) => `https://0x7f000001:${portOf(evil)}${path}`],
  ["IPv4 in octal", ({ evil }) => `https://0177.0.0.1:${portOf(evil)}${path}`],
  ["IPv4 in two parts", ({ evil }) => `https://127.1:${portOf(evil)}${path}`],
  ["another address of this machine", ({ good }) => `https://127.0.0.2:${portOf(good)}${path}`],
  ["the address of every interface", ({ good }) => `https://0.0.0.0:${portOf(good)}${path}`],
  ["a trailing dot behind a name", ({ good }) => `https://localhost.:${portOf(good)}${path}`],
  ["percent-encoded digits", ({ evil }) => `https://%31%32%37.0.0.1:${portOf(evil)}${path}`],
  ["the endpoint as a subdomain", ({ good }) => `https://127.0.0.1.evil.invalid:${portOf(good)}${path}`],
  ["the endpoint's name as a beginning", () => `https://management.azure.com.evil.invalid${path}`],
  ["punycode", () => `https://xn--mnagement-q1a.azure.com${path}`],
  ["Azure's own name, which is not the endpoint here", () => `https://management.azure.com${path}`],
  ["leading blanks", ({ evil }) => `   ${evil}${path}`],
  ["a fragment", ({ good, evil }) => `${evil}#${good}`],
  ["the endpoint in the query", ({ good, evil }) => `${evil}/?${good}${path}`],
  ["dots in the path", ({ evil }) => `${evil}/../..${path}`],
  ["dots behind a relative path", ({ evil }) => `//${new URL(evil).host}/a/../b`],
];

let arm: Arm;
let evil: Evil;
let places: Places;
beforeAll(async () => {
  [arm, evil] = await Promise.all([startArm(), startEvil()]);
  places = { good: arm.url, evil: evil.url, evilHttp: evil.httpUrl };
});
/** Every test: whatever was asked for by whatever name, only the endpoint was. */
let asked: ReturnType<typeof watchedFetch>;
const client = (options: Partial<ReimageClientOptions> = {}) => {
  asked = watchedFetch();
  return clientFor(arm, { fetch: asked.fetch, ...options });
};
function expectOnlyTheEndpoint(): void {
  expect(new Set(asked.asked)).toEqual(new Set([arm.url]));
  expect(evil.contacts).toEqual([]);
  const elsewhere = everywhere.requests.filter(({ origin }) => origin !== arm.url);
  expect(elsewhere.map(({ origin, url }) => origin + url)).toEqual([]);
}
afterAll(async () => {
  await evil.expectUntouched();
  await closeAll();
});

/** A header goes over the wire in Latin-1. */
const wire = (value: string): string => Buffer.from(value).toString("latin1");

describe.each([
  ["azure", "Azure-AsyncOperation"],
  ["operation-location", "Operation-Location"],
  ["location", "Location"],
] as const)("S2: in the %s header of the 202", (headers, name) => {
  test.each(disguises)(`S2: ${name} with %s is untrusted, and not contacted`, async (_, make) => {
    arm.onPost(accepted({ headers, url: wire(make(places)) }));
    const before = everywhere.requests.length;
    const error = await failure(client().reimage(vm));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "untrusted-status-url" });
    expect(everywhere.requests.length - before).toBe(1);
    expectOnlyTheEndpoint();
  });
});

test.each([
  [
    "an encoded @ in the host",
    ({ good, evil }: Places) => `https://${new URL(good).host}%40${new URL(evil).host}${path}`,
  ],
  ["a port beyond all ports", ({ evil }: Places) => `https://${new URL(evil).hostname}:1${portOf(evil)}9${path}`],
  ["two ports", ({ good, evil }: Places) => `${good}:${portOf(evil)}${path}`],
  ["a blank in the host", ({ good, evil }: Places) => `${good} @${new URL(evil).host} ${path}`.replace(" @", " ")],
  ["no host", () => "https://"],
  ["an open bracket", ({ evil }: Places) => `https://[::1:${portOf(evil)}${path}`],
  ["five parts of IPv4", ({ evil }: Places) => `https://127.0.0.0.1:${portOf(evil)}${path}`],
])("S2: what is no URL (%s) is not contacted either", async (_, make) => {
  arm.onPost(accepted({ headers: "location", url: make(places) }));
  const error = await failure(client().reimage(vm));
  expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "no-status-url" });
  expectOnlyTheEndpoint();
});

test("S2: an untrusted URL does not fall back to a trusted one behind it", async () => {
  const order = ["azure-asyncoperation", "operation-location", "location"] as const;
  for (const [n, name] of order.entries()) {
    arm.onPost(({ origin }) => {
      const more = Object.fromEntries(
        order.slice(n).map((each) => [each, `${each === name ? evil.url : origin}${path}`]),
      );
      return accepted({ headers: "none", more });
    });
    const error = await failure(client().reimage(vm));
    expect(told(error)).toMatchObject({ reason: "untrusted-status-url", started: "yes" });
    expectOnlyTheEndpoint();
  }
});

test("S2: the error that tells of a stranger names neither its query nor a token; what it holds to resume by is refused again", async () => {
  arm.onPost(accepted({ headers: "azure", url: `${evil.url}/x?sig=c2VjcmV0LXNpZ25hdHVyZQ` }));
  const error = await failure(client().reimage(vm));
  expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/c2VjcmV0|token-1/);
  expectOnlyTheEndpoint();
  const again = await failure(() => client().resume(JSON.stringify(error.resume)));
  expect(told(again)).toMatchObject({ reason: "untrusted-status-url", started: "yes" });
  expect(asked.asked).toEqual([]);
});

describe("S2: while polling", () => {
  const moves: readonly (readonly [string, (headers: Record<string, string>) => Answer])[] = [
    ["a running status document", (more) => running({ more })],
    ["a running Location", (more) => withHeaders(locationRunning(), { location: null, ...more })],
    ["a word that only sounds final", (more) => statusDocument("PartiallySucceeded", {}, { more })],
  ];
  const strangers = disguises.filter(([name]) =>
    /^(another port|plain http|.*user name before.*|protocol-relative|backslashes for.*|data:|blob:.*|IPv6|.*trailing dot.*|a tab within the s.*)$/.test(
      name,
    ),
  );
  for (const [what, build] of moves) {
    const kind = what.includes("Location") ? "location" : "azure";
    test.each(strangers)(`S2: ${what} that moves to %s is untrusted, and not contacted`, async (_, make) => {
      arm.onPost(accepted({ headers: kind }));
      arm.onPoll(build({ [kind === "azure" ? "azure-asyncoperation" : "location"]: wire(make(places)) }));
      const error = await failure(client().reimage(vm));
      expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "untrusted-status-url" });
      expect(error.resume?.statusUrl).toContain(arm.url);
      expectOnlyTheEndpoint();
    });
  }

  test("S2: after a stranger was named, the operation still follows the last trusted URL when asked again", async () => {
    arm.onPost(accepted({ headers: "azure" }));
    arm.onPoll(running({ more: { "azure-asyncoperation": `${evil.url}/x` } }), succeeded());
    const operation = await client().beginReimage(vm);
    await failure(operation.poll());
    expect(operation.done).toBe(false);
    expect((await operation.poll()).status).toBe("succeeded");
    expectOnlyTheEndpoint();
  });

  test("S2: a stranger named by an answer that is no status, or by a final one, is not contacted", async () => {
    const more = { "azure-asyncoperation": `${evil.url}/a`, location: `${evil.url}/b`, "retry-after": "0" };
    const ends: readonly Answer[] = [
      refused(500, { code: "E" }, { more }),
      refused(404, { code: "NotFound" }, { more }),
      json(200, "<html>", more),
      status(408, more),
      succeeded({ more }),
    ];
    arm.onPost(accepted({ headers: "both" }));
    arm.onPoll(...ends);
    await client().reimage(vm);
    expectOnlyTheEndpoint();
  });
});

describe("S2: in a resumed state", () => {
  const saved = async (): Promise<SerializedOperation> => {
    arm.onPost(accepted({ headers: "azure" }));
    const operation = await client().beginReimage(vm);
    return JSON.parse(JSON.stringify(operation));
  };
  // A saved URL is absolute: what a header may leave to its request is no URL here.
  const relative =
    /^(protocol-relative.*|backslashes for.*|a slash and.*|a backslash and a slash|a tab between.*|dots behind.*|one slash.*|no slashes.*)$/;

  test.each(disguises)("S2: %s is not contacted", async (name, make) => {
    const state = { ...(await saved()), statusUrl: make(places) };
    for (const form of [state, JSON.stringify(state)]) {
      const error = await failure(() =>
        client()
          .resume(form as string)
          .wait(),
      );
      const untrusted = { name: "OutcomeUnknownError", started: "yes", reason: "untrusted-status-url" };
      if (relative.test(name)) expect(["OutcomeUnknownError", "InvalidInputError"]).toContain(error.name);
      else expect(told(error)).toEqual(untrusted);
      expect(asked.asked).toEqual([]);
    }
    expect(evil.contacts).toEqual([]);
  });

  test("S2: characters that only look like the endpoint's are not it; those that are it to every URL parser lead to it alone", async () => {
    const state = await saved();
    const { port } = new URL(arm.url);
    const lookalikes = [
      `https://１２７.0.0.1:${port}/x`,
      `https://127。0。0。1:${port}/x`,
      `https://ⓛocalhost:${port}/x`,
      `https://127.0.0.1\u200b:${port}/x`,
      `https://127.0.0.1\u0000:${port}/x`,
      `https://127.0.0.1\u00ad:${port}/x`,
      `https://mаnagement.azure.com/x`,
    ];
    for (const statusUrl of lookalikes) {
      arm.onPoll(succeeded());
      const before = arm.polls.length;
      try {
        await client()
          .resume({ ...state, statusUrl })
          .wait();
      } catch (error) {
        expect(["OutcomeUnknownError", "InvalidInputError"]).toContain((error as Error).name);
      }
      expect(asked.asked.every((origin) => origin === arm.url)).toBe(true);
      if (arm.polls.length === before) await fetch(`${arm.url}/drain`).then((reply) => reply.text());
    }
    expect(evil.contacts).toEqual([]);
  });

  test("S2: line breaks in a saved URL are a trick", async () => {
    const state = await saved();
    for (const trick of [
      `${arm.url}/a\n/b`,
      `ht\ntps://${new URL(evil.url).host}/`,
      `${arm.url}\r\n/x`,
      `\u0000${evil.url}/`,
    ]) {
      const error = await failure(() =>
        client()
          .resume({ ...state, statusUrl: trick })
          .wait(),
      );
      expect(["OutcomeUnknownError", "InvalidInputError"]).toContain(error.name);
      expect(asked.asked).toEqual([]);
    }
  });

  test("S2: what is no text is no URL, whatever it would turn into", async () => {
    const state = await saved();
    let looked = 0;
    const chameleon = { toString: () => (looked++ === 0 ? `${arm.url}/x` : `${evil.url}/x`) };
    for (const statusUrl of [[`${arm.url}/x`], chameleon, 7, true, {}, null]) {
      const error = await failure(() =>
        client()
          .resume({ ...state, statusUrl } as unknown as SerializedOperation)
          .wait(),
      );
      expect(error).toMatchObject({ name: "InvalidInputError", started: "no" });
      expect(asked.asked).toEqual([]);
    }
    expect(looked).toBe(0);
    // Its JSON is what counts, once and for all: there a URL is a text, judged as one.
    const turning = { toJSON: () => (looked++ === 0 ? `${evil.url}/x` : `${arm.url}/x`) };
    for (const statusUrl of [new URL(`${evil.url}/x`), turning]) {
      const error = await failure(() =>
        client()
          .resume({ ...state, statusUrl } as unknown as SerializedOperation)
          .wait(),
      );
      expect(error).toMatchObject({ name: "OutcomeUnknownError", reason: "untrusted-status-url" });
    }
    expect([looked, asked.asked]).toEqual([1, []]);
  });

  test("S2: a getter that shows one URL to the check and another to the request is read once", async () => {
    const state = await saved();
    const urls = [`${arm.url}/operations/1`, `${evil.url}/x`, `${evil.url}/x`, `${evil.url}/x`];
    const changing = Object.defineProperty({ ...state }, "statusUrl", {
      enumerable: true,
      get: () => urls.shift() ?? "",
    });
    arm.onPoll(succeeded());
    await client().resume(changing).wait();
    expectOnlyTheEndpoint();
  });

  test("S2: a state saved under one endpoint is not followed by a client of another", async () => {
    const state = await saved();
    for (const endpoint of ["https://management.azure.com", evil.url]) {
      const error = await failure(() => client({ endpoint }).resume(state).wait());
      expect(told(error)).toMatchObject({ name: "OutcomeUnknownError", reason: "untrusted-status-url" });
      expect(asked.asked).toEqual([]);
    }
  });
});

describe("S2: what is trusted", () => {
  const same: readonly (readonly [string, (good: string) => string])[] = [
    ["as it is", (good) => good + path],
    ["with the scheme in upper case", (good) => good.replace("https", "HTTPS") + path],
    ["as a path alone", () => path],
    ["protocol-relative", (good) => `//${new URL(good).host}${path}`],
    ["with an @ in its path and query", (good) => `${good}/a@b/c?user@host`],
    ["with a URL in its query", (good) => `${good}/a?next=https://evil.invalid/`],
    [
      "with IPv4 in hexadecimal, which every URL parser reads as the same host",
      (good) => good.replace("127.0.0.1", "0x7f.1") + path,
    ],
  ];
  test.each(same)("S2: the endpoint's own origin, %s, is followed with the token", async (_, make) => {
    arm.onPost(accepted({ headers: "azure", url: make(arm.url) }));
    arm.onPoll(succeeded());
    const before = arm.tokens().length;
    expect((await client().reimage(vm)).status).toBe("succeeded");
    expect(arm.tokens().slice(before)).toEqual(["token-1", "token-1"]);
    expectOnlyTheEndpoint();
  });

  test("S2: of origins that the caller allows, exactly those see the token", async () => {
    const second = await startArm();
    const third = await startArm();
    second.onPoll(running(), succeeded());
    const options = { allowedPollOrigins: [`${second.url.toUpperCase().replace("HTTPS", "https")}/`] };
    arm.onPost(accepted({ headers: "azure", url: `${second.url}/operations/1` }));
    expect((await client(options).reimage(vm)).status).toBe("succeeded");
    expect(second.tokens()).toEqual(["token-1", "token-1"]);
    for (const url of [`${third.url}/operations/1`, `${second.url.replace("https", "http")}/operations/1`]) {
      arm.onPost(accepted({ headers: "azure", url }));
      expect(told(await failure(client(options).reimage(vm)))).toMatchObject({ reason: "untrusted-status-url" });
    }
    expect(third.sockets).toEqual([]);
    expect(second.requests).toHaveLength(2);
  });

  test("S2: the POST itself never goes to an allowed poll origin", async () => {
    const second = await startArm();
    arm.onPost(status(200));
    await client({ allowedPollOrigins: [second.url] }).reimage(vm);
    expect(second.sockets).toEqual([]);
  });

  test.each([
    ["http", "http://example.com"],
    ["a path", "https://example.com/path"],
    ["a query", "https://example.com/?a"],
    ["a user name", "https://user@example.com"],
    ["a wildcard", "https://*.example.com/x"],
    ["no URL", "example.com"],
    ["another scheme", "data:text/plain,x"],
    ["the scheme blob", "blob:https://example.com/x"],
    ["null, as an opaque origin is written", "null"],
  ])("S2: an allowed origin with %s is refused when the client is made", async (_, origin) => {
    const error = await failure(() => clientFor(arm, { allowedPollOrigins: [origin] }));
    expect(error.name).toBe("InvalidInputError");
  });

  test("S2: an opaque origin is never trusted, though all of them are called null", async () => {
    arm.onPost(accepted({ headers: "azure", url: "data:application/json,{}" }));
    expect(told(await failure(client().reimage(vm)))).toMatchObject({ reason: "untrusted-status-url" });
  });
});

afterEach(async () => {
  await pause(0);
  expect(evil.contacts).toEqual([]);
});
