// What holds for any sequence of replies, however odd. The oracle below is written from the rules' text.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../../src/json.js";
import { readPost, readStatus, type Surroundings, type Tracking, trackSaved } from "../../src/lro.js";
import { type Reply, rateLimits, retryAfterMs, serviceError } from "../../src/reply.js";
import { serialize } from "../../src/saved.js";
import { judgeUrl } from "../../src/trust.js";
import { around, correlationId, home, monitor, now, operation, posted, stranger } from "./support-core.js";

const other = "https://polls.example";
const trusted: readonly string[] = [home, other];

const words = ["Succeeded", "SUCCEEDED", "Failed", "Canceled", "Cancelled", "InProgress", "", "PartiallySucceeded"];
const urls = [
  operation,
  monitor,
  `${other}/x?y=1`,
  `${stranger}/x`,
  "http://management.azure.com/x",
  "https://user:pw@management.azure.com/x",
  "https:\\\\management.azure.com\\x",
  "//evil.example/x",
  "//management.azure.com/x",
  "/relative?x=1",
  "?x",
  "https://",
  "http://[",
  "data:application/json,{}",
  "javascript:0",
  "blob:https://management.azure.com/1",
  "https://management.azure.com:8443/x",
  "HTTPS://MANAGEMENT.AZURE.COM/X",
  `${home}/${"é".repeat(2000)}`,
  `${home}/${"x".repeat(9000)}`,
  "",
];
const retryAfters = [
  "0",
  "-1",
  "1",
  "30",
  "700",
  "999999999",
  "9".repeat(400),
  "1.5",
  "NaN",
  "Wed, 19 Mar 2025 00:33:02 GMT",
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
];
const word = fc.oneof(fc.constantFrom(...words), fc.string());
const document = fc
  .record(
    {
      status: fc.oneof({ arbitrary: word, weight: 4 }, { arbitrary: fc.jsonValue(), weight: 1 }),
      percentComplete: fc.oneof(fc.double(), fc.jsonValue()),
      error: fc.jsonValue(),
      startTime: fc.jsonValue(),
      properties: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const body = fc.oneof(
  { arbitrary: document, weight: 5 },
  {
    arbitrary: fc.constantFrom(
      "",
      "\uFEFF{}",
      '{"__proto__":{"status":"Succeeded"}}',
      '{"status":"InProgress","percentComplete":1e999}',
      '{"status":"InProgress","percentComplete":-0}',
      '{"status":"Failed","error":{"__proto__":{"code":"x"},"details":[null,1,{"__proto__":{"code":"y"}}]}}',
      '{"status":"Succeeded"',
      "<!DOCTYPE html><p>Succeeded</p>",
      "1e999",
      "[[[[",
    ),
    weight: 3,
  },
  { arbitrary: fc.json(), weight: 2 },
  { arbitrary: fc.string({ unit: "binary" }), weight: 1 },
  { arbitrary: fc.constant(undefined), weight: 1 },
);
const headerText = fc.string({ unit: fc.constantFrom(..."abz019 ,;:/?&%=+-._~<>{}|^`\\\"'é\u00ff\t"), maxLength: 60 });
const headers = fc
  .record(
    {
      "azure-asyncoperation": fc.oneof(fc.constantFrom(...urls), headerText),
      "operation-location": fc.oneof(fc.constantFrom(...urls), headerText),
      location: fc.oneof(fc.constantFrom(...urls), headerText),
      "retry-after": fc.oneof(fc.constantFrom(...retryAfters), headerText),
      date: fc.oneof(fc.constantFrom(...retryAfters), headerText),
      "content-type": headerText,
      "x-ms-request-id": headerText,
      "x-ms-ratelimit-remaining-resource": fc.oneof(headerText, fc.constantFrom("a;1,b;2", "__proto__;3", "a;1e999")),
      "x-ms-ratelimit-remaining-subscription-reads": fc.oneof(headerText, fc.constantFrom("12", "9".repeat(400))),
    },
    { requiredKeys: [] },
  )
  .map((given) => new Headers(given));
const code = fc.oneof(
  { arbitrary: fc.constantFrom(200, 202), weight: 4 },
  { arbitrary: fc.constantFrom(0, 201, 204, 302, 307, 400, 401, 403, 404, 408, 410, 429, 500, 503), weight: 3 },
  { arbitrary: fc.integer({ min: 200, max: 599 }), weight: 1 },
);
const answers: fc.Arbitrary<Omit<Reply, "url">> = fc
  .record({ status: code, headers, text: body, cut: fc.boolean() })
  .map(
    // A body that could be read was not cut, as the one who reads it has it.
    (answer) => ({ ...answer, cut: answer.text === undefined && answer.cut }),
  );
const worlds: fc.Arbitrary<Surroundings> = fc
  .record({
    now: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
    pollIntervalMs: fc.oneof(fc.constantFrom(1, 10_000), fc.integer({ min: 1, max: 86_400_000 })),
  })
  .map((given) => around({ ...given, origins: trusted }));
const step = fc.record({ answer: fc.option(answers, { nil: undefined }), world: worlds });
const steps = fc.array(step, { minLength: 1, maxLength: 25 });
const starts = fc.constantFrom<Pick<Tracking, "url" | "kind">>(
  { url: operation, kind: "document" },
  { url: monitor, kind: "location" },
);

/** L4, L5: the word that an answer says, or undefined when it says none. */
function wordOf(kind: Tracking["kind"], { status, text }: Omit<Reply, "url">): string | undefined {
  if (status < 200 || status > 299) return undefined;
  if (kind === "location" && status === 202) return "running";
  if (text === undefined) return undefined;
  let value: unknown;
  let isJson = true;
  try {
    value = JSON.parse(text);
  } catch {
    isJson = false;
  }
  const said =
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.getOwnPropertyDescriptor(value, "status")?.value
      : undefined;
  if (kind === "document") return typeof said === "string" ? said : undefined;
  if (![200, 201, 204].includes(status) || (text !== "" && !isJson)) return undefined;
  return typeof said === "string" ? said : "Succeeded";
}

const ends: Readonly<Record<string, string>> = {
  succeeded: "succeeded",
  failed: "failed",
  canceled: "canceled",
  cancelled: "canceled",
};
const endOf = (said: string | undefined) =>
  said !== undefined && Object.hasOwn(ends, said.toLowerCase()) ? ends[said.toLowerCase()] : undefined;

function expectSane(tracking: Tracking, world: Surroundings): void {
  const { state, waitMs, url } = tracking;
  expect(state.status).toBe("running");
  expect(waitMs).toBeGreaterThanOrEqual(0);
  expect(waitMs).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
  expect(state.nextPollAt).toBe(world.now + waitMs);
  expect(state.nextPollAt).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect(trusted).toContain(new URL(url).origin);
  expect(new URL(url).href).toBe(url);
}

test("L4: no sequence of replies ends but by a terminal word of the service; none forgets what to poll", () => {
  fc.assert(
    fc.property(starts, steps, (start, all) => {
      let tracking = trackSaved(start, correlationId, now);
      let polls = 0;
      for (const { answer, world } of all) {
        const reply = answer && { ...answer, url: tracking.url };
        const result = readStatus(tracking, reply, world);
        const said = reply && wordOf(tracking.kind, reply);
        const end = endOf(said);
        polls += 1;
        if (!("waitMs" in result)) {
          expect(result.state).toMatchObject({ status: end, polls, correlationId });
          expect(JSON.parse(JSON.stringify(result.state))).toEqual(result.state);
          return;
        }
        expect(result.state.polls).toBe(polls);
        expectSane(result, world);
        if (said !== undefined && result.stop === undefined && reply?.cut !== true) {
          expect(end).toBeUndefined();
          expect(result.state.readFailures).toBe(0);
        } else if (reply?.cut !== true || reply.status !== 202) {
          // (A 202 that was cut off may be taken for its word, or for a failure to read.)
          expect(end).toBeUndefined();
          expect(result).toMatchObject({ url: tracking.url, kind: tracking.kind });
          expect(result.state.readFailures).toBe(tracking.state.readFailures + 1);
        }
        tracking = result;
      }
    }),
    { numRuns: 200 },
  );
});

test("L2, L3: no answer to the POST is a success but a 200 that is empty or JSON; no 2xx with a URL is forgotten", () => {
  fc.assert(
    fc.property(answers, worlds, (answer, world) => {
      const reply = { ...answer, url: posted };
      const verdict = readPost(reply, correlationId, world);
      const readable = reply.text === "" || readJson(reply.text) !== undefined;
      if (reply.status === 200)
        expect(verdict).toMatchObject(readable ? { state: { status: "succeeded" } } : { started: "maybe" });
      else if (reply.status > 200 && reply.status < 300)
        expect(verdict).toMatchObject("waitMs" in verdict ? { state: { status: "running" } } : { started: "yes" });
      else if (reply.status >= 400 && reply.status < 500 && reply.status !== 408)
        expect(verdict).toEqual({ started: "no" });
      else expect(verdict).toEqual({ started: "maybe", reason: expect.any(String) });
      if ("state" in verdict) expect(JSON.parse(JSON.stringify(verdict.state))).toEqual(verdict.state);
      if ("waitMs" in verdict) expectSane(verdict, world);
    }),
    { numRuns: 200 },
  );
});

test("L1: the first status header that parses is taken if it is trusted, and nothing behind it", () => {
  const names = ["azure-asyncoperation", "operation-location", "location"] as const;
  const parses = (raw: string) =>
    raw.trim() !== "" && URL.canParse(raw.trim(), posted) && new URL(raw.trim(), posted).href.length <= 8192;
  fc.assert(
    fc.property(fc.tuple(...names.map(() => fc.option(fc.constantFrom(...urls)))), (values) => {
      const given = names.flatMap((name, i) => (values[i] == null ? [] : [[name, values[i]] as [string, string]]));
      const reply: Reply = { url: posted, status: 202, headers: new Headers(given), text: "", cut: false };
      const first = given.find(([, raw]) => parses(raw));
      const verdict = readPost(reply, correlationId, around({ origins: trusted }));
      if (first === undefined) expect(verdict).toMatchObject({ reason: "no-status-url" });
      else if ("state" in verdict) {
        expect(verdict.url).toBe(new URL(first[1], posted).href);
        expect(verdict.kind).toBe(first[0] === "location" ? "location" : "document");
      } else expect(verdict).toMatchObject({ reason: "untrusted-status-url" });
    }),
    { numRuns: 400 },
  );
});

test("L8: no header makes a wait that is negative, not a number or beyond ten minutes; a 429 is not shortened", () => {
  const retryAfter = fc.oneof(fc.constantFrom(...retryAfters), headerText, fc.bigInt({ min: 0n }).map(String));
  fc.assert(
    fc.property(retryAfter, fc.constantFrom(200, 429, 503, 404), worlds, (value, status, world) => {
      const reply = { url: operation, status, headers: new Headers({ "retry-after": value }), cut: false };
      const before = trackSaved({ url: operation, kind: "document" }, correlationId, now);
      const result = readStatus(before, { ...reply, text: '{"status":"InProgress"}' }, world);
      if (!("waitMs" in result)) throw new Error("it ended");
      const { waitMs } = result;
      expect(waitMs).toBeGreaterThan(0);
      const seconds = /^\d+$/.test(value.trim()) ? Number(value.trim()) : 0;
      if (status !== 429) expect(waitMs).toBeLessThanOrEqual(Math.max(600_000, world.pollIntervalMs));
      else if (seconds > 0 && seconds < 1e9) expect(waitMs).toBe(seconds * 1000);
      else expect(waitMs).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
      if (status !== 429 && seconds > 0) expect(waitMs).toBe(Math.min(seconds * 1000, 600_000));
    }),
    { numRuns: 400 },
  );
});

test("L8: whatever the headers hold, reading them does not throw, and gives a positive finite time or none", () => {
  fc.assert(
    fc.property(headers, fc.integer(), (given, clock) => {
      const ms = retryAfterMs(given, clock);
      if (ms !== undefined) expect(ms > 0 && ms <= Number.MAX_SAFE_INTEGER).toBe(true);
      const limits = rateLimits(given, (text) => text);
      if (limits !== undefined) expect(Object.values(limits).every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("L11: a row of failures waits no longer than the doubling allows, and never nothing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(408, 429, 500, 503, undefined), worlds), { maxLength: 80 }),
      (row) => {
        let tracking = trackSaved({ url: operation, kind: "document" }, correlationId, now);
        for (const [n, [status, world]] of row.entries()) {
          const reply = status && { url: operation, status, headers: new Headers(), text: "", cut: false };
          const result = readStatus(tracking, reply || undefined, world);
          if (!("waitMs" in result) || result.stop !== undefined) throw new Error("it gave up");
          tracking = result;
          const bound = Math.min(Math.min(world.pollIntervalMs, 1000) * 2 ** n, 30_000);
          expect(tracking.waitMs).toBeGreaterThan(0);
          expect(tracking.waitMs).toBeLessThanOrEqual(bound);
          expect(tracking.state.readFailures).toBe(n + 1);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("L9: no text, however it is dressed, leads off the trusted origins; what is trusted once is trusted again", () => {
  const dressed = fc
    .tuple(
      fc.constantFrom("", "https:", "http:", "HTTPS:", "ftp:", "blob:https:", "data:", " https:", "https\t:"),
      fc.constantFrom("", "/", "//", "///", "\\\\", "/\\", "\\/", "////"),
      fc.constantFrom("", "user@", "user:pw@", "management.azure.com@", "@", "%40", "evil.example\\@"),
      fc.constantFrom(
        "management.azure.com",
        "MANAGEMENT.azure.com",
        "management.azure.com.",
        "management.azure.com:443",
        "management.azure.com:8443",
        "management.azure.com.evil.example",
        "evil.example",
        "evil.example#management.azure.com",
        "evil.example?management.azure.com",
        "xn--management-azure-com",
        "mаnagement.azure.com",
        "management。azure。com",
        "[::1]",
        "127.0.0.1",
        "polls.example",
      ),
      fc.constantFrom("", "/", "/x?y=1&z=%2F#f", "\\x", "?q", "#f", "/é", "/a b", "/\n"),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(dressed, fc.webUrl(), fc.string()), fc.constantFrom(undefined, posted), (raw, base) => {
      const judged = judgeUrl(raw, base, trusted);
      if (judged?.url) expect(judgeUrl(judged.url, undefined, trusted)).toEqual(judged);
      if (!judged?.trusted) return;
      const url = new URL(judged.url);
      expect([...trusted]).toContain(url.origin);
      expect(url.protocol).toBe("https:");
      expect(url.username + url.password + url.hash).toBe("");
      expect(raw).not.toMatch(/\\/);
    }),
    { numRuns: 2000 },
  );
});

test("L12: whatever a failure's body is, its error is plain JSON, and only of the known fields", () => {
  const details = fc.array(fc.oneof(fc.jsonValue(), fc.record({ code: fc.string(), message: fc.jsonValue() })));
  const error = fc.record({
    code: fc.jsonValue(),
    message: fc.string(),
    target: fc.string(),
    details,
    innererror: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.oneof(error, fc.jsonValue(), fc.record({ error })), (value) => {
      const told = serviceError(JSON.parse(JSON.stringify(value)), (text) => text);
      if (told === undefined) return;
      expect(JSON.parse(JSON.stringify(told))).toEqual(told);
      expect(["code", "message", "target", "details", "innererror"]).toEqual(expect.arrayContaining(Object.keys(told)));
    }),
    { numRuns: 400 },
  );
});

test("L16: the saved state of any followed operation stays within its URL and 1 KB", () => {
  const vm = {
    subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001",
    resourceGroupName: "𝒳".repeat(90),
    vmName: "𝒳".repeat(64),
  };
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."abc019/?&=%é ~\"'<>`{}|^"), maxLength: 400 }),
      fc.string({
        unit: fc
          .integer({ min: 0x21, max: 0x7e })
          .map((n) => String.fromCharCode(n))
          .filter((character) => !'"\\'.includes(character)),
        minLength: 1,
        maxLength: 128,
      }),
      fc.constantFrom("running", "succeeded", "failed", "canceled" as const),
      (path, id, status) => {
        const { url } = judgeUrl(`/${path}`, posted, trusted) ?? {};
        if (!url) return;
        const saved = JSON.stringify(serialize({ vm, correlationId: id }, status, { url, kind: "document" }));
        expect(Buffer.byteLength(saved)).toBeLessThanOrEqual(Buffer.byteLength(url) + 1024);
      },
    ),
    { numRuns: 500, examples: [["x", "~".repeat(128), "succeeded"]] },
  );
});
