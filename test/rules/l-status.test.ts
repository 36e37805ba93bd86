// L4 to L7 and L12 over real sockets: what an answer on the status URL means.
import { afterEach, describe, expect, test } from "vitest";
import type { OperationState } from "../../src/index.js";
import {
  type Answer,
  accepted,
  canceled,
  chunked,
  closeAll,
  cut,
  failed,
  gzipped,
  html,
  json,
  locationDone,
  locationRunning,
  running,
  startArm,
  startEvil,
  status,
  statusDocument,
  succeeded,
  text,
  untilClose,
  withByteOrderMark,
} from "../harness/index.js";
import { begun, caught, clientOf, vm } from "./support-client.js";
import { notDocuments, notJson, runningWords, terminalWords } from "./support-core.js";

afterEach(closeAll);

const azure = accepted({ headers: "azure", signed: false });
const location = accepted({ headers: "location", signed: false });
const tooLarge = JSON.stringify({ status: "Succeeded", padding: "x".repeat(2 ** 20) });

describe("L4", () => {
  const unreadable: [string, Answer][] = [
    ["empty", status(200)],
    ["empty and chunked", chunked(status(200))],
    ["empty with 202", status(202)],
    ["empty with 204", status(204)],
    ["a login page", html()],
    ["nothing but a byte order mark", withByteOrderMark(status(200))],
    ["cut off", cut(json(200, { status: "Succeeded" }))],
    ["cut off after its end was announced", cut(json(200, { status: "Succeeded" }), { missing: 1 })],
    ["chunked without an end", cut(chunked(json(200, { status: "Succeeded" })))],
    ["more than 1 MiB", json(200, tooLarge)],
    ["more than 1 MiB after decompression", gzipped(json(200, tooLarge))],
    ["no gzip, though it says so", text(200, '{"status":"Succeeded"}', { "content-encoding": "gzip" })],
    ["UTF-16", text(200, Buffer.from('{"status":"Succeeded"}', "utf16le"), { "content-type": "application/json" })],
    ...Object.entries({ ...notJson, ...notDocuments }).map(([name, body]): [string, Answer] => [name, json(200, body)]),
  ];
  test.each(unreadable)("L4: a status document that is %s is neither success nor failure", async (_, answer) => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(answer, succeeded());
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1, polls: 1 });
    expect(operation.done).toBe(false);
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 2 });
  });

  test("L4: an Operation-Location answers with a status document too", async () => {
    const { arm, operation } = await begun(accepted({ headers: "operation-location", signed: false }));
    arm.onPoll(status(200), status(202), json(200, "[]"), running(), succeeded());
    for (const readFailures of [1, 2, 3, 0]) expect(await operation.poll()).toMatchObject({ readFailures });
    expect(await operation.poll()).toMatchObject({ status: "succeeded" });
  });

  const readable: [string, (original: Answer) => Answer][] = [
    ["with a byte order mark", withByteOrderMark],
    ["compressed", gzipped],
    ["compressed, with a byte order mark", (original) => gzipped(withByteOrderMark(original))],
    ["chunked", chunked],
    ["without a length", untilClose],
  ];
  test.each(readable)("L4: a status document %s is read", async (_, dressed) => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(dressed(running({ status: "Überprüfung" })), dressed(failed()));
    expect(await operation.poll()).toMatchObject({ serviceStatus: "Überprüfung", readFailures: 0 });
    await caught(operation.wait(), "OperationFailedError");
  });

  test.each(["text/html", "text/plain", "application/octet-stream", "", "nonsense", "application/json; charset=utf-7"])(
    "L4: the content type %j does no harm",
    async (type) => {
      const { arm, operation } = await begun(azure);
      arm.onPoll(text(200, '{"status":"Succeeded"}', { "content-type": type }));
      expect(await operation.poll()).toMatchObject({ status: "succeeded" });
    },
  );

  test("L4: nothing but unreadable answers is OutcomeUnknownError, with the state to resume from", async () => {
    for (const answer of [status(200), html(), json(200, "null"), json(200, { error: { code: "X" } })]) {
      const { arm, operation } = await begun(azure);
      arm.onPoll(answer, answer, answer, answer, answer, answer);
      const error = await caught(operation.wait(), "OutcomeUnknownError");
      expect(error).toMatchObject({ reason: "unreadable-status", started: "yes", resume: operation.toJSON() });
      expect(operation.state.status).toBe("running");
    }
  });
});

describe("L5", () => {
  const done: [string, Answer][] = [
    ["200 without a body", locationDone()],
    ["201 without a body", locationDone(201)],
    ["204", locationDone(204)],
    ["200 with an empty chunked body", chunked(status(200))],
    ["200 with an empty object", json(200, {})],
    ["200 with null", json(200, "null")],
    ["200 with a list", json(200, "[]")],
    ["200 with the VM", json(200, { name: "vm-1", properties: { provisioningState: "Failed", status: "Failed" } })],
    ["200 with a status that is no text", json(200, { status: 5 })],
    ["200 with a status on the prototype", json(200, '{"__proto__":{"status":"Failed"}}')],
    ["200 with Succeeded", json(200, { status: "Succeeded" })],
    ["201 with SUCCEEDED", json(201, { status: "SUCCEEDED" })],
    ["200 with JSON behind a byte order mark", withByteOrderMark(json(200, {}))],
    ["200 with nothing but a byte order mark", withByteOrderMark(status(200))],
    ["200 with JSON that calls itself HTML", text(200, "{}", { "content-type": "text/html" })],
  ];
  test.each(done)("L5: on Location %s is done", async (_, answer) => {
    const { arm, operation } = await begun(location);
    arm.onPoll(locationRunning(), answer);
    expect(await operation.wait()).toMatchObject({ status: "succeeded", polls: 2 });
  });

  test("L5: on Location 202 is running, whatever its body", async () => {
    const { arm, operation } = await begun(location);
    const bodies = [status(202), html(202), json(202, { status: "Succeeded" }), json(202, { status: "Failed" })];
    arm.onPoll(...bodies, locationDone());
    for (const _ of bodies) expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 0 });
    await operation.wait();
  });

  test("L5: on Location the status in a 200 or 201 counts when it is another than Succeeded", async () => {
    const error = { code: "OSProvisioningTimedOut", message: "It did not come up." };
    for (const code of [200, 201]) {
      const { arm, operation } = await begun(location);
      arm.onPoll(json(code, { status: "InProgress" }), json(code, { status: "PartiallySucceeded" }));
      arm.onPoll(json(code, { status: "Failed", error }));
      expect(await operation.poll()).toMatchObject({ status: "running", serviceStatus: "InProgress" });
      expect(await operation.poll()).toMatchObject({ status: "running", serviceStatus: "PartiallySucceeded" });
      const thrown = await caught(operation.wait(), "OperationFailedError");
      expect(thrown).toMatchObject({ code: error.code, serviceMessage: error.message, status: code });
    }
    const { arm, operation } = await begun(location);
    arm.onPoll(json(200, { status: "Canceled" }));
    await caught(operation.wait(), "OperationCanceledError");
  });

  const unreadable: [string, Answer][] = [
    ["200 with a login page", html()],
    ["201 with a login page", html(201)],
    ["200 with truncated JSON", json(200, '{"status":"Succeeded"')],
    ["200 with a body that was cut", cut(json(200, {}), { missing: 5 })],
    ["200 with more than 1 MiB", json(200, tooLarge)],
    ["203", status(203)],
    ["205", status(205)],
    ["206", json(206, {})],
    ["226", json(226, { status: "Succeeded" })],
    ["299", status(299)],
  ];
  test.each(unreadable)("L5: on Location %s is an unreadable answer", async (_, answer) => {
    const { arm, operation } = await begun(location);
    arm.onPoll(answer, locationDone());
    expect(await operation.poll()).toMatchObject({ status: "running", readFailures: 1 });
    expect(await operation.wait()).toMatchObject({ status: "succeeded" });
  });
});

describe("L6", () => {
  test.each(terminalWords)("L6: %s ends it: %s", async (word, end) => {
    for (const answer of [azure, location]) {
      const { arm, operation } = await begun(answer);
      arm.onPoll(statusDocument(word));
      expect((await operation.poll()).status).toBe(end);
      expect(operation.done).toBe(true);
    }
  });

  test("L6: every other word is running, however final it sounds", async () => {
    for (const answer of [azure, location]) {
      const { arm, operation } = await begun(answer);
      arm.onPoll(...runningWords.map((word) => statusDocument(word)), succeeded());
      const words: (string | undefined)[] = [];
      for await (const state of operation) if (state.status === "running") words.push(state.serviceStatus);
      expect(words).toEqual(runningWords);
      expect(operation.state.status).toBe("succeeded");
    }
  });
});

describe("L7", () => {
  test("L7: the URL moves with the status headers of the polls, and stays without", async () => {
    const { arm, operation } = await begun(accepted({ headers: "azure", url: "/1" }));
    arm.onPoll(
      running(),
      running({ more: { "azure-asyncoperation": "/2" } }),
      running({ more: { "operation-location": "/3" } }),
      running({ more: { location: "/4" } }),
      status(202, { location: `${arm.url}/5` }),
      status(202),
      status(202, { "azure-asyncoperation": "/6", location: "/7" }),
      running(),
      succeeded(),
    );
    expect(await operation.wait()).toMatchObject({ polls: 9 });
    expect(arm.polls.map(({ url }) => url)).toEqual(["/1", "/1", "/2", "/3", "/4", "/5", "/5", "/6", "/6"]);
  });

  test("L7: the resume state moves with it", async () => {
    const { arm, client, operation } = await begun(accepted({ headers: "azure", url: "/1" }));
    arm.onPoll(running({ more: { location: "/2" } }), status(204));
    await operation.poll();
    expect(await client.resume(JSON.stringify(operation)).wait()).toMatchObject({ status: "succeeded" });
    expect(arm.polls.map(({ url }) => url)).toEqual(["/1", "/2"]);
  });

  test.each([{ location: "https://" }, { "azure-asyncoperation": "" }, { "operation-location": "http://a b" }])(
    "L7: a status header on a poll that is no URL changes nothing: %j",
    async (more) => {
      const { arm, operation } = await begun(accepted({ headers: "azure", url: "/1" }));
      arm.onPoll(running({ more }), succeeded());
      await operation.wait();
      expect(arm.polls.map(({ url }) => url)).toEqual(["/1", "/1"]);
    },
  );

  test.each(["azure-asyncoperation", "operation-location", "location"])(
    "L7: a %s that moves to a stranger is not followed, and what was known stays",
    async (name) => {
      const [arm, evil] = [await startArm(), await startEvil()];
      arm.onPost(azure);
      arm.onPoll(running({ more: { [name]: `${evil.url}/x` } }), succeeded());
      const operation = await clientOf(arm).beginReimage(vm);
      const saved = operation.toJSON();
      const error = await caught(operation.wait(), "OutcomeUnknownError");
      expect(error).toMatchObject({ reason: "untrusted-status-url", started: "yes", resume: saved });
      await evil.expectUntouched();
      expect(await operation.wait()).toMatchObject({ status: "succeeded" });
    },
  );

  test("L7: an answer that says nothing does not move the URL either", async () => {
    const evil = await startEvil();
    const { arm, operation } = await begun(accepted({ headers: "azure", url: "/1" }));
    arm.onPoll(status(503, { location: "/2" }), status(404, { location: `${evil.url}/x` }), succeeded());
    await operation.wait();
    expect(arm.polls.map(({ url }) => url)).toEqual(["/1", "/1", "/1"]);
    await evil.expectUntouched();
  });
});

describe("L12", () => {
  const error = {
    code: "VMExtensionProvisioningError",
    message: "It went wrong.",
    target: "vm-1",
    details: [
      { code: "One", message: "first", target: "a" },
      { code: "Two", message: "second" },
    ],
    innererror: { exceptiontype: "TimeoutException", errordetail: "after 20 minutes" },
  };
  const fields = {
    code: error.code,
    serviceMessage: error.message,
    target: error.target,
    details: error.details,
    innererror: error.innererror,
    status: 200,
    started: "yes",
    vm,
  };
  const request = { more: { "x-ms-request-id": "request-1" } };

  test("L12: Failed carries all that the service said", async () => {
    for (const accept of [azure, location]) {
      const { arm, operation } = await begun(accept);
      arm.onPoll(failed(error, request));
      const thrown = await caught(operation.wait(), "OperationFailedError");
      expect(thrown).toMatchObject({ ...fields, requestId: "request-1" });
      expect(thrown.message).toContain("VMExtensionProvisioningError: It went wrong");
      expect(operation.state).toMatchObject({ status: "failed", error, httpStatus: 200 });
    }
  });

  test("L12: Canceled carries the same, and is an outcome of its own", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(canceled(error, request));
    const thrown = await caught(operation.wait(), "OperationCanceledError");
    expect(thrown).toMatchObject({ ...fields, requestId: "request-1" });
    expect(operation.state).toMatchObject({ status: "canceled", error, httpStatus: 200 });
  });

  test("L12: the error may come without its envelope, or not at all", async () => {
    const { arm: bare, operation: first } = await begun(azure);
    bare.onPoll(statusDocument("Failed", error));
    expect(await caught(first.wait(), "OperationFailedError")).toMatchObject(fields);
    const { arm: silent, operation: second } = await begun(azure);
    silent.onPoll(json(200, { status: "Canceled" }));
    const thrown = await caught(second.wait(), "OperationCanceledError");
    expect(thrown).toMatchObject({ status: 200, started: "yes" });
    expect(thrown).not.toHaveProperty("code");
  });

  test("L12: an ended operation says so to everyone who asks, without another request", async () => {
    const { arm, operation } = await begun(azure);
    arm.onPoll(failed(error));
    await caught(operation.wait(), "OperationFailedError");
    expect(await caught(operation.wait(), "OperationFailedError")).toMatchObject(fields);
    expect(await operation.poll()).toBe(operation.state);
    const states: OperationState[] = [];
    for await (const state of operation) states.push(state);
    expect(states).toEqual([operation.state]);
    expect(arm.polls).toHaveLength(1);
  });
});
