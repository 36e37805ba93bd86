// The truth of the storm: the simulator, which takes each reimage that reaches it, and knows how it ended.
import { createSimulator } from "../../src/simulator/index.js";
import type { Message } from "../harness/message.js";
import type { RecordedRequest } from "../harness/record.js";
import type { Book } from "./books.js";
import { diceOf } from "./dice.js";
import type { Account } from "./judge.js";

/** Before the path of a status URL that has moved. */
export const MOVED = "/moved";

/** A status URL's path where the service says that it has moved to. */
export const movedTo = (path: string): string => (path.startsWith(MOVED) ? path : `${MOVED}${path}`);

/** Where the truth is held. */
export interface TruthHolder {
  /** The VM that a request is about, by its name or by its operation. */
  vmOf(request: RecordedRequest): string | undefined;
  /** Takes a request, and gives its true answer. */
  act(vmName: string, book: Book, request: RecordedRequest): Promise<Message>;
  /** How an operation is held. */
  truthOf(statusUrl: string): Promise<Account["truth"]>;
}

/** Makes the holder of the truth for a service at a URL. */
export function holdTruth(seed: string, url: string, bookOf: (vmName: string) => Book): TruthHolder {
  const operations = new Map<string, string>();
  const operationIn = (path: string) => /\/operations\/([^/?]+)/.exec(path)?.[1] ?? "";
  let durationMs = 0;
  const simulator = createSimulator({
    endpoint: url,
    retryAfterSeconds: null,
    outcome: ({ vmName }) => {
      // Where the POST is to be answered with 200, all is done with it.
      const atOnce = bookOf(vmName).posts.at(-1) === "done at once";
      durationMs = atOnce ? 0 : diceOf(seed, vmName, "duration").int(0, 2_500);
      return atOnce ? "succeeded" : diceOf(seed, vmName, "outcome").weigh({ succeeded: 6, failed: 2, canceled: 2 });
    },
    // It is asked right after the outcome.
    durationMs: () => durationMs,
  });

  return {
    vmOf: ({ url: path }) =>
      /\/virtualMachines\/([^/?]+)\/reimage/.exec(path)?.[1] ?? operations.get(operationIn(path)),
    async act(vmName, book, { method, url: path, headers, body }) {
      const response = await simulator.fetch(`${url}${path.startsWith(MOVED) ? path.slice(MOVED.length) : path}`, {
        method,
        headers,
        redirect: "manual",
        ...(body === "" ? {} : { body }),
      });
      if (method === "POST") {
        const statusUrl = response.headers.get("azure-asyncoperation");
        if (response.status !== 202 || !statusUrl) throw new Error(`the simulator answered ${response.status}`);
        book.password = body && JSON.parse(body).osProfile?.adminPassword;
        book.taken += 1;
        book.statusUrl = statusUrl;
        operations.set(operationIn(statusUrl), vmName);
      }
      return {
        status: response.status,
        // How the body is framed is the wire's affair.
        headers: Object.fromEntries([...response.headers].filter(([name]) => name !== "content-length")),
        body: Buffer.from(await response.arrayBuffer()),
        framing: "length",
      };
    },
    async truthOf(statusUrl) {
      const response = await simulator.fetch(statusUrl, { headers: { authorization: "Bearer the-judge" } });
      const { status, endTime, error } = (await response.json()) as {
        status: string;
        endTime?: string;
        error?: { code: string };
      };
      return { status, ...(error && { code: error.code }), ...(endTime && { endTime: Date.parse(endTime) }) };
    },
  };
}
