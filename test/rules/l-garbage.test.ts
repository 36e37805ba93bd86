// L14, L17: what a request leaves behind when the garbage is collected while it runs, and after. Runtimes follow a signal
// by weak references, so what holds and who holds it shows only then.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { accepted, closeAll, hang, json, pause, reset, running, startArm, succeeded } from "../harness/index.js";
import { always } from "../harness/script.js";
import { clientFor, reasonOf, vm } from "./support-s.js";

setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");

afterEach(closeAll);

/** More than once: what has a finalizer goes in the second round. */
async function collect(): Promise<void> {
  for (let n = 0; n < 4; n += 1) {
    gc();
    await pause(5);
  }
}

/** The runtime's own fetch; of each answer it remembers whether somebody still holds it, or the stream of its body. */
function watched() {
  const answers: WeakRef<object>[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await globalThis.fetch(input, init);
    answers.push(new WeakRef(answer), new WeakRef(answer.body ?? answer));
    return answer;
  };
  return { fetch, answers, held: () => answers.filter((answer) => answer.deref() !== undefined).length };
}

for (const end of ["a time limit", "an abort"]) {
  test(`${end} closes the connection of a POST without an answer, garbage or not`, async () => {
    const arm = await startArm();
    arm.onPost(always(hang()));
    const client = clientFor(arm, end === "an abort" ? {} : { requestTimeoutMs: 200 });
    const control = new AbortController();
    const ends = Array.from({ length: 5 }, () => reasonOf(client.beginReimage(vm, {}, { signal: control.signal })));
    await arm.until(() => arm.posts.length === 5);
    await collect();
    if (end === "an abort") control.abort();
    await Promise.all(ends);
    await arm.until(() => arm.posts.every(({ socket }) => socket.closed));
  });
}

test("no answer is held when its operation is over, whole or torn", async () => {
  const arm = await startArm();
  const { fetch, answers, held } = watched();
  const client = clientFor(arm, { fetch });
  const torn = reset({ at: "in-body", of: json(200, { status: "Succeeded" }) });
  for (let n = 0; n < 20; n += 1) {
    arm.onPost(accepted());
    arm.onPoll(running(), torn, succeeded());
    await client.reimage(vm);
  }
  await collect();
  expect(answers.length).toBe(160);
  // The last one may still lie in the connection that is kept for the next request.
  expect(held()).toBeLessThan(6);
});
