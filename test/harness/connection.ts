// One connection of a client: reads its requests one after the other and plays the answer to each.
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AnswerScript } from "./answer.js";
import { isLast } from "./message.js";
import { beginRequest, type Journal, type RecordedRequest, type RecordedSocket, readInto } from "./record.js";
import { makeWire } from "./wire.js";

/** Where a connection belongs to. */
export interface Host {
  readonly url: string;
  readonly journal: Journal;
  answerTo(request: RecordedRequest): AnswerScript;
}

const order = ["line", "headers", "body", "complete"] as const;

/** Serves the requests on `stream`, which is `raw` itself or TLS upon it, until it closes. */
export async function serve(raw: Socket, stream: Duplex, socket: RecordedSocket, host: Host): Promise<void> {
  const wire = makeWire(raw, stream);
  let bytes: Buffer = Buffer.alloc(0);
  let current: RecordedRequest | undefined;
  let wake = (): void => {};

  const read = (): void => {
    if (!current) {
      if (bytes.length === 0) return;
      current = beginRequest(socket);
      host.journal.requests.push(current);
    }
    if (current.complete) return;
    const used = readInto(current, bytes);
    if (current.complete) bytes = bytes.subarray(used);
    host.journal.changed();
    wake();
  };
  stream.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    read();
  });
  stream.on("error", () => {});
  wire.gone.then(() => wake());

  const reached = async (stage: (typeof order)[number]): Promise<boolean> => {
    while (!wire.closed && order.indexOf(current?.stage ?? "line") < order.indexOf(stage)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return !wire.closed;
  };

  while (await reached("headers")) {
    const request = current as RecordedRequest | undefined;
    if (!request) return;
    const script = host.answerTo(request);
    if (!(await reached(typeof script === "function" ? "complete" : script.at))) return;
    try {
      const context = { origin: host.url, request };
      const answer = typeof script === "function" ? script(context) : script;
      const message = answer.build(context);
      await answer.deliver(wire, message);
      if (isLast(message)) wire.end();
    } catch (error) {
      host.journal.problems.push(`the answer to ${request.method} ${request.url} threw ${error}`);
      wire.reset();
    }
    request.answered = true;
    host.journal.changed();
    if (!request.complete) return;
    current = undefined;
    read();
  }
}
