// The rules L1 to L13 and L16 against the pure core, line by line: no socket, no clock.
import { describe, expect, test } from "vitest";
import { readPost, readStatus, type Step, type Tracking, trackSaved } from "../../src/lro.js";
import type { StatusUrl } from "../../src/reply.js";
import {
  accepted,
  around,
  correlationId,
  following,
  garbageRetryAfters,
  goesOn,
  home,
  monitor,
  notDocuments,
  notJson,
  now,
  operation,
  posted,
  reply,
  runningWords,
  stranger,
  terminalWords,
} from "./support-core.js";

const broken = ["https://", "http://[::1", "https://management.azure.com:99999/x", "https://a b/", ""];
const status = (word: string, more: object = {}) => JSON.stringify({ ...more, status: word });
const kinds: readonly StatusUrl["kind"][] = ["document", "location"];

describe("L1", () => {
  const [first, second, third] = [`${home}/1`, `${home}/2`, `${home}/3`];
  test.each([
    ["Azure-AsyncOperation before both others", { a: first, o: second, l: third }, first, "document"],
    ["Operation-Location before Location", { o: second, l: third }, second, "document"],
    ["Azure-AsyncOperation before Location", { a: first, l: third }, first, "document"],
    ["Location when it is alone", { l: third }, third, "location"],
  ])("L1: %s", (_, headers, url, kind) => {
    expect(accepted(reply(202, "", named(headers)))).toMatchObject({ url, kind });
  });

  test.each(broken)("L1: a header that does not parse (%j) falls back to the next, and that to the last", (bad) => {
    expect(accepted(reply(202, "", named({ a: bad, o: second })))).toMatchObject({ url: second, kind: "document" });
    expect(accepted(reply(202, "", named({ a: bad, o: bad, l: third })))).toMatchObject({ url: third });
  });

  test.each([
    ["the first", { a: `${stranger}/1`, o: second, l: third }],
    ["the second", { o: `${stranger}/2`, l: third }],
    ["the second, behind one that does not parse", { a: "https://", o: `${stranger}/2`, l: third }],
    ["the last", { l: `${stranger}/3` }],
  ])("L1: one that parses but is not trusted ends the search: %s", (_, headers) => {
    expect(readPost(reply(202, "", named(headers)), correlationId, around())).toEqual({
      reason: "untrusted-status-url",
      started: "yes",
      at: {
        url: expect.stringContaining(stranger),
        kind: "l" in headers && !("o" in headers) ? "location" : "document",
        trusted: false,
      },
    });
  });

  test("L1: a header behind the preferred one is not looked at", () => {
    expect(accepted(reply(202, "", named({ a: first, l: `${stranger}/3` })))).toMatchObject({ url: first });
  });

  function named({ a, o, l }: { a?: string; o?: string; l?: string }): Record<string, string> {
    return {
      ...(a === undefined ? {} : { "Azure-AsyncOperation": a }),
      ...(o === undefined ? {} : { "Operation-Location": o }),
      ...(l === undefined ? {} : { Location: l }),
    };
  }
});

describe("L2", () => {
  const stray = { "azure-asyncoperation": operation, location: `${stranger}/x`, "retry-after": "10" };
  test.each(["", "{}", "null", "[]", "0", '"done"', '{"status":"InProgress"}', '{"__proto__":{"status":"Failed"}}'])(
    "L2: a POST 200 with the body %j is done, with or without stray headers",
    (body) => {
      for (const headers of [{}, stray]) {
        const verdict = readPost(reply(200, body, headers), correlationId, around());
        expect(verdict).toMatchObject({ state: { status: "succeeded", correlationId, polls: 0 } });
      }
    },
  );

  test.each(Object.entries(notJson))("L2: a POST 200 with %s is no success", (_, body) => {
    for (const headers of [{}, stray]) {
      const verdict = readPost(reply(200, body, headers), correlationId, around());
      expect(verdict).toMatchObject({ started: "maybe" });
    }
  });

  test("L2: a POST 200 whose body was cut off or too large is no success", () => {
    for (const cut of [true, false]) {
      const verdict = readPost({ ...reply(200), text: undefined, cut }, correlationId, around());
      expect(verdict).toMatchObject({ started: "maybe" });
    }
  });

  test.each([201, 202, 203, 204, 205, 206, 207, 208, 226, 299])("L2: %i is treated as 202", (code) => {
    expect(accepted(reply(code, "", { location: monitor }))).toMatchObject({ url: monitor, kind: "location" });
    expect(accepted(reply(code, status("Succeeded"), { "operation-location": operation }))).toMatchObject({
      url: operation,
      state: { status: "running" },
    });
    expect(readPost(reply(code, status("Succeeded")), correlationId, around())).toMatchObject({ started: "yes" });
  });
});

test.each([
  ["no status header at all", {}],
  ["only headers that do not parse", { "azure-asyncoperation": "https://", location: "http://[" }],
  ["a Location of more than 8 KB", { location: `${home}/${"x".repeat(8192)}` }],
])("L3: a 202 with %s is unknown, never success", (_, headers) => {
  for (const body of ["", "{}", status("Succeeded"), notJson["a login page"]]) {
    expect(readPost(reply(202, body, headers), correlationId, around())).toEqual({
      reason: "no-status-url",
      started: "yes",
    });
  }
});

describe("L4", () => {
  const unreadable = { empty: "", ...notJson, ...notDocuments };
  test.each(Object.entries(unreadable))("L4: a status document that is %s says nothing", (_, body) => {
    for (const code of [200, 201, 202, 204]) {
      const before = following("document");
      const after = goesOn(readStatus(before, reply(code, body), around()));
      expect(after).toMatchObject({ url: operation, kind: "document" });
      expect(after.state).toMatchObject({ status: "running", readFailures: 1, polls: 1 });
    }
  });

  test("L4: a body that was cut off or too large says nothing", () => {
    for (const cut of [true, false]) {
      const after = goesOn(readStatus(following("document"), { ...reply(200), text: undefined, cut }, around()));
      expect(after.state).toMatchObject({ status: "running", readFailures: 1 });
    }
  });

  test.each(["text/html", "text/plain", "application/octet-stream", "application/xml", "nonsense"])(
    "L4: the content type %s does no harm to a status document",
    (type) => {
      const answer = reply(200, status("Succeeded"), { "content-type": type });
      expect(readStatus(following("document"), answer, around())).toMatchObject({ state: { status: "succeeded" } });
    },
  );

  test("L4: the last of two status members counts, as JSON has it", () => {
    const twice = '{"status":"Succeeded","status":"Failed"}';
    expect(readStatus(following("document"), reply(200, twice), around())).toMatchObject({
      state: { status: "failed" },
    });
  });
});

describe("L5", () => {
  const ask = (code: number, body: string | undefined): Step =>
    readStatus(following("location"), reply(code, body), around());

  test.each(["", "{}", status("Succeeded"), status("Failed"), notJson["a login page"]])(
    "L5: 202 on Location is running, with the body %j",
    (body) => {
      expect(goesOn(ask(202, body)).state).toMatchObject({ status: "running", readFailures: 0, polls: 1 });
    },
  );

  test.each([200, 201, 204])("L5: %i on Location is done when the body is empty or JSON", (code) => {
    for (const body of ["", ...Object.values(notDocuments), status("Succeeded"), status("sUCCEEDED")]) {
      expect(ask(code, body)).toMatchObject({ state: { status: "succeeded", polls: 1 } });
    }
  });

  test.each([200, 201, 204])("L5: the status in a %i on Location counts when it is another than Succeeded", (code) => {
    expect(ask(code, status("Failed"))).toMatchObject({ state: { status: "failed" } });
    expect(ask(code, status("Canceled"))).toMatchObject({ state: { status: "canceled" } });
    for (const word of runningWords) {
      expect(goesOn(ask(code, status(word))).state, word).toMatchObject({ status: "running", readFailures: 0 });
    }
  });

  test.each(Object.entries(notJson))("L5: 200 on Location with %s is an unreadable answer", (_, body) => {
    for (const code of [200, 201, 204]) {
      expect(goesOn(ask(code, body)).state).toMatchObject({ status: "running", readFailures: 1 });
    }
  });

  test.each([203, 205, 206, 207, 208, 226, 299])("L5: %i on Location is an unreadable answer", (code) => {
    for (const body of ["", "{}", status("Succeeded"), status("Failed")]) {
      expect(goesOn(ask(code, body)).state).toMatchObject({ status: "running", readFailures: 1 });
    }
  });

  test("L5: a 200 on Location that was cut off is no end", () => {
    const after = goesOn(readStatus(following("location"), { ...reply(200), text: undefined, cut: true }, around()));
    expect(after.state).toMatchObject({ status: "running", readFailures: 1 });
  });
});

describe("L6", () => {
  test.each(terminalWords)("L6: %s is an end: %s", (word, end) => {
    for (const kind of kinds) {
      expect(readStatus(following(kind), reply(200, status(word)), around())).toMatchObject({ state: { status: end } });
    }
  });

  test.each(runningWords)("L6: %j is running", (word) => {
    for (const kind of kinds) {
      const { state } = goesOn(readStatus(following(kind), reply(200, status(word)), around()));
      expect(state).toMatchObject({ status: "running", serviceStatus: word, readFailures: 0 });
    }
  });
});

describe("L7", () => {
  const next = `${home}/next?x=1`;
  test.each([
    ["azure-asyncoperation", "document"],
    ["operation-location", "document"],
    ["location", "location"],
  ])("L7: %s on a poll replaces the URL", (name, kind) => {
    for (const from of kinds) {
      const answer = reply(200, status("InProgress"), { [name]: next });
      expect(goesOn(readStatus(following(from), answer, around()))).toMatchObject({ url: next, kind });
    }
  });

  test("L7: the region is that of the URL: it stays with it, moves with it, and is not told where none is named", () => {
    const region = (header?: string, from: Tracking = following("document")) =>
      goesOn(readStatus(from, reply(200, status("A"), header ? { location: header } : {}), around())).state.location;
    expect(region()).toBe("westus");
    expect(region(operation)).toBe("westus");
    expect(region(operation.replace("westus", "northeurope"))).toBe("northeurope");
    expect(region(next)).toBeUndefined();
  });

  test("L7: a 202 on Location moves too", () => {
    const answer = reply(202, "", { location: next });
    expect(goesOn(readStatus(following("location"), answer, around()))).toMatchObject({ url: next, kind: "location" });
  });

  test.each([{}, ...broken.map((bad) => ({ location: bad, "azure-asyncoperation": bad }))])(
    "L7: without a usable status header the last URL stays: %j",
    (headers) => {
      const moved = goesOn(readStatus(following("document"), reply(200, status("A"), { location: next }), around()));
      const stays = goesOn(readStatus(moved, reply(202, "", headers), around()));
      expect(stays).toMatchObject({ url: next, kind: "location" });
    },
  );

  test("L7: the same order and the same trust hold on a poll", () => {
    const both = reply(200, status("InProgress"), { location: `${home}/l`, "operation-location": `${home}/o` });
    expect(goesOn(readStatus(following("document"), both, around()))).toMatchObject({ url: `${home}/o` });
    for (const name of ["azure-asyncoperation", "operation-location", "location"]) {
      const answer = reply(200, status("InProgress"), { [name]: `${stranger}/x` });
      const step = readStatus(following("document"), answer, around());
      expect(step).toMatchObject({ stop: "untrusted-status-url", url: operation, kind: "document" });
    }
  });
});

describe("L8", () => {
  const delays = (value: string, date?: string): number[] => {
    const headers = { "retry-after": value, ...(date === undefined ? {} : { date }) };
    const first = following("document", headers);
    const poll = goesOn(readStatus(following("document"), reply(200, status("InProgress"), headers), around()));
    const location = goesOn(readStatus(following("location"), reply(202, "", headers), around()));
    return [first.waitMs, poll.waitMs, location.waitMs];
  };

  test("L8: the Retry-After of the 202 governs the first wait, that of a poll the next", () => {
    expect(delays("7")).toEqual([7000, 7000, 7000]);
    expect(following("document", { "retry-after": "7" }).state.nextPollAt).toBe(now + 7000);
  });

  test("L8: it binds the next wait only", () => {
    const first = following("document", { "retry-after": "7" });
    const second = goesOn(readStatus(first, reply(200, status("InProgress")), around()));
    expect(second.waitMs).toBe(10_000);
    const third = goesOn(readStatus(second, reply(503, "", { "retry-after": "9" }), around()));
    expect(third.waitMs).toBe(9000);
    expect(goesOn(readStatus(third, reply(503), around())).waitMs).toBeLessThanOrEqual(2000);
  });

  test("L8: without one the poll interval holds", () => {
    expect(following("document", {}, around({ pollIntervalMs: 1234 }))).toMatchObject({ waitMs: 1234 });
  });

  test("L8: the state says whether the service named the wait, or we chose it", () => {
    const headers = { "retry-after": "7" };
    const named = following("document", headers);
    expect(named.state.retryAfterMs).toBe(7000);
    expect(following("document").state).not.toHaveProperty("retryAfterMs");
    const running = goesOn(readStatus(named, reply(200, status("InProgress")), around()));
    expect(running.state).not.toHaveProperty("retryAfterMs");
    expect(goesOn(readStatus(running, reply(429, "", headers), around())).state.retryAfterMs).toBe(7000);
    expect(goesOn(readStatus(named, undefined, around())).state).not.toHaveProperty("retryAfterMs");
  });

  test.each([
    ["1", 1000],
    ["600", 600_000],
    ["601", 600_000],
    ["86400", 600_000],
    ["999999999", 600_000],
    ["9".repeat(400), 600_000],
    ["Wed, 19 Mar 2025 00:33:02 GMT", 60_000],
    ["Wed, 19 Mar 2025 00:42:03 GMT", 600_000],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 600_000],
  ])("L8: Retry-After %s waits %i ms", (value, wait) => {
    expect(delays(value)).toEqual([wait, wait, wait]);
  });

  test("L8: a date counts against the reply's own Date, not against our clock", () => {
    expect(delays("Wed, 19 Mar 2025 10:00:30 GMT", "Wed, 19 Mar 2025 10:00:00 GMT")).toEqual([30_000, 30_000, 30_000]);
    expect(delays("Wed, 19 Mar 2025 00:33:02 GMT", "Wed, 19 Mar 2025 10:00:00 GMT")).toEqual([10_000, 10_000, 10_000]);
    expect(delays("Wed, 19 Mar 2025 00:33:02 GMT", "not a date")).toEqual([60_000, 60_000, 60_000]);
  });

  test.each(garbageRetryAfters)("L8: Retry-After %j is ignored", (value) => {
    expect(delays(value)).toEqual([10_000, 10_000, 10_000]);
    const failed = goesOn(readStatus(following("document"), reply(503, "", { "retry-after": value }), around()));
    expect(failed.waitMs).toBeLessThanOrEqual(1000);
  });

  test.each([
    ["601", 601_000],
    ["1200", 1_200_000],
    ["86400", 86_400_000],
    ["2147484", 2_147_484_000],
    ["Wed, 19 Mar 2025 02:32:02 GMT", 7_200_000],
  ])("L8: with a 429 Retry-After %s is never shortened", (value, wait) => {
    const after = goesOn(readStatus(following("document"), reply(429, "", { "retry-after": value }), around()));
    expect(after.waitMs).toBe(wait);
    expect(after.state.nextPollAt).toBe(now + wait);
  });

  test("L8: with a 429 even an absurd Retry-After gives a finite time", () => {
    const after = goesOn(
      readStatus(following("document"), reply(429, "", { "retry-after": "9".repeat(400) }), around()),
    );
    expect(after.state.nextPollAt).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(after.waitMs).toBeGreaterThan(365 * 86_400_000);
  });

  test.each([408, 500, 503, 404, 418])("L8: on a failed read with %i it is clamped to ten minutes", (code) => {
    const after = goesOn(readStatus(following("document"), reply(code, "", { "retry-after": "86400" }), around()));
    expect(after.waitMs).toBe(600_000);
  });
});

describe("L9", () => {
  test.each([
    ["/a/b?c=d", `${home}/a/b?c=d`],
    ["//management.azure.com/a", `${home}/a`],
    ["?x=1", `${posted}?x=1`],
    ["../../x", `${posted.replace(/\/virtualMachines.*/, "")}/x`],
  ])("L9: the relative %s resolves against the request", (raw, url) => {
    expect(accepted(reply(202, "", { location: raw }))).toMatchObject({ url });
    expect(accepted(reply(202, "", { "azure-asyncoperation": raw }))).toMatchObject({ url });
  });

  test("L9: on a poll it resolves against the URL of the poll", () => {
    const answer = { ...reply(202, "", { location: "next?y=2" }), url: `${home}/a/b/c?x=1` };
    expect(goesOn(readStatus(following("location"), answer, around()))).toMatchObject({ url: `${home}/a/b/next?y=2` });
  });

  test("L9: a protocol-relative URL to elsewhere is not trusted", () => {
    const verdict = readPost(reply(202, "", { location: "//evil.example/x" }), correlationId, around());
    expect(verdict).toMatchObject({ reason: "untrusted-status-url" });
  });
});

test("L10: a terminal answer is the end, whatever its headers say", () => {
  for (const location of [`${stranger}/x`, `${home}/x`, "https://", monitor]) {
    const headers = { location, "azure-asyncoperation": location, "retry-after": "10" };
    for (const kind of kinds) {
      expect(readStatus(following(kind), reply(200, status("Succeeded"), headers), around())).toMatchObject({
        state: { status: "succeeded" },
      });
    }
    expect(readStatus(following("location"), reply(204, "", headers), around())).toMatchObject({
      state: { status: "succeeded" },
    });
  }
});

describe("L11", () => {
  const retryable = [408, 429, 500, 501, 502, 503, 504, 511, 599];
  const useless = [400, 402, 404, 405, 406, 409, 412, 415, 418, 422, 423, 424, 428, 451, 499];
  const stop = (step: Step) => ("stop" in step ? step.stop : undefined);

  test.each(retryable)("L11: %i is a failure to read, and backs off for as long as it lasts", (code) => {
    let tracking = following("document");
    for (let n = 1; n <= 300; n += 1) {
      tracking = goesOn(readStatus(tracking, reply(code, status("Failed")), around()));
      expect(tracking.state).toMatchObject({ status: "running", readFailures: n, polls: n });
    }
    expect(tracking.url).toBe(operation);
  });

  test("L11: so is no answer at all, or one that was cut off", () => {
    let tracking = following("document");
    for (let n = 1; n <= 300; n += 1) {
      const answer = n % 2 === 0 ? undefined : { ...reply(200), text: undefined, cut: true };
      tracking = goesOn(readStatus(tracking, answer, around()));
      expect(tracking.state).toMatchObject({ status: "running", readFailures: n });
    }
  });

  const waits = (random: number, pollIntervalMs: number): number[] => {
    const world = around({ random, pollIntervalMs });
    let tracking: Tracking = following("document", {}, world);
    return Array.from({ length: 12 }, () => {
      tracking = goesOn(readStatus(tracking, undefined, world));
      return tracking.waitMs;
    });
  };
  test.each([
    [60_000, 1000],
    [10_000, 1000],
    [1000, 1000],
    [999, 999],
    [50, 50],
    [1, 1],
  ])("L11: with a poll interval of %i ms the back-off begins at %i ms and doubles to 30 s", (interval, first) => {
    for (const random of [0, 0.25, 0.5, 0.999, 1]) {
      const all = waits(random, interval);
      const bounds = all.map((_, n) => Math.min(first * 2 ** n, 30_000));
      const part = (all.at(-1) ?? 0) / (bounds.at(-1) ?? 1);
      for (const [n, wait] of all.entries()) {
        const bound = bounds[n] ?? 0;
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(bound);
        // The same part of each bound, up to whole milliseconds.
        expect(Math.abs(wait - bound * part)).toBeLessThanOrEqual(2);
      }
    }
    expect(waits(1, interval)).toEqual(waits(1, interval).map((_, n) => Math.min(first * 2 ** n, 30_000)));
  });

  test("L11: the back-off has jitter", () => {
    expect(new Set([0, 0.2, 0.4, 0.6, 0.8].map((random) => waits(random, 10_000)[3])).size).toBe(5);
  });

  test("L11: a good answer resets the back-off", () => {
    let tracking = following("document");
    for (let n = 0; n < 8; n += 1) tracking = goesOn(readStatus(tracking, reply(503), around()));
    tracking = goesOn(readStatus(tracking, reply(200, status("InProgress")), around()));
    expect(tracking.state.readFailures).toBe(0);
    expect(tracking.waitMs).toBe(10_000);
    tracking = goesOn(readStatus(tracking, reply(503), around()));
    expect(tracking.state.readFailures).toBe(1);
    expect(tracking.waitMs).toBe(1000);
  });

  test.each(useless)("L11: %i is suffered five times in a row, not a sixth time", (code) => {
    let tracking = following("document");
    for (let n = 1; n <= 5; n += 1) {
      tracking = goesOn(readStatus(tracking, reply(code, status("Failed")), around()));
      expect(tracking.state.readFailures).toBe(n);
    }
    const last = readStatus(tracking, reply(code), around());
    expect(last).toMatchObject({
      stop: "unreadable-status",
      url: operation,
      state: { status: "running" },
    });
  });

  test("L11: unreadable answers of every kind count together", () => {
    const kinds = [reply(404), reply(200, ""), reply(400), reply(200, "<html>"), reply(200, "{}")];
    let tracking = following("document");
    for (const answer of kinds) tracking = goesOn(readStatus(tracking, answer, around()));
    expect(stop(readStatus(tracking, reply(200, "null"), around()))).toBe("unreadable-status");
  });

  test("L11: a good answer ends the row", () => {
    let tracking = following("document");
    for (let n = 0; n < 40; n += 1) {
      const answer = n % 6 === 5 ? reply(200, status("InProgress")) : reply(404);
      tracking = goesOn(readStatus(tracking, answer, around()));
    }
    expect(tracking.state.polls).toBe(40);
  });

  test.each([
    [401, "unauthorized"],
    [403, "status-forbidden"],
    [410, "status-gone"],
  ])("L11: %i gives up at once, and says why", (code, why) => {
    for (const kind of kinds) {
      const step = readStatus(following(kind), reply(code, status("Failed")), around());
      expect(step).toMatchObject({ stop: why, kind, state: { status: "running", readFailures: 1 } });
    }
  });

  test.each([0, 300, 301, 302, 303, 304, 307, 308, 399])("L11: %i is never followed", (code) => {
    for (const kind of kinds) {
      const before = following(kind);
      const step = readStatus(before, reply(code, status("Succeeded"), { location: `${home}/next` }), around());
      expect(step).toMatchObject({ stop: "redirect", url: before.url, kind });
    }
  });

  test("L11: no 4xx or 5xx is a failure of the operation, whatever its body says", () => {
    for (let code = 400; code < 600; code += 1) {
      for (const body of [status("Failed"), status("Canceled"), status("Succeeded"), ""]) {
        const step = readStatus(following("document"), reply(code, body), around());
        expect(step).toMatchObject({ state: { status: "running" } });
      }
    }
  });
});

describe("L12", () => {
  const error = {
    code: "OSProvisioningTimedOut",
    message: "OS Provisioning did not finish.",
    target: "vm",
    details: [
      { code: "One", message: "first", target: "a" },
      { code: "Two", message: "second" },
    ],
    innererror: { exceptiontype: "TimeoutException", errordetail: "after 20 minutes" },
  };
  test.each([
    ["Failed", "failed"],
    ["Canceled", "canceled"],
  ])("L12: %s carries all that the service said, and the HTTP status", (word, end) => {
    for (const kind of kinds) {
      for (const body of [status(word, { error }), status(word, error)]) {
        const step = readStatus(following(kind), reply(200, body), around());
        expect(step).toMatchObject({ state: { status: end, error, httpStatus: 200 } });
      }
    }
  });

  test.each(["null", "[]", '"text"', "3", "{}", '{"code":5,"message":null,"details":{},"innererror":"x"}'])(
    "L12: an error that is %s does not hide the failure",
    (raw) => {
      const step = readStatus(following("document"), reply(200, `{"status":"Failed","error":${raw}}`), around());
      expect(step).toMatchObject({ state: { status: "failed", httpStatus: 200 } });
    },
  );

  test("L12: start and end time are told", () => {
    const times = { startTime: "2025-03-19T00:32:02.1+00:00", endTime: "2025-03-19T00:33:18.0+00:00" };
    for (const word of ["Succeeded", "Failed", "Canceled"]) {
      expect(readStatus(following("document"), reply(200, status(word, times)), around())).toMatchObject({
        state: times,
      });
    }
  });
});

test("L13: a failed read leaves the running state with nextPollAt at the back-off and readFailures counted", () => {
  const before = goesOn(
    readStatus(following("document"), reply(200, status("Updating", { percentComplete: 40 })), around()),
  );
  const after = goesOn(readStatus(before, reply(503), around({ now: now + 5000 })));
  expect(after.state).toEqual({ ...before.state, polls: 2, readFailures: 1, nextPollAt: now + 5000 + after.waitMs });
});

test("L16: what is tracked after a resume is running and due at once, whatever was saved", () => {
  for (const kind of kinds) {
    const tracking = trackSaved({ url: operation, kind }, correlationId, now);
    expect(tracking).toMatchObject({ url: operation, kind, waitMs: 0 });
    expect(tracking.state).toMatchObject({ status: "running", nextPollAt: now, readFailures: 0, correlationId });
  }
});

describe("L18", () => {
  test("L18: the service's word and percentComplete are told when they were sent, and not made up", () => {
    const step = goesOn(
      readStatus(following("document"), reply(200, status("Updating", { percentComplete: 12.5 })), around()),
    );
    expect(step.state).toMatchObject({ serviceStatus: "Updating", percentComplete: 12.5, polls: 1 });
    const next = goesOn(readStatus(step, reply(200, status("Updating")), around()));
    expect(next.state).not.toHaveProperty("percentComplete");
    expect(goesOn(readStatus(following("location"), reply(202), around())).state).not.toHaveProperty("serviceStatus");
  });

  test.each(["null", '"50"', "true", "[]", "1e999", "-1e999"])(
    "L18: a percentComplete of %s is no number to tell",
    (raw) => {
      const body = `{"status":"InProgress","percentComplete":${raw}}`;
      const step = goesOn(readStatus(following("document"), reply(200, body), around()));
      expect(step.state).not.toHaveProperty("percentComplete");
    },
  );

  test("L18: rate limits are told by limiter, garbage among them is not", () => {
    const headers = {
      "x-ms-ratelimit-remaining-subscription-reads": "249",
      "x-ms-ratelimit-remaining-resource":
        "Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999,odd,x;y,z;-1",
    };
    const step = goesOn(readStatus(following("document"), reply(200, status("InProgress"), headers), around()));
    expect(step.state.rateLimits).toEqual({
      "subscription-reads": 249,
      "Microsoft.Compute/GetOperationResource": 44,
      "Microsoft.Compute/GetOperationSubscriptionMaximum": 14999,
    });
  });

  test("L18: a rate limit beyond all numbers leaves the state plain JSON", () => {
    const headers = { "x-ms-ratelimit-remaining-subscription-reads": "9".repeat(400) };
    const step = goesOn(readStatus(following("document"), reply(200, status("InProgress"), headers), around()));
    expect(JSON.parse(JSON.stringify(step.state))).toEqual(step.state);
  });
});
