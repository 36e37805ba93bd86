/** The cases over sockets: the runtime's own `fetch`, against test/runtime/host.ts. */
import type { Case, Surroundings } from "./suite.js";
import { equal, rejection } from "./suite-assert.js";

const vm = { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName: "vm" };

/** A client for one of the host's services, which has no `fetch` of its own. */
function clientOf({ api, host }: Surroundings, service: string) {
  const endpoint = `${host}/${service}`;
  return api.createReimageClient({
    ...{ credential: () => "the-token", endpoint, allowInsecureLoopback: true, pollIntervalMs: 20 },
  });
}

export const servedCases: readonly Case[] = [
  {
    name: "over sockets, a VM is reimaged",
    async run(at) {
      equal((await clientOf(at, "succeeds").reimage(vm, { tempDisk: false })).status, "succeeded");
    },
  },
  {
    name: "over sockets, a redirect to another origin is not followed: neither the POST nor the token get there",
    async run(at) {
      const { name, started } = await rejection(clientOf(at, "redirects").reimage(vm));
      equal([name, started], ["OutcomeUnknownError", "maybe"]);
      equal(await (await fetch(`${at.host}/witnessed`)).json(), []);
    },
  },
  {
    name: "over sockets, an answer that is cut off is not taken for one",
    async run(at) {
      equal((await clientOf(at, "cuts").reimage(vm)).status, "succeeded");
    },
  },
  {
    name: "over sockets, an endless answer is read to its limit only",
    async run(at) {
      const { name, started } = await rejection(clientOf(at, "floods").reimage(vm));
      equal([name, started], ["OutcomeUnknownError", "maybe"]);
    },
  },
  {
    name: "over sockets, an abort ends a POST that is never answered",
    async run(at) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 200);
      const { name, started } = await rejection(clientOf(at, "hangs").reimage(vm, {}, { signal: stop.signal }));
      equal([name, started], ["AbortError", "maybe"]);
    },
  },
  {
    name: "a connection that is refused is never taken for more than it is",
    async run({ api, host }) {
      const endpoint = await (await fetch(`${host}/closed`)).text();
      const client = api.createReimageClient({ credential: () => "the-token", endpoint, allowInsecureLoopback: true });
      const { name, started } = await rejection(client.reimage(vm));
      const told = `${name}, ${started}`;
      if (told !== "NotSentError, no") equal(told, "OutcomeUnknownError, maybe");
      return `a refused connection is ${told}`;
    },
  },
];
