/** S5: where each request gets its token, and what is never sent instead of one. */
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type AnyReimageError,
  AuthenticationError,
  type Credential,
  createReimageClient,
  type TokenCredential,
} from "../../src/index.js";
import {
  accepted,
  closeAll,
  everywhere,
  expectNoLeftovers,
  fakeCredential,
  gate,
  late,
  neverSettles,
  pause,
  rejects,
  resolvesTo,
  running,
  startArm,
  startEvil,
  status,
  succeeded,
  throws,
  token,
  unauthorized,
  waitsForAbort,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import {
  clientFor,
  ENDPOINT,
  failure,
  inProcess,
  reasonOf,
  type Say,
  say,
  say202,
  sayStatus,
  vm,
} from "./support-s.js";

afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

const CLAIMS = '{"access_token":{"xms_cc":{"values":["cp1","é"]}}}';
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");

describe("S5: the scope", () => {
  test.each([
    ["public", "https://management.azure.com/.default"],
    ["usgov", "https://management.usgovcloudapi.net/.default"],
    ["china", "https://management.chinacloudapi.cn/.default"],
  ] as const)("S5: of the cloud %s is its own: %s", async (cloud, scope) => {
    const credential = fakeCredential();
    await createReimageClient({ credential, cloud, fetch: inProcess(say(200)).fetch }).reimage(vm);
    expect(credential.calls.map(({ scopes }) => [scopes].flat())).toEqual([[scope]]);
  });

  test("S5: of another endpoint is its origin's, without its path, unless the caller names one", async () => {
    const endpoint = "https://gateway.example:8443/arm/v2";
    for (const [options, scope] of [
      [{}, "https://gateway.example:8443/.default"],
      [{ cloud: "china" }, "https://gateway.example:8443/.default"],
      [{ scope: "api://gateway/user_impersonation" }, "api://gateway/user_impersonation"],
    ] as const) {
      const credential = fakeCredential();
      const { fetch } = inProcess(say(200));
      await createReimageClient({ credential, endpoint, fetch, ...options }).reimage(vm);
      expect(credential.calls.map(({ scopes }) => [scopes].flat())).toEqual([[scope]]);
    }
  });

  test("S5: is asked for polls too, also when they go to another allowed origin", async () => {
    const credential = fakeCredential(always(token("short", 1_000)));
    const service = inProcess(say202("https://polls.example/1"), sayStatus("Running"), sayStatus("Succeeded"));
    const options = { credential, allowedPollOrigins: ["https://polls.example"], pollIntervalMs: 1 };
    await createReimageClient({ ...options, fetch: service.fetch }).reimage(vm);
    expect(new Set(credential.calls.flatMap(({ scopes }) => scopes))).toEqual(new Set([`${ENDPOINT}/.default`]));
  });
});

describe("S5: renewal", () => {
  const minute = 60_000;

  test("S5: a token is used until two minutes before it ends, and then renewed", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    const credential = fakeCredential(token("first", 10 * minute), token("second", 10 * minute), token("third"));
    const service = inProcess(say202(), always(sayStatus("Running")));
    const operation = await clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch }).beginReimage(vm);
    for (const at of [4 * minute, 8 * minute - 1_000, 8 * minute + 1_000, 16 * minute, 16 * minute + 2_000]) {
      vi.setSystemTime(1_800_000_000_000 + at);
      await operation.poll();
    }
    expect(service.calls.map(({ token: held }) => held)).toEqual([
      "first",
      "first",
      "first",
      "second",
      "second",
      "third",
    ]);
    expect(credential.calls).toHaveLength(3);
  });

  test("S5: exactly two minutes are not more than two minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    const credential = fakeCredential(token("first", 2 * minute + 1), token("second"));
    const service = inProcess(say202(), always(sayStatus("Running")));
    const operation = await clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch }).beginReimage(vm);
    await operation.poll();
    vi.setSystemTime(1_800_000_000_002);
    await operation.poll();
    expect(service.calls.map(({ token: held }) => held)).toEqual(["first", "first", "second"]);
  });

  test("S5: a token whose end is not told, or is nonsense, is asked for again each time", async () => {
    for (const end of [undefined, Number.NaN, "soon", null, 0, -1]) {
      let n = 0;
      const credential = {
        getToken: async () => ({ token: `t-${++n}`, expiresOnTimestamp: end }),
      } as unknown as Credential;
      const service = inProcess(say202(), sayStatus("Running"), sayStatus("Succeeded"));
      await clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch }).reimage(vm);
      expect(service.calls.map(({ token: held }) => held)).toEqual(["t-1", "t-2", "t-3"]);
    }
  });

  test("S5: 50 calls at once ask for one token, and each is sent with it", async () => {
    const door = gate();
    const credential = fakeCredential(late(door.opened, "only"));
    const service = inProcess(always(say(200)));
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    const all = Array.from({ length: 50 }, () => client.reimage(vm));
    await pause(5);
    expect(credential.calls).toHaveLength(1);
    door.open();
    await Promise.all(all);
    expect(credential.calls).toHaveLength(1);
    expect(service.calls.map(({ token: held }) => held)).toEqual(Array.from({ length: 50 }, () => "only"));
  });

  test("S5: 50 calls that are challenged at once ask for one new token with the claims, on real sockets", async () => {
    const arm = await startArm();
    arm.onPost(always(({ request }) => (request.token === "old" ? unauthorized({ claims: CLAIMS }) : status(200))));
    const credential = fakeCredential("old", late(80, "new"));
    const client = clientFor(arm, { credential });
    await Promise.all(Array.from({ length: 50 }, () => client.reimage(vm)));
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, CLAIMS]);
    const tokens = arm.tokens();
    expect(tokens.filter((held) => held === "new")).toHaveLength(50);
    expect(new Set(tokens)).toEqual(new Set(["old", "new"]));
  }, 10_000);

  test("S5: one that failed is not kept: the next call asks again", async () => {
    const credential = fakeCredential(rejects(new Error("offline")), null, "third");
    const service = inProcess(say(200));
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    await failure(client.reimage(vm));
    await failure(client.reimage(vm));
    expect((await client.reimage(vm)).status).toBe("succeeded");
    expect(service.calls.map(({ token: held }) => held)).toEqual(["third"]);
  });

  test("S5: a token that the service refused is not sent by the next call", async () => {
    const credential = fakeCredential("refused", "fresh");
    const service = inProcess(say(401, {}), say(200));
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    await failure(client.reimage(vm));
    await client.reimage(vm);
    expect(service.calls.map(({ token: held }) => held)).toEqual(["refused", "fresh"]);
  });

  test("S5: a renewal under way without claims does not answer a challenge: the claims are asked for", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    const door = gate();
    const challenge: Say = say(401, {}, { "www-authenticate": `Bearer claims="${base64(CLAIMS)}"` });
    const answering = gate();
    const credential = fakeCredential(token("old", 5 * minute), late(door.opened, "without"), always("with"));
    const service = inProcess(
      async (call) => {
        await answering.opened;
        return challenge(call);
      },
      always((call) => (call.token === "with" ? say(200)(call) : challenge(call))),
    );
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    const first = client.reimage(vm);
    await vi.waitFor(() => expect(service.calls).toHaveLength(1));
    vi.setSystemTime(1_800_000_000_000 + 4 * minute);
    const second = client.reimage(vm).catch((error: AnyReimageError) => error);
    await vi.waitFor(() => expect(credential.calls).toHaveLength(2));
    answering.open();
    await pause(10);
    door.open();
    expect((await first).status).toBe("succeeded");
    await second;
    expect(credential.calls.some(({ options }) => options?.claims === CLAIMS)).toBe(true);
  });

  test("S5: a token that another call got meanwhile, without the claims, does not answer a challenge", async () => {
    const reading = gate();
    const headers = { "www-authenticate": `Bearer claims="${base64(CLAIMS)}"` };
    // Like a credential with a cache: without the claims it has but the token that was refused.
    const asked: (string | undefined)[] = [];
    const credential: TokenCredential = {
      async getToken(_, options) {
        asked.push(options?.claims);
        return { token: options?.claims ? "with" : "cached", expiresOnTimestamp: Date.now() + 60 * minute };
      },
    };
    const slow = () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            await reading.opened;
            controller.close();
          },
        }),
        { status: 401, headers },
      );
    const service = inProcess(
      slow,
      say(200),
      always((call) => (call.token === "with" ? say(200)(call) : slow())),
    );
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    const challenged = client.reimage(vm);
    await vi.waitFor(() => expect(service.calls).toHaveLength(1));
    await pause(10);
    await client.reimage(vm);
    reading.open();
    expect((await challenged).status).toBe("succeeded");
    expect(asked).toEqual([undefined, undefined, CLAIMS]);
  });

  test("S5: a renewal with claims that is under way serves whoever needs a token meanwhile", async () => {
    const door = gate();
    const challenge = say(401, {}, { "www-authenticate": `Bearer claims="${base64(CLAIMS)}"` });
    const credential = fakeCredential("old", late(door.opened, "with"));
    const service = inProcess(challenge, always(say(200)));
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    const challenged = client.reimage(vm);
    await vi.waitFor(() => expect(credential.calls).toHaveLength(2));
    const other = client.reimage(vm);
    await pause(10);
    door.open();
    await Promise.all([challenged, other]);
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, CLAIMS]);
    expect(service.calls.map(({ token: held }) => held)).toEqual(["old", "with", "with"]);
  });
});

describe("S5: getToken has a signal of its own", () => {
  test("S5: it is not the caller's, and it aborts with the time limit of the request", async () => {
    const credential = fakeCredential(waitsForAbort());
    const { signal } = new AbortController();
    const start = performance.now();
    const error = await failure(
      clientFor({ url: ENDPOINT }, { credential, requestTimeoutMs: 60 }).reimage(vm, undefined, { signal }),
    );
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(error).toMatchObject({ name: "AuthenticationError", started: "no" });
    expect(credential.calls[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(credential.calls[0]?.signal).not.toBe(signal);
    expect(credential.calls[0]?.signal?.aborted).toBe(true);
  });

  test("S5: it aborts when the last waiter left, not with the first; who comes later is asked for anew", async () => {
    const credential = fakeCredential(waitsForAbort(), "second");
    const service = inProcess(say(200));
    const client = clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch });
    const [one, two] = [new AbortController(), new AbortController()];
    const first = reasonOf(client.reimage(vm, undefined, { signal: one.signal }));
    const second = reasonOf(client.reimage(vm, undefined, { signal: two.signal }));
    await pause(5);
    one.abort("one left");
    expect(await first).toBe("one left");
    await pause(5);
    expect(credential.calls).toHaveLength(1);
    expect(credential.calls[0]?.signal?.aborted).toBe(false);
    two.abort("two left");
    expect(await second).toBe("two left");
    expect(credential.calls[0]?.signal?.aborted).toBe(true);
    expect((await client.reimage(vm)).status).toBe("succeeded");
    expect(service.calls.map(({ token: held }) => held)).toEqual(["second"]);
  });

  test("S5: it has not aborted when a token came, and nothing is left of it", async () => {
    const credential = fakeCredential();
    await expectNoLeftovers(async () => {
      await clientFor({ url: ENDPOINT }, { credential, fetch: inProcess(say(200)).fetch }).reimage(vm);
    });
    expect(credential.calls[0]?.signal?.aborted).toBe(false);
  });

  test("S5: a promise that never settles ends with the time limit; the wait for it leaves nothing behind", async () => {
    const forms: readonly Credential[] = [fakeCredential(neverSettles()), () => new Promise<string>(() => {})];
    for (const credential of forms) {
      const service = inProcess(say(200));
      await expectNoLeftovers(async () => {
        const client = clientFor({ url: ENDPOINT }, { credential, requestTimeoutMs: 40, fetch: service.fetch });
        expect(await failure(client.reimage(vm))).toMatchObject({ name: "AuthenticationError", started: "no" });
      });
      expect(service.calls).toEqual([]);
    }
  });

  test("S5: a token that comes too late is not the one that a later request waits for, nor anyone's unhandled rejection", async () => {
    const credential = fakeCredential(
      () => pause(80).then(() => Promise.reject(new Error("late"))),
      () => pause(10).then(() => token("in-time")()),
    );
    const service = inProcess(say(200));
    const client = clientFor({ url: ENDPOINT }, { credential, requestTimeoutMs: 40, fetch: service.fetch });
    await expectNoLeftovers(async () => {
      await failure(client.reimage(vm));
      await client.reimage(vm);
      await pause(60);
    });
    expect(service.calls.map(({ token: held }) => held)).toEqual(["in-time"]);
  });
});

/** What is no token; the text of it must not show up anywhere. */
const malformed: readonly (readonly [string, unknown])[] = [
  ["with a line break", "secret-tok\nen"],
  ["with a header in it", "secret-tok\r\nX-Injected: 1"],
  ["with a blank", "secret-tok en"],
  ["with a blank behind it", "secret-tok "],
  ["with a blank before it", " secret-tok"],
  ["with its scheme", "Bearer secret-tok"],
  ["with a tab", "secret-tok\ten"],
  ["with a NUL", "secret-tok\u0000"],
  ["with DEL", "secret-tok\u007f"],
  ["with an umlaut", "secret-tök"],
  ["with an emoji", "secret-tok😀"],
  ["with a no-break space", "secret-tok\u00a0"],
  ["with a line separator", "secret-tok\u2028"],
  ["that is empty", ""],
  ["that is a number", 42_424_242],
  ["that is true", true],
  ["that is an object", { token: "secret-tok" }],
  ["that is a list", ["secret-tok"]],
  ["that is a String object", new String("secret-tok")],
  ["that is a function", () => "secret-tok"],
  ["that is null", null],
  ["that is undefined", undefined],
];

function expectNothingToken(error: AnyReimageError): void {
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ started: "no", vm });
  const causes = [error.cause, (error.cause as Error | undefined)?.cause].map(
    (cause) => `${(cause as Error)?.stack}${cause}`,
  );
  expect(`${error}${error.stack}${JSON.stringify(error)}${causes}`).not.toMatch(/secret-t|X-Injected|42424242|424_242/);
}

describe("S5: no usable token is AuthenticationError, and nothing is sent", () => {
  test.each(malformed)("S5: a token %s", async (_, bad) => {
    const arm = await startArm();
    const forms: readonly Credential[] = [
      fakeCredential(resolvesTo({ token: bad, expiresOnTimestamp: Date.now() + 3_600_000 })),
      (() => bad) as () => string,
      (async () => bad) as () => Promise<string>,
    ];
    for (const credential of forms) expectNothingToken(await failure(clientFor(arm, { credential }).reimage(vm)));
    expect(everywhere.sockets).toEqual([]);
  });

  const broken: readonly (readonly [string, () => Credential])[] = [
    ["null", () => fakeCredential(null)],
    ["undefined", () => fakeCredential(resolvesTo(undefined))],
    ["a bare string", () => fakeCredential(resolvesTo("secret-tok"))],
    ["an object without a token", () => fakeCredential(resolvesTo({}))],
    ["no promise", () => ({ getToken: () => undefined }) as unknown as TokenCredential],
    ["a rejection", () => fakeCredential(rejects(new Error("CredentialUnavailableError")))],
    ["a rejection with nothing", () => fakeCredential(rejects(undefined))],
    ["an exception", () => fakeCredential(throws(new Error("not logged in")))],
    ["a function's rejection", () => () => Promise.reject(new Error("no"))],
    [
      "a function's exception",
      () => () => {
        throw new Error("no");
      },
    ],
    [
      "a token that throws when it is read",
      () =>
        fakeCredential(
          resolvesTo({
            get token() {
              throw new Error("do not look");
            },
          }),
        ),
    ],
  ];
  test.each(broken)("S5: %s", async (_, make) => {
    const arm = await startArm();
    expectNothingToken(await failure(clientFor(arm, { credential: make() }).reimage(vm, { tempDisk: true })));
    expect(everywhere.sockets).toEqual([]);
  });

  test.each([undefined, null, 7, "token", {}, { getToken: "no" }, []])(
    "S5: %j is no credential at all, and refused at once",
    async (credential) => {
      expect(
        await failure(() => clientFor({ url: ENDPOINT }, { credential: credential as unknown as Credential })),
      ).toMatchObject({
        name: "InvalidInputError",
        issues: [{ path: "credential" }],
      });
    },
  );

  test("S5: every printable ASCII word is a token, whatever its punctuation", async () => {
    const word = String.fromCharCode(...Array.from({ length: 94 }, (_, n) => 33 + n));
    const arm = await startArm();
    arm.onPost(status(200));
    await clientFor(arm, { credential: () => word }).reimage(vm);
    expect(arm.tokens()).toEqual([word]);
  });

  test("S5: getToken keeps its this: a class with private state works", async () => {
    class Stateful {
      readonly #token = "private-1";
      async getToken(): Promise<{ token: string; expiresOnTimestamp: number }> {
        return { token: this.#token, expiresOnTimestamp: Date.now() + 3_600_000 };
      }
    }
    const service = inProcess(say(200));
    await clientFor({ url: ENDPOINT }, { credential: new Stateful(), fetch: service.fetch }).reimage(vm);
    expect(service.calls[0]?.token).toBe("private-1");
  });
});

describe("S5: challenges", () => {
  const challenges: readonly (readonly [string, string | readonly string[], string])[] = [
    ["in base64", `Bearer error="insufficient_claims", claims="${base64(CLAIMS)}"`, CLAIMS],
    ["in base64url, without padding", `Bearer claims="${base64url(CLAIMS)}"`, CLAIMS],
    [
      "with bytes that only base64url or base64 write as - and _",
      `Bearer claims="${base64url('{"a":"??>>~~ÿÿ"}')}"`,
      '{"a":"??>>~~ÿÿ"}',
    ],
    ["before other parameters", `Bearer claims="${base64(CLAIMS)}", realm="", error="insufficient_claims"`, CLAIMS],
    ["without blanks", `Bearer realm="",error="insufficient_claims",claims="${base64(CLAIMS)}"`, CLAIMS],
    ["in capital letters", `BEARER CLAIMS="${base64(CLAIMS)}"`, CLAIMS],
    ["behind a challenge of another scheme", `PoP nonce="abc=", Bearer claims="${base64(CLAIMS)}"`, CLAIMS],
    ["before a challenge of another scheme", `Bearer claims="${base64(CLAIMS)}", PoP nonce="abc"`, CLAIMS],
    ["in the second of two headers", ['PoP nonce="abc"', `Bearer claims="${base64(CLAIMS)}"`], CLAIMS],
    ["behind a Bearer challenge without any", `Bearer realm="a", Bearer claims="${base64(CLAIMS)}"`, CLAIMS],
    [
      "with a description that speaks of claims",
      `Bearer error_description="claims, claims=", claims="${base64(CLAIMS)}"`,
      CLAIMS,
    ],
  ];
  test.each(challenges)("S5: claims %s reach the credential, and its new token the POST", async (_, header, claims) => {
    const arm = await startArm();
    const more = { "www-authenticate": header as string };
    arm.onPost(unauthorized({ more }), status(200));
    const credential = fakeCredential();
    await clientFor(arm, { credential }).reimage(vm);
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, claims]);
    expect(arm.tokens()).toEqual(["token-1", "token-2"]);
  });

  test.each(challenges.slice(0, 3))(
    "S5: claims %s on a status request reach the credential, once",
    async (_, header, claims) => {
      const arm = await startArm();
      const more = { "www-authenticate": header as string };
      arm.onPost(accepted());
      arm.onPoll(running(), unauthorized({ more }), running(), succeeded());
      const credential = fakeCredential();
      expect((await clientFor(arm, { credential }).reimage(vm)).status).toBe("succeeded");
      expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, claims]);
      expect(arm.tokens()).toEqual(["token-1", "token-1", "token-1", "token-2", "token-2"]);
    },
  );

  test("S5: claims are for the one token: the renewal after it is asked without", async () => {
    const arm = await startArm();
    arm.onPost(unauthorized({ claims: CLAIMS }), accepted());
    arm.onPoll(succeeded());
    const credential = fakeCredential("one", token("two", 1_000), "three");
    await clientFor(arm, { credential }).reimage(vm);
    expect(credential.calls.map(({ options }) => options?.claims)).toEqual([undefined, CLAIMS, undefined]);
  });

  test("S5: a status request that is refused twice is AuthenticationError with the resume state", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(unauthorized({ claims: CLAIMS }), unauthorized({ claims: CLAIMS }));
    const error = await failure(clientFor(arm).reimage(vm));
    expect(error).toMatchObject({ name: "AuthenticationError", started: "yes" });
    expect(error.resume?.statusUrl).toContain(arm.url);
    expect(arm.polls).toHaveLength(2);
    expect(everywhere.posts).toHaveLength(1);
  });

  test("S5: an authority, a resource and a URL in a challenge are not contacted, and change nothing", async () => {
    const [arm, evil] = await Promise.all([startArm(), startEvil()]);
    const more = {
      "www-authenticate": `Bearer authorization_uri="${evil.url}/common", authorization="${evil.url}", resource="${evil.url}", scope="${evil.url}/.default", trusted_issuers="${evil.url}", claims="${base64(CLAIMS)}"`,
    };
    arm.onPost(unauthorized({ more }), accepted());
    arm.onPoll(unauthorized({ more }), succeeded());
    const credential = fakeCredential();
    await clientFor(arm, { credential }).reimage(vm);
    await evil.expectUntouched();
    expect(new Set(credential.calls.flatMap(({ scopes }) => scopes))).toEqual(new Set([`${arm.url}/.default`]));
    const named = credential.calls.map(({ options }) => JSON.stringify(options));
    expect(named.join()).not.toContain(evil.url);
  });
});

describe("S5: a plain function", () => {
  test("S5: is called for each request", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(running(), succeeded());
    let calls = 0;
    await clientFor(arm, { credential: async () => `function-${++calls}` }).reimage(vm);
    expect(arm.tokens()).toEqual(["function-1", "function-2", "function-3"]);
    expect(calls).toBe(3);
  });

  test("S5: is called once more after a claims challenge on a status request", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(unauthorized({ claims: CLAIMS }), succeeded());
    let calls = 0;
    await clientFor(arm, { credential: () => `function-${++calls}` }).reimage(vm);
    expect(arm.tokens()).toEqual(["function-1", "function-2", "function-3"]);
  });
});

describe("S5: in the middle of a long wait", () => {
  const hiccups: readonly (readonly [string, Parameters<typeof fakeCredential>[0]])[] = [
    ["rejects", rejects(new Error("ENOTFOUND login.microsoftonline.com"))],
    ["throws", throws(new Error("ENOTFOUND login.microsoftonline.com"))],
    ["gives null", null],
    ["gives nonsense", resolvesTo({ token: "a b", expiresOnTimestamp: 0 })],
    ["does not answer in time", neverSettles()],
  ];
  test.each(hiccups)("S5: a credential that %s for a moment does not end it", async (_, hiccup) => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(running(), succeeded());
    const short = token("short-lived", 1_000);
    const credential = fakeCredential(short, short, hiccup, hiccup, "fresh");
    const client = clientFor(arm, { credential, requestTimeoutMs: 80 });
    expect((await client.reimage(vm)).status).toBe("succeeded");
    expect(arm.tokens()).toEqual(["short-lived", "short-lived", "fresh"]);
    expect(everywhere.posts).toHaveLength(1);
  });
});
