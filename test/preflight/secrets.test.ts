/** What a look tells holds no token, whatever the service writes back, and its token goes to the endpoint alone. */
import { afterEach, describe, expect, test } from "vitest";
import { inspect } from "../../src/preflight/index.js";
import { closeAll, json, startArm, startEvil } from "../harness/index.js";
import { clientFor, failure, type Say, say, vm } from "../rules/support-s.js";
import { expectHidden, forms } from "../rules/support-s-secrets.js";
import { documentOf, listener, lookAt, osDisk } from "./support.js";

afterEach(closeAll);

const TOKEN = 'opaque"tok\\en/with+every=thing&more%<>';
const credential = () => TOKEN;

describe.each(Object.entries(forms))("a token that is written back %s", (_, form) => {
  const said = form(TOKEN);
  const error = { code: said, message: `before ${said} behind`, target: said, details: [{ message: said }] };
  const headers = { "x-ms-request-id": encodeURIComponent(said) };

  test.each<[string, Say]>([
    ["a refusal", say(403, { error }, headers)],
    ["a refusal without the envelope", say(429, error, headers)],
    ["a failure", say(503, { error }, headers)],
    ["an answer that is no VM", say(200, { error, more: said }, headers)],
    ["a body that is no JSON", say(200, `<p>${said}</p>`, headers)],
  ])("does not show in %s, nor in the events", async (_, answer) => {
    const { events, onEvent } = listener();
    expectHidden([await failure(lookAt(answer, { credential, onEvent })), ...events], [TOKEN]);
  });

  test("does not show in what is told of a VM", async () => {
    const disk = { ...osDisk, osType: said, deleteOption: said, managedDisk: { id: `/disks/${said}` } };
    const answer = { ...documentOf(disk, { provisioningState: said }), location: `in ${said}` };
    expectHidden([await lookAt(answer, { credential })], [TOKEN]);
  });
});

test("a runtime's error that quotes the request does not show the token, and no object hangs on it", async () => {
  const cause = Object.assign(new Error(`could not send Bearer ${TOKEN}`), { request: { headers: TOKEN } });
  const error = await failure(
    lookAt(
      () => {
        throw cause;
      },
      { credential },
    ),
  );
  expect(error).toMatchObject({ name: "NotSentError" });
  expectHidden([error], [TOKEN]);
});

test("a credential's error does not show what hangs on it", async () => {
  const failing = async () => {
    throw Object.assign(new Error("signed out"), { body: { client_secret: "s3cr3t-of-the-app" } });
  };
  const error = await failure(lookAt(say(200, documentOf()), { credential: failing }));
  expect(error.message).toContain("signed out");
  expectHidden([error], ["s3cr3t-of-the-app"]);
});

test("the token goes to the endpoint alone, also when other origins may be polled", async () => {
  const [arm, evil] = await Promise.all([startArm(), startEvil()]);
  arm.onRead(json(404, { error: { code: "ResourceNotFound", target: evil.url } }, { location: evil.url }));
  await failure(inspect(clientFor(arm, { allowedPollOrigins: [evil.url] }), vm));
  expect(arm.tokens()).toEqual(["token-1"]);
  await evil.expectUntouched();
});
