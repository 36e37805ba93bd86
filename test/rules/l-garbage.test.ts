// L14, L17: what a request leaves behind when the garbage is collected while it runs, and after. Runtimes follow a signal
// by weak references, so what holds and who holds it shows only then.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import { accepted, closeAll, json, pause, reset, running, startArm, succeeded } from "../harness/index.js";
import { clientFor, vm } from "./support-s.js";

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

/** The runtime's own fetch; of each answer it remembers whether somebody still holds it. */
function watched() {
  const answers: WeakRef<Response>[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await globalThis.fetch(input, init);
    answers.push(new WeakRef(answer));
    return answer;
  };
  return { fetch, answers, held: () => answers.filter((answer) => answer.deref() !== undefined).length };
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
  expect(answers.length).toBe(80);
  // The last one may still lie in the connection that is kept for the next request.
  expect(held()).toBeLessThan(3);
});
