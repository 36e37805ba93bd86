// L16 over real sockets: the state to resume from, in this process, in another, edited, cut and made up.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { isReimageError, type SerializedOperation } from "../../src/index.js";
import {
  accepted,
  canceled,
  closeAll,
  everywhere,
  failed,
  fakeCredential,
  locationDone,
  running,
  startArm,
  startEvil,
  status,
  succeeded,
} from "../harness/index.js";
import { begun, caught, clientOf, thrown, vm } from "./support-client.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });
const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));

/** The saved state as JSON of an operation that the service runs, with parts of it changed. */
async function edited(changes: Record<string, unknown>, answer = azure) {
  const { arm, client, operation } = await begun(answer);
  const saved = { ...operation.toJSON(), ...changes };
  return { arm, client, saved: JSON.stringify(saved), object: saved as unknown as SerializedOperation };
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe("L16: what is saved", () => {
  test("L16: it is JSON with a version, the same by toJSON, JSON.stringify, onAccepted and error.resume", async () => {
    const told: SerializedOperation[] = [];
    const arm = await startArm();
    arm.onPost(azure);
    arm.onPoll(status(410));
    const onAccepted = (saved: SerializedOperation) => {
      told.push(saved);
    };
    const operation = await clientOf(arm).beginReimage(vm, undefined, { onAccepted });
    const saved = operation.toJSON();
    expect(saved).toMatchObject({ version: 1, vm, status: "running", correlationId: operation.state.correlationId });
    expect(JSON.parse(JSON.stringify(operation))).toEqual(saved);
    expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
    expect(told).toEqual([saved]);
    const error = await caught(operation.wait(), "OutcomeUnknownError");
    expect(error.resume).toEqual(saved);
  });

  test("L16: it is at most the URL and 1 KB, without token, password or customData", async () => {
    const arm = await startArm();
    arm.onPost(accepted({ signed: true }));
    const parameters = { osProfile: { adminPassword: "Secret-Pa55phrase", customData: "c2VjcmV0LWN1c3RvbS1kYXRh" } };
    const long = { ...vm, resourceGroupName: "𝒳".repeat(90), vmName: "𝒳".repeat(64) };
    const credential = fakeCredential("secret-token");
    const options = { headers: { "x-secret": "secret-header" }, correlationId: "~".repeat(128) };
    const operation = await clientOf(arm, { credential }).beginReimage(long, parameters, options);
    const saved = JSON.stringify(operation);
    const url = operation.toJSON().statusUrl ?? "";
    expect(url.length).toBeGreaterThan(3000);
    expect(Buffer.byteLength(saved)).toBeLessThanOrEqual(Buffer.byteLength(url) + 1024);
    expect(saved).not.toMatch(/secret|Pa55|c2Vjc/i);
  });

  test("L16: it cannot be changed behind the operation's back", async () => {
    const { arm, operation } = await begun(azure);
    const saved = operation.toJSON() as unknown as Record<string, unknown>;
    expect(() => Object.assign(saved, { statusUrl: "https://evil.example/" })).toThrow(TypeError);
    expect(() => Object.assign(operation.state, { status: "succeeded" })).toThrow(TypeError);
    arm.onPoll(succeeded());
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 1 });
  });
});

describe("L16: resume", () => {
  test("L16: another process takes it up, from text, with headers of its own", async () => {
    const arm = await startArm();
    arm.onPost(accepted({ signed: true, retryAfter: 600 }));
    arm.onPoll(running(), succeeded());
    const operation = await clientOf(arm).beginReimage(vm);
    const script = join(here, "support-resume.ts");
    const given = [script, arm.url, JSON.stringify(operation), '{"x-mine":"one"}'];
    const { stdout } = await run(process.execPath, ["--import", "tsx", ...given]);
    const { before, after, saved } = JSON.parse(stdout);
    const { correlationId } = operation.state;
    expect(before).toMatchObject({ status: "running", correlationId, polls: 0 });
    expect(after).toMatchObject({ status: "succeeded", correlationId, polls: 2 });
    expect(saved).toEqual({ ...operation.toJSON(), status: "succeeded" });
    expect(arm.posts).toHaveLength(1);
    expect(arm.polls).toMatchObject(
      Array(2).fill({
        token: "token-of-the-other",
        headers: { "x-mine": "one", "x-ms-correlation-request-id": correlationId },
      }),
    );
  });

  test("L16: it sends nothing by itself, and is due at once, whatever the 202 had asked for", async () => {
    const { arm, client, operation } = await begun(accepted({ headers: "azure", signed: false, retryAfter: 600 }));
    const credential = fakeCredential();
    const again = clientOf(arm, { credential }).resume(operation.toJSON());
    expect(again).toMatchObject({ vm, done: false, state: { status: "running", readFailures: 0 } });
    if (again.state.status === "running") expect(again.state.nextPollAt).toBeLessThanOrEqual(Date.now());
    expect(credential.calls).toHaveLength(0);
    expect(arm.requests).toHaveLength(1);
    arm.onPoll(succeeded());
    expect(await client.resume(JSON.stringify(again)).wait()).toMatchObject({ status: "succeeded" });
  });

  test("L16: an operation followed by Location goes on by Location", async () => {
    const { arm, client, operation } = await begun(accepted({ headers: "location", signed: false }));
    arm.onPoll(status(202), locationDone(204));
    expect(await client.resume(JSON.stringify(operation)).wait()).toMatchObject({ status: "succeeded", polls: 2 });
  });

  test.each(["succeeded", "failed", "canceled"])(
    "L16: a state that claims to be %s is not believed: the service is asked",
    async (claimed) => {
      for (const [answer, ended] of [
        [running(), "running"],
        [succeeded(), "succeeded"],
        [failed(), "failed"],
        [canceled(), "canceled"],
      ] as const) {
        const { arm, client, saved } = await edited({ status: claimed });
        arm.onPoll(answer);
        const operation = client.resume(saved);
        expect(operation).toMatchObject({ done: false, state: { status: "running" } });
        expect(await operation.poll()).toMatchObject({ status: ended });
        expect(arm.polls).toHaveLength(1);
      }
    },
  );

  test("L16: the state of an operation that ended can be resumed, and asks again", async () => {
    const { arm, client, operation } = await begun(azure);
    arm.onPoll(failed(), failed());
    await caught(operation.wait(), "OperationFailedError");
    expect(operation.toJSON().status).toBe("failed");
    await caught(client.resume(JSON.stringify(operation)).wait(), "OperationFailedError");
    expect(arm.polls).toHaveLength(2);
  });

  test("L16: unknown fields are ignored, and lend nothing", async () => {
    const more = {
      later: true,
      state: { status: "succeeded" },
      token: "evil",
      headers: { authorization: "Bearer evil" },
      polls: 99,
      __proto__: { x: 1 },
    };
    const { arm, client, saved } = await edited(more);
    arm.onPoll(succeeded());
    const operation = client.resume(
      saved.replace("{", '{"__proto__":{"status":"succeeded","statusUrl":"https://evil/"},'),
    );
    expect(operation.state).toMatchObject({ status: "running", polls: 0 });
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 1 });
    expect(JSON.stringify(everywhere.requests)).not.toContain("evil");
  });

  test("L16: a state with nothing to follow is InvalidInputError", async () => {
    const arm = await startArm();
    arm.onPost(status(200));
    const client = clientOf(arm);
    const operation = await client.beginReimage(vm);
    const error = thrown(() => client.resume(JSON.stringify(operation)), "InvalidInputError");
    expect(error.started).toBe("no");
    expect(error.issues.map(({ path }) => path)).toContain("saved");
    for (const statusUrl of [undefined, null, ""]) {
      const { client: other, saved } = await edited({ statusUrl });
      thrown(() => other.resume(saved), "InvalidInputError");
    }
    expect(arm.requests).toHaveLength(1);
  });
});

describe("L16: resume checks again", () => {
  test.each([0, 2, 99, -1, 1.5, "1", null, true, [1], { v: 1 }])(
    "L16: a state of version %j is InvalidInputError, and nothing is sent",
    async (version) => {
      const { arm, client, saved, object } = await edited({ version });
      for (const state of [saved, object]) {
        const error = thrown(() => client.resume(state), "InvalidInputError");
        expect(error.started).toBe("no");
        expect(error.issues.length).toBeGreaterThan(0);
      }
      expect(arm.requests).toHaveLength(1);
    },
  );

  test("L16: of an older and a newer version it is the version that is named", async () => {
    for (const version of [0, 2]) {
      const { client, saved } = await edited({ version });
      const { issues } = thrown(() => client.resume(saved), "InvalidInputError");
      expect(issues.map(({ path }) => path)).toEqual(["saved"]);
    }
  });

  const shapes: [string, Record<string, unknown>][] = [
    ["no vm", { vm: undefined }],
    ["a vm that is a text", { vm: "/subscriptions/x" }],
    ["a vm that is null", { vm: null }],
    ["a vm without a name", { vm: { ...vm, vmName: undefined } }],
    ["a vm with a name that leads elsewhere", { vm: { ...vm, vmName: "../../x" } }],
    ["a subscription that is none", { vm: { ...vm, subscriptionId: "x" } }],
    ["no correlation id", { correlationId: undefined }],
    ["a correlation id that is a number", { correlationId: 5 }],
    ["a correlation id that breaks a header", { correlationId: "a\r\nauthorization: Bearer evil" }],
    ["a correlation id that is endless", { correlationId: "x".repeat(10_000) }],
    ["a URL that is a number", { statusUrl: 5 }],
    ["a URL that is an object", { statusUrl: { href: "https://evil.example/" } }],
    ["a URL that is none", { statusUrl: "https://" }],
    ["a relative URL", { statusUrl: "/operations/1" }],
    ["no status", { status: undefined }],
    ["a status that is no word", { status: 5 }],
    ["no kind of URL", { statusKind: undefined }],
    ["an unknown kind of URL", { statusKind: "carrier pigeon" }],
    ["a kind of URL in a list", { statusKind: ["document"] }],
    ["a correlation id in a list", { correlationId: ["x"] }],
    ["a URL in a list", { statusUrl: ["https://management.azure.com/"] }],
    ["a kind of URL from a prototype", { statusKind: "__proto__" }],
  ];
  test.each(shapes)("L16: a state with %s is InvalidInputError, and nothing is sent", async (_, changes) => {
    const { arm, client, saved, object } = await edited(changes);
    for (const state of [saved, object]) {
      const error = thrown(() => client.resume(state), "InvalidInputError");
      expect(error).toMatchObject({ started: "no" });
      expect(error.message).not.toContain("evil");
    }
    expect(arm.requests).toHaveLength(1);
  });

  test("L16: a URL of another origin is checked again, and not contacted", async () => {
    const evil = await startEvil();
    const { arm, client, operation } = await begun(azure);
    const { statusUrl = "", ...rest } = operation.toJSON();
    const { host } = new URL(arm.url);
    const strange = [
      statusUrl.replace(arm.url, evil.url),
      statusUrl.replace(arm.url, evil.httpUrl),
      statusUrl.replace("https://", "http://"),
      statusUrl.replace("https://", "https://user:pw@"),
      statusUrl.replace("https://", `https://${host}@`).replace(`${host}@${host}`, `${host}@${new URL(evil.url).host}`),
      statusUrl.replace("127.0.0.1", "localhost"),
      statusUrl.replace("https://", "https:\\\\"),
      `data:application/json,${encodeURIComponent('{"status":"Succeeded"}')}`,
      `blob:${statusUrl}`,
    ];
    for (const url of strange) {
      for (const saved of [{ ...rest, statusUrl: url }, JSON.stringify({ ...rest, statusUrl: url })]) {
        const error = thrown(() => client.resume(saved as SerializedOperation), "OutcomeUnknownError");
        expect(error).toMatchObject({ reason: "untrusted-status-url", started: "yes", vm });
      }
    }
    await evil.expectUntouched();
    expect(arm.requests).toHaveLength(1);
  });

  test("L16: of the VM its three names are taken up, and nothing else", async () => {
    const { client, object } = await edited({ vm: { ...vm, adminPassword: "evil" } });
    expect(client.resume(object).vm).toEqual(vm);
    expect(client.resume(object).toJSON().vm).toEqual(vm);
    const strange = { ...object, statusUrl: "https://evil.example/" };
    expect(thrown(() => client.resume(strange), "OutcomeUnknownError").vm).toEqual(vm);
  });

  test("L16: a client of another endpoint does not take it up, one that allows its origin does", async () => {
    const { arm, operation } = await begun(azure);
    const elsewhere = await startArm();
    thrown(() => clientOf(elsewhere).resume(operation.toJSON()), "OutcomeUnknownError");
    arm.onPoll(succeeded());
    const allowed = clientOf(elsewhere, { allowedPollOrigins: [arm.url] });
    expect(await allowed.resume(operation.toJSON()).wait()).toMatchObject({ status: "succeeded" });
    expect(elsewhere.sockets).toHaveLength(0);
  });

  const garbage: unknown[] = [
    undefined,
    null,
    true,
    0,
    5,
    Number.NaN,
    10n,
    Symbol("saved"),
    () => {},
    "",
    " ",
    "null",
    "[]",
    "{}",
    "5",
    '"text"',
    "{",
    "undefined",
    "<html></html>",
    '{"version":1}',
    '{"version":1,"vm":{}}',
    '{"__proto__":{"version":1}}',
    "[".repeat(100_000),
    "x".repeat(1_000_000),
    [],
    {},
    [1],
    new Date(0),
    new Map(),
    new Error("no"),
    Object.create(null),
    Object.create({ version: 1, vm, correlationId: "x", statusKind: "document", statusUrl: "https://evil.example/" }),
    Promise.resolve("{}"),
    {
      get version() {
        throw new Error("not to be looked at");
      },
    },
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error("not to be looked at");
        },
      },
    ),
    revoked(),
    { version: 1, toJSON: () => 5 },
  ];
  test.each(garbage.map((saved, n) => [n, saved]))(
    "L16: garbage %i is InvalidInputError and sends nothing",
    async (_, saved) => {
      const arm = await startArm();
      const credential = fakeCredential();
      const client = clientOf(arm, { credential });
      const error = thrown(() => client.resume(saved as string), "InvalidInputError");
      expect(error.started).toBe("no");
      expect(error.issues.length).toBeGreaterThan(0);
      expect(credential.calls).toHaveLength(0);
      expect(arm.sockets).toHaveLength(0);
    },
  );

  test("L16: an operation itself is what its JSON is; a state twice made text is none", async () => {
    const { client, operation } = await begun(azure);
    const again = client.resume(operation as unknown as SerializedOperation);
    expect(again.toJSON()).toEqual(operation.toJSON());
    thrown(() => client.resume(JSON.stringify(JSON.stringify(operation))), "InvalidInputError");
  });

  test("L16: no part of a good state, cut or changed anywhere, makes resume throw anything else", async () => {
    const { arm, client, operation } = await begun(azure);
    const good = JSON.stringify(operation);
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.nat(30),
        fc.oneof(
          fc.string({ maxLength: 4 }),
          fc.constantFrom("//", "@", "null", '"', "}", ":0", "https://evil.example"),
        ),
        (at, length, instead) => {
          const saved = good.slice(0, at) + instead + good.slice(at + length);
          try {
            const { statusUrl = "" } = client.resume(saved).toJSON();
            expect(new URL(statusUrl).origin).toBe(arm.url);
          } catch (error) {
            if (!isReimageError(error)) throw error;
            expect(["InvalidInputError", "OutcomeUnknownError"]).toContain(error.name);
          }
        },
      ),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true }), (saved) => {
        thrown(() => client.resume(saved as string), "InvalidInputError");
      }),
      { numRuns: 500 },
    );
    expect(arm.requests).toHaveLength(1);
  });
});
