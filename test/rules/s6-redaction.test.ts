/** S6: nothing secret leaves through an error, an event, a state or a log, however a service writes it back. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type {
  AnyReimageError,
  OperationState,
  ReimageClientOptions,
  ReimageEvent,
  ReimageParameters,
} from "../../src/index.js";
import { keep, redactor, signaturesIn } from "../../src/redact.js";
import { accepted, closeAll, fakeCredential, json, rejects, reset, running, startArm, text } from "../harness/index.js";
import { always } from "../harness/script.js";
import {
  clientFor,
  ENDPOINT,
  failure,
  inProcess,
  type Say,
  SIGNATURE,
  STATUS_URL,
  say,
  say202,
  sayStatus,
  vm,
} from "./support-s.js";
import { everythingIn, expectHidden, forms } from "./support-s-secrets.js";

afterEach(closeAll);

const PASSWORD = 'Pa"ss\\w0rd/<&>+%-é';
/** What customData says when it is decoded. */
const SCRIPT = '#cloud-config\nusers:\n  - name: "root"\t# déjà\n    passwd: s3cr3t\\n\n';
const CUSTOM_DATA = Buffer.from(SCRIPT).toString("base64");
const TOKEN = 'opaque"tok\\en/with+every=thing&more%<>';
const parameters: ReimageParameters = { osProfile: { adminPassword: PASSWORD, customData: CUSTOM_DATA } };
const SECRETS = { password: PASSWORD, customData: CUSTOM_DATA, "what customData says": SCRIPT, token: TOKEN };
const ALL = Object.values(SECRETS);

/** Everything that a reimage tells: the error it ends with, its events, its states. */
async function tell(answers: readonly Say[], options: Partial<ReimageClientOptions> = {}, body = parameters) {
  const events: ReimageEvent[] = [];
  const states: OperationState[] = [];
  const service = inProcess(...answers.slice(0, -1), always(answers.at(-1) as Say));
  const client = clientFor(
    { url: ENDPOINT },
    { credential: () => TOKEN, fetch: service.fetch, onEvent: (event) => void events.push(event), ...options },
  );
  const error = await failure(
    client.reimage(vm, body, { onProgress: (state) => void states.push(state), validate: false }),
  );
  expect(service.posts[0]?.body).toBe(JSON.stringify(body));
  return { error, events, states, all: [error, ...events, ...states] };
}

/** A service error that has it in every field that is read, and in some that are not. */
function echo(said: string): object {
  const inner = { code: said, message: said, target: said };
  return {
    code: said,
    message: `before ${said} behind, as text ${JSON.stringify({ inner })}, in https://x.example/a?p=${said}&q=1 too`,
    target: said,
    details: [inner, { message: `"${said}"` }],
    innererror: { exceptiontype: said, errordetail: said },
    request: { body: said, [said]: said },
    [said]: inner,
  };
}

describe.each(Object.entries(SECRETS))("S6: the %s, written back", (_, secret) => {
  describe.each(Object.entries(forms))("%s", (_, form) => {
    const said = form(secret);
    const [envelope, bare] = [{ error: echo(said) }, echo(said)];

    test.each([
      ["a refusal", [say(400, envelope)]],
      ["a server error", [say(500, bare)]],
      ["a failed reimage", [say202(), sayStatus("Failed", envelope)]],
      ["a canceled reimage", [say202(), sayStatus("Canceled", envelope)]],
      ["a status that may not be read", [say202(), say(403, bare)]],
    ])("S6: in every field of %s", async (_, answers) => {
      expectHidden((await tell(answers)).all, ALL);
    });

    test("S6: in the word of a status, in times, ids, headers and the status URL's path", async () => {
      const header = encodeURIComponent(said);
      const headers = {
        "x-ms-request-id": Buffer.from(said.replace(/[\r\n\0]/g, " ")).toString("latin1"),
        "x-ms-ratelimit-remaining-resource": `${header};7,Microsoft.Compute/${header};8`,
        [`x-ms-ratelimit-remaining-${secret.replace(/[^\w]/g, "").toLowerCase()}`]: "5",
        "x-ms-operation-identifier": header,
        "retry-after": header,
      };
      const times = { startTime: said, endTime: said, name: said, percentComplete: said };
      const url = `${ENDPOINT}/subscriptions/s/providers/Microsoft.Compute/locations/${header}/operations/${header}?p=1`;
      const answers = [say202(url, headers), sayStatus(said, times, headers), sayStatus("Failed", times, headers)];
      expectHidden((await tell(answers)).all, ALL);
    });
  });
});

test("S6: a password that reads like a rate limit is cut before the limits are told apart", async () => {
  const password = "Sup3rSecret;5-Zz";
  const headers = { "azure-asyncoperation": "/operations/1", "x-ms-ratelimit-remaining-resource": password };
  const client = clientFor({ url: ENDPOINT }, inProcess(say(202, undefined, headers)));
  const { state } = await client.beginReimage(vm, { osProfile: { adminPassword: password } });
  expect(JSON.stringify(state)).not.toContain("Sup3rSecret");
});

test.each([1234567890123, { toString: "a secret" }, ["a secret"]])(
  "S6: a password that is no string, sent without a check, is cut like any other: %j",
  async (adminPassword) => {
    const parameters = { osProfile: { adminPassword } } as unknown as ReimageParameters;
    const message = `not ${JSON.stringify(adminPassword)}`;
    const service = inProcess(say(400, { error: { code: "Bad", message } }));
    const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(vm, parameters, { validate: false }));
    expect(error.message).toContain("not [redacted]");
  },
);

test("S6: a password of letters and digits is cut from the region that a status URL names, too", async () => {
  const osProfile = { adminPassword: "Passw0rdOnly" };
  const url = `${ENDPOINT}/subscriptions/s/providers/Microsoft.Compute/locations/Passw0rdOnly/operations/1?p=1`;
  const answers = [say202(url), sayStatus("Passw0rdOnly"), sayStatus("Failed")];
  expectHidden((await tell(answers, {}, { osProfile })).all, ["Passw0rdOnly"]);
});

describe("S6: what is told all the same", () => {
  test("S6: only the secret is cut from a message, not the message", async () => {
    const { error } = await tell([
      say(400, { error: { code: "BadRequest", message: `the value '${PASSWORD}' of adminPassword` } }),
    ]);
    expect(error).toMatchObject({ code: "BadRequest" });
    expect((error as { serviceMessage: string }).serviceMessage).toMatch(/^the value '.{1,20}' of adminPassword$/);
  });

  test("S6: every occurrence is cut, also next to each other and next to another secret", async () => {
    const { error } = await tell([
      say(400, { error: { code: "c", message: `${PASSWORD}${PASSWORD}${TOKEN}${CUSTOM_DATA}x` } }),
    ]);
    expectHidden([error], ALL);
    expect((error as { serviceMessage: string }).serviceMessage.endsWith("x")).toBe(true);
  });

  test.each([
    ["form feeds and backspaces", "\f\b\f\b-Aa1", "|"],
    ["a percent sign at its end, before letters", "Abc-123%", "aaaa"],
    ["a percent sign at its end, before digits", "Abc-123%", "2525"],
    ["a backslash at its end, before a letter", "Abc-123\\", "n"],
    ["a backslash at its end, before a u", "Abc-123\\", "u0041"],
    ["letters like an escape", "Abc\\u0041-1", "|"],
    ["digits like an encoding", "Abc%41-%2541-1", "|"],
    ["a plus and a blank", "Abc+ +1 ", "|"],
  ])("S6: odd ends of secrets are cut in every form: %s", async (_, adminPassword, behind) => {
    for (const form of Object.values(forms)) {
      const said = form(adminPassword);
      const answers = [say(400, { error: { code: "c", message: `${behind}${said}${behind}` } })];
      const { error } = await tell(answers, {}, { osProfile: { adminPassword } });
      expect((error as { serviceMessage?: string }).serviceMessage).not.toContain(said);
    }
  });

  test("S6: the limit is four characters: shorter secrets would cut half of every sentence", async () => {
    for (const [adminPassword, shown] of [
      ["aB1!", false],
      ["aB1", true],
    ] as const) {
      const refusal = say(400, { error: { code: "c", message: `about ${adminPassword} here` } });
      const { error } = await tell([refusal], {}, { osProfile: { adminPassword } });
      expect(everythingIn(error).text.includes(adminPassword)).toBe(shown);
    }
  });

  test("S6: a secret within another is no way to a rest of the longer", async () => {
    const inner = "Horse-1!";
    const osProfile = { adminPassword: inner, customData: Buffer.from(`${inner}-battery-staple`).toString("base64") };
    const { error } = await tell(
      [say(400, { error: { code: "c", message: `${inner}-battery-staple` } })],
      {},
      { osProfile },
    );
    expect(everythingIn(error).text).not.toMatch(/Horse|battery/);
  });
});

describe("S6: a body that is no JSON is never quoted", () => {
  const bodies: readonly (readonly [string, string])[] = [
    [
      "a page",
      `<html><body>Your password ${PASSWORD.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`)} leaks-here</body></html>`,
    ],
    ["plain text", `leaks-here ${PASSWORD}`],
    ["broken JSON", `{"error":{"code":"leaks-here","message":"${PASSWORD}`],
    ["JSON with a tail", `{"error":{"code":"c","message":"leaks-here"}} ${PASSWORD}`],
    ["a string", JSON.stringify(`leaks-here ${PASSWORD}`)],
    ["a list", JSON.stringify([{ code: "leaks-here", message: PASSWORD }])],
  ];
  test.each(bodies)("S6: %s", async (_, body) => {
    for (const answers of [
      [say(400, body)],
      [say(200, body)],
      [say(502, body)],
      [say202(), say(403, body)],
      [say202(), say(200, body)],
    ]) {
      if (answers.length === 1 && answers[0] && (await answers[0]({} as never)).status === 200 && /^["[]/.test(body))
        continue;
      const { all } = await tell(answers);
      expectHidden(all, [...ALL, "leaks-here"]);
    }
  });

  test("S6: on a real socket, by a proxy that answers with what it was sent", async () => {
    const arm = await startArm();
    arm.onPost(({ request }) => text(502, `<pre>leaks-here ${request.raw}</pre>`));
    const credential = () => TOKEN;
    const error = await failure(clientFor(arm, { credential }).reimage(vm, parameters, { validate: false }));
    expectHidden([error], [...ALL, "leaks-here"]);
  });

  test("S6: on a real socket, by a service that answers with what it was sent, as its message", async () => {
    const arm = await startArm();
    const echo = ({ request }: { request: { raw: string; body: string } }) =>
      json(400, {
        error: {
          code: "Echo",
          message: request.raw,
          details: [{ message: request.body }],
          innererror: { errordetail: JSON.stringify(request.raw) },
        },
      });
    arm.onPost(echo);
    const events: ReimageEvent[] = [];
    const client = clientFor(arm, { credential: () => TOKEN, onEvent: (event) => void events.push(event) });
    expectHidden([await failure(client.reimage(vm, parameters, { validate: false })), ...events], ALL);
  });
});

describe("S6: tokens", () => {
  test("S6: a token is cut from the answer to its own request, however many others were given out meanwhile", async () => {
    let n = 0;
    const word = (i: number) => `function-token-${String(i).padStart(4, "0")}-end`;
    const held: (() => void)[] = [];
    const client = clientFor(
      { url: ENDPOINT },
      {
        credential: () => word(n++),
        fetch: async (input, init) => {
          const request = new Request(input, init);
          await new Promise<void>((resolve) => {
            held.push(resolve);
            if (held.length === 50) for (const go of held) go();
          });
          return new Response(
            JSON.stringify({
              error: { code: "c", message: `you sent ${request.headers.get("authorization")?.slice(7)}` },
            }),
            { status: 400 },
          );
        },
      },
    );
    const errors = await Promise.all(Array.from({ length: 50 }, () => failure(client.reimage(vm))));
    const secrets = Array.from({ length: 50 }, (_, i) => word(i));
    for (const error of errors)
      expect(secrets.filter((secret) => everythingIn(error).text.includes(secret))).toEqual([]);
  });

  test("S6: the token of the POST is cut from a status that comes many requests later", async () => {
    let n = 0;
    const service = inProcess(
      say202(),
      ...Array.from({ length: 30 }, () => sayStatus("Running")),
      sayStatus("Failed", { error: { code: "c", message: "the request had function-token-1-end" } }),
    );
    const client = clientFor(
      { url: ENDPOINT },
      { credential: () => `function-token-${++n}-end`, fetch: service.fetch },
    );
    expect(everythingIn(await failure(client.reimage(vm))).text).not.toContain("function-token-1-end");
  });

  test("S6: the token that was refused and the one after it are both cut", async () => {
    const challenge = say(401, {}, { "www-authenticate": `Bearer claims="${btoa("{}")}"` });
    const service = inProcess(challenge, ({ token }) =>
      say(400, { error: { code: "c", message: `first-token-1 ${token}` } })({} as never),
    );
    const credential = fakeCredential("first-token-1", "second-token-2");
    const error = await failure(clientFor({ url: ENDPOINT }, { credential, fetch: service.fetch }).reimage(vm));
    expectHidden([error], ["first-token-1", "second-token-2"]);
  });

  test("S6: what looks like a bearer token or a JWT is cut, also when it is not ours", async () => {
    const jwt = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${Buffer.from('{"aud":"x"}').toString("base64url")}.c2lnbmF0dXJl`;
    const { error } = await tell([
      say(400, { error: { code: "c", message: `Authorization: Bearer foreign-opaque-token; cookie ${jwt}` } }),
    ]);
    expectHidden([error], [jwt, "foreign-opaque-token"]);
  });

  test("S6: after a resume the tokens are still cut, and URL queries", async () => {
    const saved = JSON.stringify(await clientFor({ url: ENDPOINT }, inProcess(say202())).beginReimage(vm));
    const service = inProcess(sayStatus("Failed", { error: { code: "c", message: `with ${TOKEN} at ${STATUS_URL}` } }));
    const client = clientFor({ url: ENDPOINT }, { credential: () => TOKEN, fetch: service.fetch });
    const error = await failure(client.resume(saved).wait());
    expectHidden([error], [TOKEN, SIGNATURE]);
  });
});

describe("S6: the query of a status URL, which signs it", () => {
  const parts = [SIGNATURE, "TUlJSEVqQ0NCZnFn", "8vT1h2kQ", "51a3b0f2", "638779411224033715"];
  const ends: readonly (readonly [string, readonly Say[], object])[] = [
    ["a failed reimage", [say202(), sayStatus("Failed")], {}],
    ["a canceled reimage", [say202(), sayStatus("Canceled")], {}],
    ["a status that is forbidden", [say202(), say(403)], {}],
    ["a status that is gone", [say202(), say(410)], {}],
    ["a redirect of the status", [say202(), say(302, undefined, { location: STATUS_URL })], {}],
    ["a status that is unreadable", [say202(), say(200, "<html>")], {}],
    ["a refused token", [say202(), say(401)], {}],
    ["a wait that is over", [say202(), sayStatus("Running")], { timeoutMs: 30 }],
    [
      "a URL that moved",
      [say202(), sayStatus("Running", {}, { "azure-asyncoperation": `${STATUS_URL}&moved=1` }), say(403)],
      {},
    ],
    ["a URL that is not trusted", [say202(STATUS_URL.replace(ENDPOINT, "https://evil.example"))], {}],
    [
      "a network error that names the URL",
      [say202(), () => Promise.reject(new TypeError(`Failed to parse URL from ${STATUS_URL}`)), say(403)],
      {},
    ],
    [
      "a service that names the URL",
      [say202(), sayStatus("Failed", { error: { code: "c", message: `gone: ${STATUS_URL}` } })],
      {},
    ],
    [
      "a service that names it escaped",
      [
        say202(),
        sayStatus("Failed", {
          error: {
            code: "c",
            message: JSON.stringify({ u: STATUS_URL }).replaceAll("/", "\\/").replaceAll("&", "\\u0026"),
          },
        }),
      ],
      {},
    ],
    [
      "a service that names its path and query",
      [say202(), sayStatus("Failed", { error: { code: "c", message: `gone: ${STATUS_URL.slice(ENDPOINT.length)}` } })],
      {},
    ],
    [
      "a service that names them escaped",
      [
        say202(),
        sayStatus("Failed", {
          error: { code: "c", message: STATUS_URL.slice(ENDPOINT.length).replaceAll("&", "\\u0026") },
        }),
      ],
      {},
    ],
    [
      "a service that names its query alone",
      [say202(), sayStatus("Failed", { error: { code: "c", message: new URL(STATUS_URL).search } })],
      {},
    ],
  ];
  test.each(ends)("S6: shows in nothing of %s but resume", async (what, answers, options) => {
    const { error, all } = await tell(answers, options);
    // Without its origin it is no URL any more: then what must go is what signs it.
    expectHidden(
      all,
      /path and query|them escaped|query alone/.test(what) ? parts.filter((part) => part !== "51a3b0f2") : parts,
    );
    if (error.resume) expect(JSON.stringify(error.resume)).toContain(SIGNATURE);
  });

  test("S6: other signed URLs that the service names lose their query too, also after a resume and without their host", async () => {
    const foreign = [
      "https://elsewhere.example/operations/2?p=1&api-version=2024-07-01&t=1&c=Zm9yZWlnbi1j&s=Zm9yZWlnbi1z&h=Zm9yZWlnbi1o",
      "https://store.blob.core.windows.net/vhds/os.vhd?sv=2023-11-03&sig=Zm9yZWlnbi1zaWc%3D",
      "HTTPS://ELSEWHERE.EXAMPLE/a?whatever=Zm9yZWlnbi13",
      "https:\\/\\/elsewhere.example\\/a?whatever=Zm9yZWlnbi13",
      "/subscriptions/x/operations/2?p=1&t=1&c=Zm9yZWlnbi1j&s=Zm9yZWlnbi1z&h=Zm9yZWlnbi1o",
    ];
    const saved = JSON.stringify(await clientFor({ url: ENDPOINT }, inProcess(say202())).beginReimage(vm));
    for (const url of foreign) {
      const error = { code: "c", message: `see ${url} for more`, details: [{ message: `(${url})` }] };
      const resumed = clientFor({ url: ENDPOINT }, inProcess(sayStatus("Failed", { error })));
      for (const run of [
        tell([say(400, { error })]).then((told) => told.error),
        failure(resumed.resume(saved).wait()),
      ]) {
        const { text: shown } = everythingIn(await run);
        expect(shown).not.toMatch(/Zm9yZWlnbi1/);
        expect(shown).toContain("for more");
      }
    }
  });

  test("S6: what signs a URL is cut as it reads without its escapes too", async () => {
    const url = `${ENDPOINT}/operations/1?t=1&s=c2lnbmVk%2Fby%2BARM%3D&h=1`;
    const accepted = say(202, null, { location: url });
    const error = { code: "c", message: "the signature c2lnbmVk/by+ARM= or c2lnbmVk%2Fby%2BARM%3D is none" };
    const { text: shown } = everythingIn((await tell([accepted, say(403, { error })])).error);
    expect(shown).not.toContain("c2lnbmVk");
    expect(shown).toContain("is none");
  });

  test("S6: resume is the one place with the whole URL, and only when it is asked for by name", async () => {
    const { error } = await tell([say202(), say(403)]);
    expect(error.resume?.statusUrl).toBe(STATUS_URL);
    expect(Object.keys(error)).not.toContain("resume");
    expect(Reflect.ownKeys(error)).not.toContain("resume");
    expect(JSON.stringify(error)).not.toContain("operations/");
  });

  test("S6: shows in no event and no state of a reimage that goes well", async () => {
    const told: unknown[] = [];
    const service = inProcess(say202(), sayStatus("Running"), sayStatus("Succeeded"));
    const client = clientFor(
      { url: ENDPOINT },
      { ...service, fetch: service.fetch, credential: () => TOKEN, onEvent: (event) => void told.push(event) },
    );
    const operation = await client.beginReimage(vm, parameters, { validate: false });
    told.push(operation.state);
    for await (const state of operation) told.push(state);
    expect(told.length).toBeGreaterThan(6);
    expectHidden(told, [...parts, ...ALL]);
  });
});

describe("S6: foreign errors do not pass through", () => {
  const laden = (message: string): Error =>
    Object.assign(new Error(message), {
      code: "E_FOREIGN",
      request: { headers: { authorization: `Bearer ${TOKEN}` }, body: JSON.stringify(parameters) },
      response: new Response(TOKEN, { headers: { "x-token": TOKEN } }),
      config: { data: parameters, headers: new Headers({ authorization: `Bearer ${TOKEN}` }) },
      options: Buffer.from(PASSWORD),
      [Symbol("hidden")]: TOKEN,
      toJSON: () => ({ token: TOKEN }),
    });
  const deep = (message: string): Error => {
    const outer = laden(message);
    outer.cause = laden(`below: ${TOKEN}`);
    Object.defineProperty(outer, "secret", { value: TOKEN, enumerable: false });
    outer.stack = `Error: ${PASSWORD}\n    at fetch (${STATUS_URL})`;
    return outer;
  };
  const thrown: readonly (readonly [string, () => unknown])[] = [
    ["an error that holds request, response and headers", () => deep("it failed")],
    [
      "an error whose message quotes what was sent",
      () => deep(`POST {"adminPassword":${JSON.stringify(PASSWORD)}} with Bearer ${TOKEN}`),
    ],
    ["an error whose name and code quote it", () => Object.assign(deep("x"), { name: PASSWORD, code: TOKEN })],
    ["a list of errors", () => new AggregateError([deep("one"), deep("two")], `all failed: ${TOKEN}`)],
    ["a plain object", () => ({ message: `no: ${TOKEN}`, headers: { authorization: TOKEN } })],
    ["a string", () => `no: ${TOKEN} and ${PASSWORD}`],
    ["a response", () => new Response(PASSWORD, { headers: { "x-token": TOKEN } })],
    ["an error of an error of an error", () => new Error("a", { cause: new Error("b", { cause: deep("c") }) })],
    [
      "an error in a circle",
      () => {
        const error = deep("round");
        error.cause = error;
        return error;
      },
    ],
  ];

  test.each(thrown)("S6: from fetch, on the POST: %s", async (_, make) => {
    const { all } = await tell([() => Promise.reject(make())]);
    expectHidden(all, [...ALL, SIGNATURE]);
  });

  test.each(thrown)("S6: from fetch, on a status request: %s", async (_, make) => {
    const { all } = await tell([say202(), () => Promise.reject(make())], { timeoutMs: 40 });
    expectHidden(all, [...ALL, SIGNATURE]);
  });

  test.each(thrown)("S6: from the credential: %s", async (_, make) => {
    const held = fakeCredential(TOKEN, rejects(make()));
    const service = inProcess(say(401, {}, { "www-authenticate": `Bearer claims="${btoa("{}")}"` }));
    const client = clientFor({ url: ENDPOINT }, { credential: held, fetch: service.fetch });
    const error = await failure(client.reimage(vm, parameters, { validate: false }));
    expect(error.name).toBe("AuthenticationError");
    expectHidden([error], [...ALL, SIGNATURE]);
  });

  test("S6: a real network error tells its code and holds nothing", async () => {
    const arm = await startArm();
    arm.onPost(reset());
    const error = await failure(
      clientFor(arm, { credential: () => TOKEN }).reimage(vm, parameters, { validate: false }),
    );
    expectHidden([error], ALL);
    expect(everythingIn(error.cause).text).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  });
});

describe("S6: what is refused here is not quoted", () => {
  test("S6: neither password nor customData nor a name shows in InvalidInputError", async () => {
    const client = clientFor({ url: ENDPOINT }, inProcess());
    const bad: readonly (() => Promise<unknown>)[] = [
      () => client.reimage(vm, { osProfile: { adminPassword: "leaks" } }),
      () => client.reimage(vm, { osProfile: { customData: "leaks-here!" } }),
      () => client.reimage(vm, { osProfile: { adminPassword: "leaks-here" } }, { osType: "Windows" }),
      () => client.reimage(vm, { osProfile: "leaks-here" } as unknown as ReimageParameters),
      () => client.reimage(vm, { exactVersion: ["leaks-here"] } as unknown as ReimageParameters),
      () => client.reimage({ ...vm, vmName: "leaks here" }),
      () => client.reimage({ ...vm, subscriptionId: "leaks-here" }),
      () => client.reimage("/subscriptions/leaks-here"),
      () => client.reimage(vm, undefined, { headers: { "x-a": "leaks\r\nhere" } }),
      () => client.reimage(vm, undefined, { headers: { authorization: "leaks-here" } }),
      () => client.reimage(vm, undefined, { correlationId: "leaks here" }),
      () => client.resume('{"version":1,"statusUrl":"leaks-here"').wait(),
      () => client.resume('{"version":"leaks-here"}').wait(),
    ];
    for (const run of bad) {
      const error = await failure(run);
      expect(error.name).toBe("InvalidInputError");
      expect(everythingIn(error).text).not.toContain("leaks");
    }
  });
});

test("S6: neither client nor operation shows a token, a password or a URL's query to a debugger", async () => {
  const service = inProcess(say202(), always(sayStatus("Running")));
  const client = clientFor({ url: ENDPOINT }, { credential: fakeCredential(TOKEN), fetch: service.fetch });
  const operation = await client.beginReimage(vm, parameters, { validate: false });
  await operation.poll();
  const { inspect } = await import("node:util");
  for (const held of [client, operation, operation.state]) {
    const shown = inspect(held, { depth: 20, showHidden: false });
    for (const secret of [...ALL, SIGNATURE]) expect(shown).not.toContain(secret);
  }
});

test("S6: x-ms-operation-identifier is never shown", async () => {
  const arm = await startArm();
  const more = { "x-ms-operation-identifier": "tenantId=leaks-here,objectId=leaks-here" };
  arm.onPost(accepted({ more }));
  arm.onPoll(running({ more }), json(200, { status: "Failed", error: { code: "c" } }, more));
  const told: unknown[] = [];
  const client = clientFor(arm, { onEvent: (event) => void told.push(event) });
  told.push(await failure(client.reimage(vm)));
  expectHidden(told, ["leaks-here"]);
});

describe("S6: however long and hostile the text is", () => {
  const flood = 250_000;
  const texts: readonly (readonly [string, string])[] = [
    ["backslashes", "\\".repeat(flood)],
    ["the beginning of the password", PASSWORD.slice(0, -1).repeat(Math.floor(flood / PASSWORD.length))],
    ["its first character", PASSWORD.charAt(0).repeat(flood)],
    ["beginnings of JWTs", "-eyJ".repeat(flood / 4)],
    ["one long JWT without a dot", `eyJ${"a".repeat(flood)}`],
    ["beginnings of URLs", "http://".repeat(Math.floor(flood / 7))],
    ["Bearer and blanks", `Bearer ${" ".repeat(flood)}`],
    ["many Bearers", "Bearer ".repeat(Math.floor(flood / 7))],
    ["percent signs", "%".repeat(flood)],
    ["beginnings of escapes", "\\u00".repeat(flood / 4)],
    ["question marks", "?".repeat(flood)],
  ];
  test.each(texts)("S6: a quarter of a megabyte of %s is cut in no time", async (_, said) => {
    const start = performance.now();
    const { error } = await tell([say(400, { error: { code: "c", message: said.slice(0, flood) } })]);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(error.message.length).toBeLessThan(20_000);
  });

  test("S6: a secret at the place where a long text is cut off leaves no rest", async () => {
    for (let before = 4_070; before < 4_110; before += 1) {
      const { error } = await tell([say(400, { error: { code: "c", message: `${"x".repeat(before)}${TOKEN}` } })]);
      const { text: shown } = everythingIn(error);
      expect(shown).not.toContain(TOKEN.slice(0, 8));
    }
  });

  test.each([600, 20_000, 87_000])("S6: customData of %i characters is cut in every form", async (size) => {
    const bytes = Buffer.alloc((size / 4) * 3);
    for (let n = 0; n < bytes.length; n++) bytes[n] = (n * 7_919 + (n >> 3)) & 0xff;
    const script = "#!/bin/sh\necho \"a+b/c\"\t'd'\n".repeat(size / 30);
    const [binary, scripted] = [bytes.toString("base64"), Buffer.from(script).toString("base64")];
    expect(binary).toMatch(/\+.*\//s);
    for (const [customData, secret] of [
      [binary, binary],
      [scripted, script],
    ] as const) {
      for (const [name, form] of Object.entries(forms)) {
        // The sizes differ in what is cut off: that the forms are all known is for the smallest to show.
        if (size > 600 && !/^(raw|JSON-escaped|escaped as .NET does|URL-encoded)$/.test(name)) continue;
        const refusal = say(400, { error: { code: "c", message: `was ${form(secret)}.` } });
        const { error } = await tell([refusal], {}, { osProfile: { customData } });
        // The text is cut off after some length, so a beginning would be a leak as well.
        expect(everythingIn(error).text.includes(form(secret).slice(0, 100)), name).toBe(false);
      }
    }
  });
});

describe("S6: by random secrets of four characters or more", () => {
  const secret = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({ minLength: 4, maxLength: 40, unit: "grapheme" }),
    fc.string({ minLength: 4, maxLength: 40, unit: "binary" }),
    fc.string({ minLength: 4, maxLength: 20, unit: fc.constantFrom(...'\\"/%+u0054-<>[](){}.*?^$|&= \n\téß😀') }),
  );
  const formName = fc.constantFrom(...Object.keys(forms));
  const shownBy = async (password: string, said: string): Promise<string> => {
    const service = inProcess(say(400, echo(said)));
    const client = clientFor({ url: ENDPOINT }, { credential: () => "t-0-k-e-n", fetch: service.fetch });
    const osProfile = { adminPassword: password };
    const error: AnyReimageError = await failure(
      client.reimage(vm, { osProfile }, { validate: false, correlationId: "fixed" }),
    );
    const { text: all, kinds } = everythingIn(error);
    expect(kinds).toEqual([]);
    return all;
  };

  test("S6: a password shows in no form, wherever it is written back", async () => {
    await fc.assert(
      fc.asyncProperty(secret, formName, async (password, form) => {
        const said = forms[form]?.(password) ?? password;
        // What the error says anyway is no leak.
        fc.pre(said.trim().length >= 4 && !(await shownBy(password, "·")).includes(said));
        fc.pre(!"[redacted]".includes(password));
        expect(await shownBy(password, said)).not.toContain(said);
      }),
      { numRuns: 250 },
    );
  });

  test("S6: two secrets and a token, written back together, do not help each other out", async () => {
    const printable = fc.string({ minLength: 6, maxLength: 24, unit: fc.constantFrom(...'abcXYZ019"\\/+=<>&%{}.:_-') });
    await fc.assert(
      fc.asyncProperty(printable, printable, printable, formName, async (password, data, token, form) => {
        const write = forms[form] ?? ((same: string) => same);
        const texts = [password, data, token].map(write);
        const glued = `${texts.join("")} ${texts.join(" ")} ${[...texts].reverse().join("")}`;
        const service = inProcess(say(409, { error: { code: "c", message: glued } }));
        const client = clientFor({ url: ENDPOINT }, { credential: () => token, fetch: service.fetch });
        const osProfile = { adminPassword: password, customData: data };
        const error = await failure(client.reimage(vm, { osProfile }, { validate: false, correlationId: "fixed" }));
        const { serviceMessage = "" } = error as { serviceMessage?: string };
        for (const one of texts) expect(serviceMessage).not.toContain(one);
      }),
      { numRuns: 150 },
    );
  });
});

test("S6: a secret that JSON escapes is cut where it stands, and the rest of the sentence stays", () => {
  const secret = 'Pass"word\\1';
  const held = { secrets: [] };
  keep(held, secret);
  expect(redactor(held)(`The value ${JSON.stringify(secret)} is not allowed.`)).toBe(
    'The value "[redacted]" is not allowed.',
  );
});

test("S6: a token of somebody else is cut in the path of a URL, too, and beside another", () => {
  const redact = redactor({ secrets: [] });
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
  expect(redact(`see https://portal.example/${token}?x=1 now`)).toBe(
    "see https://portal.example/[redacted]?[redacted] now",
  );
  expect(redact(`${token}:Bearer opaque`)).toBe("[redacted]:Bearer [redacted]");
});

test("S6: of a status URL its query and its signatures are secrets, and no other part of it alone", () => {
  const kept = signaturesIn(
    "https://management.azure.com/operations/1?api-version=2024-07-01&t=ab%2Fcd&s=efgh&monitor=true",
  );
  expect(kept).toEqual(["?api-version=2024-07-01&t=ab%2Fcd&s=efgh&monitor=true", "ab%2Fcd", "ab/cd", "efgh"]);
});
