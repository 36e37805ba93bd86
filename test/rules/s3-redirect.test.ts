/** S3: a redirect is an answer, never a way: not on the POST, not on a status request, not in a browser's opaque form. */
import { afterEach, describe, expect, test } from "vitest";
import {
  accepted,
  closeAll,
  everywhere,
  pause,
  redirect,
  running,
  startArm,
  startEvil,
  status,
  succeeded,
} from "../harness/index.js";
import { always } from "../harness/script.js";
import { clientFor, ENDPOINT, failure, inProcess, type Say, say, say202, sayStatus, told, vm } from "./support-s.js";

afterEach(closeAll);

const codes = [301, 302, 303, 307, 308] as const;

describe("S3: the POST", () => {
  test.each(codes)("S3: a %i to a stranger is not followed, and the stranger not contacted", async (code) => {
    const [arm, evil] = await Promise.all([startArm(), startEvil()]);
    arm.onPost(redirect(code, `${evil.url}/taken`));
    const error = await failure(clientFor(arm).reimage(vm, { tempDisk: true }));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "maybe", reason: "redirect" });
    expect(error).toMatchObject({ status: code });
    await evil.expectUntouched();
    expect(everywhere.requests).toHaveLength(1);
  });

  test.each(codes)("S3: a %i within the endpoint is not followed either, as POST or as GET", async (code) => {
    const arm = await startArm();
    arm.onPost(redirect(code, `${arm.url}/login`, { "azure-asyncoperation": `${arm.url}/operations/1` }));
    const error = await failure(clientFor(arm).reimage(vm, { tempDisk: true }));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "maybe", reason: "redirect" });
    await pause(10);
    expect(everywhere.requests.map(({ method }) => method)).toEqual(["POST"]);
  });

  test("S3: 300, 304, 305, 306 and a redirect without a Location are errors too", async () => {
    for (const code of [300, 304, 305, 306, 307]) {
      const arm = await startArm();
      arm.onPost(status(code));
      expect(told(await failure(clientFor(arm).reimage(vm)))).toMatchObject({
        name: "OutcomeUnknownError",
        started: "maybe",
      });
      expect(everywhere.requests).toHaveLength(1);
      await closeAll();
    }
  });
});

describe("S3: a status request", () => {
  test.each(codes)("S3: a %i is not followed: unknown, with the resume state", async (code) => {
    const [arm, evil] = await Promise.all([startArm(), startEvil()]);
    arm.onPost(accepted());
    arm.onPoll(running(), redirect(code, `${evil.url}/status`));
    const error = await failure(clientFor(arm).reimage(vm));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "redirect" });
    expect(error.resume?.statusUrl).toContain(arm.url);
    await evil.expectUntouched();
    expect(everywhere.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  });

  test.each(codes)("S3: a %i on a Location, within the endpoint, to a success, is not followed", async (code) => {
    const arm = await startArm();
    arm.onPost(accepted({ headers: "location" }));
    arm.onPoll(redirect(code, `${arm.url}/done`), succeeded());
    const error = await failure(clientFor(arm).reimage(vm));
    expect(told(error)).toMatchObject({ name: "OutcomeUnknownError", started: "yes", reason: "redirect" });
    expect(arm.polls).toHaveLength(1);
  });

  test("S3: after a redirect the operation is not over: asked again, it may succeed", async () => {
    const arm = await startArm();
    arm.onPost(accepted());
    arm.onPoll(redirect(302, "/login"), succeeded());
    const operation = await clientFor(arm).beginReimage(vm);
    expect(told(await failure(operation.poll()))).toMatchObject({ reason: "redirect" });
    expect(operation.done).toBe(false);
    expect((await operation.poll()).status).toBe("succeeded");
  });
});

/** What a browser shows of a redirect under `redirect: "manual"`: nothing. */
const opaque: Say = () =>
  Object.defineProperties(new Response(null), {
    status: { value: 0 },
    type: { value: "opaqueredirect" },
    ok: { value: false },
  });

describe("S3: as browsers show it", () => {
  test.each([
    ["an opaque redirect", opaque],
    ["an error response", () => Response.error()],
  ] as const)("S3: %s to the POST, with status 0, is an error", async (_, answer) => {
    const service = inProcess(answer);
    const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(vm));
    expect(told(error)).toMatchObject({ name: "OutcomeUnknownError", started: "maybe" });
    expect(service.calls).toHaveLength(1);
  });

  test("S3: an opaque redirect on a status request is unknown, with the resume state", async () => {
    const service = inProcess(say202(), opaque, always(sayStatus("Succeeded")));
    const error = await failure(clientFor({ url: ENDPOINT }, service).reimage(vm));
    expect(told(error)).toEqual({ name: "OutcomeUnknownError", started: "yes", reason: "redirect" });
    expect(error.resume).toBeDefined();
    expect(service.calls).toHaveLength(2);
  });
});

test("S3: every request is sent with redirect: manual, whatever the caller's headers say", async () => {
  const service = inProcess(say202(), sayStatus("InProgress"), say(500), sayStatus("Succeeded"));
  await clientFor({ url: ENDPOINT }, service).reimage(vm, undefined, { headers: { redirect: "follow" } });
  expect(service.calls.map(({ method, redirect }) => `${method} ${redirect}`)).toEqual([
    "POST manual",
    "GET manual",
    "GET manual",
    "GET manual",
  ]);
});
