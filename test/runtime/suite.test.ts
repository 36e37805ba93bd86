/** The suite on the Node that runs the tests, over what was built; `npm run test:runtimes` runs it on all the others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Host, startHost } from "./host.js";
import { cases, runSuite, type Surroundings } from "./suite.js";

const built = async (entry: string) => import(new URL(`../../dist/src/${entry}.js`, import.meta.url).href);
let host: Host;
let at: Surroundings;
beforeAll(async () => {
  host = await startHost();
  const entries = await Promise.all(["index", "preflight/index", "fleet/index", "simulator/index"].map(built));
  at = { api: Object.assign({}, ...entries), host: host.url };
});
afterAll(() => host.close());

test.each(cases)("$name", async ({ run }) => {
  await run(at);
});

test("Node tells when a connection never stood", async () => {
  const results = await runSuite(at);
  expect(results.flatMap(({ told }) => told ?? [])).toEqual(["a refused connection is NotSentError, no"]);
  expect(results.filter(({ failed }) => failed)).toEqual([]);
});

test("every case fails where the package does nothing right, so that none can pass for nothing", async () => {
  const api = new Proxy({}, { get: () => async () => ({}) }) as Surroundings["api"];
  const results = await runSuite({ api, host: host.url });
  expect(results.filter(({ failed }) => failed === undefined)).toEqual([]);
  expect(results).toHaveLength(cases.length);
});
