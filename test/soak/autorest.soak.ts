// Every long-running POST of Microsoft's own test server ends as its authors expect, straight and resumed, save where its
// table says why not.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { InvalidInputError, isReimageError, type SucceededState } from "../../src/index.js";
import { visit } from "./autorest-client.js";
import { errors } from "./autorest-errors.js";
import type { End, Route } from "./autorest-route.js";
import { startTestServer, type TestServer } from "./autorest-server.js";
import { successes } from "./autorest-successes.js";
import { aligned } from "./table.js";

const vm = {
  subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001",
  resourceGroupName: "group-1",
  vmName: "vm-1",
};
const parameters = { osProfile: { adminPassword: "not-a-real-Passw0rd" } };

const routes = [...successes, ...errors];
let server: TestServer;
const rows = [["route", "authors", "ours", "reads", "why they differ"]];
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => server.seen());
afterAll(async () => {
  await server?.stop();
  console.log(aligned(rows));
});

/** A path as it is asked: the one template among them has one value. */
const asked = (path: string) => path.replace("{constantParameter}", "iAmConstant");

/** How a promise ended, in the words of the table, and the error if there was one. */
async function endOf(promise: Promise<SucceededState>) {
  return promise.then(
    ({ status }) => ({ end: { name: status } as Record<string, unknown>, resume: undefined }),
    (error: unknown) => {
      if (!isReimageError(error)) throw error;
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/Passw0rd|a-token/);
      const { name, started, status, reason, code, serviceMessage } = { ...error } as Record<string, unknown>;
      return { end: { name, started, status, reason, code, serviceMessage }, resume: error.resume };
    },
  );
}

function expectEnd(got: Record<string, unknown>, expected: End): void {
  // The 400 of express comes with a message of the server's own making, which only some scenarios are about.
  const { serviceMessage, ...rest } = got;
  const message = "serviceMessage" in expected ? { serviceMessage } : {};
  expect({ ...rest, ...message }).toEqual(
    expected.name === "succeeded" ? expected : { code: undefined, reason: undefined, ...expected },
  );
}

function wordsFor(end: Record<string, unknown>): string {
  return [end.name, end.reason, end.started && `started: ${end.started}`].filter(Boolean).join(", ");
}

test("every long-running POST of its contracts is in the table, and nothing else", () => {
  expect([...new Set(routes.map(({ path }) => path))].sort()).toEqual([...server.longRunningPosts].sort());
});

test("where we differ from the authors, the table says why", () => {
  for (const { path, authors, ours, differs, leftOut } of routes) {
    const kind = { succeeded: "succeeds", OperationFailedError: "fails", OperationCanceledError: "is canceled" };
    const agree = authors === (kind[ours.name as keyof typeof kind] ?? "errors") && leftOut === undefined;
    expect([path, agree || differs !== undefined]).toEqual([path, true]);
  }
});

describe.each(routes.map((route) => ({ name: [route.path, route.because].filter(Boolean).join(", "), route })))(
  "$name",
  ({ name, route }: { name: string; route: Route }) => {
    const { path, cookie, headers = {}, ours, reads, scenarios, leftOut = [] } = route;
    const expected = scenarios.filter((scenario) => !leftOut.includes(scenario));

    test("straight", async () => {
      const visitor = visit(server.url, asked(path), cookie);
      const { end } = await endOf(visitor.client.reimage(vm, parameters, { headers }));
      expectEnd(end, ours);
      expect([visitor.posts, visitor.reads]).toEqual([1, reads]);
      expect(await server.seen()).toEqual(expected);
      rows.push([name, route.authors, wordsFor(end), String(reads), route.differs ?? ""]);
    });

    test.each([0, 1])("resumed after %i reads", async (before) => {
      const first = visit(server.url, asked(path), cookie);
      let saved = "";
      const begun = first.client.beginReimage(vm, parameters, { headers }).then(async (operation) => {
        for (let n = 0; n < before; n += 1) await operation.poll();
        saved = JSON.stringify(operation);
        return { status: "succeeded" } as SucceededState;
      });
      const { end, resume } = await endOf(begun);
      expect(first.posts).toBe(1);
      const second = visit(server.url, asked(path));
      if (saved === "") {
        // It ended with the POST, and left nothing to follow.
        expectEnd(end, ours);
        expect([resume, reads]).toEqual([undefined, 0]);
      } else if (reads === 0 || (before === 1 && reads === 1)) {
        // Done before it was saved. Without a status URL there is nothing to resume; with one the service is asked again.
        if (reads === 0) expect(() => second.client.resume(saved, { headers })).toThrow(InvalidInputError);
        else expectEnd((await endOf(second.client.resume(saved, { headers }).wait())).end, ours);
        expect(second.reads).toBe(reads);
      } else {
        const resumed = await endOf(second.client.resume(saved, { headers }).wait());
        expectEnd(resumed.end, ours);
        // A row of useless answers is counted anew; and some routes count the reads in a cookie, which no state saves.
        expect(ours.name === "OutcomeUnknownError" ? [reads] : [reads - before, reads]).toContain(second.reads);
        // An unknown one can be taken up again, and is no better known for it.
        if (ours.name === "OutcomeUnknownError") {
          const third = visit(server.url, asked(path));
          expectEnd((await endOf(third.client.resume(resumed.resume ?? "", { headers }).wait())).end, ours);
          expect([third.posts, third.reads]).toEqual([0, reads]);
        }
      }
      expect(second.posts).toBe(0);
      expect(await server.seen()).toEqual(expected);
    });
  },
);
