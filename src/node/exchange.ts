/// <reference types="node" />
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Simulator } from "../simulator/index.js";

/** A request at a socket, and what answering it takes. */
export interface Exchange {
  readonly simulator: Simulator;
  /** The origin that is served. */
  readonly url: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Resets the connection. */
  readonly reset: () => void;
}

/** A reimage's parameters have 100 kB at most. */
const MOST_BYTES = 1024 * 1024;
/** What belongs to the connection, not to the request. */
const HOP_BY_HOP = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/;

/** Answers a request as the simulator does. Never rejects: what goes wrong on the way goes wrong on the socket too. */
export async function exchange({ simulator, url, incoming, outgoing, reset }: Exchange): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  // The simulator's clock tells the date.
  outgoing.sendDate = false;
  try {
    const request = await readRequest(incoming, new URL(simulator.endpoint).origin, gone.signal);
    if (typeof request === "number") return refuse(outgoing, request);
    const response = await simulator.fetch(request, { redirect: "manual" });
    outgoing.writeHead(response.status, headersOf(response, new URL(simulator.endpoint).origin, url));
    await pass(response, outgoing);
  } catch {
    reset();
  }
}

/** The request as `fetch` knows it, at the simulator's own origin; a status when it cannot be one. */
async function readRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal): Promise<Request | number> {
  const { method = "GET", url: target = "" } = incoming;
  if (!target.startsWith("/")) return 400;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BYTES) return 413;
  const hasBody = size > 0 && method !== "GET" && method !== "HEAD";
  try {
    return new Request(`${origin}${target}`, {
      method,
      signal,
      headers: Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
        HOP_BY_HOP.test(name) ? [] : values.map((value): [string, string] => [name, value]),
      ),
      ...(hasBody && { body: Buffer.concat(chunks) }),
    });
  } catch {
    // TRACE, CONNECT and headers beyond Latin-1 are no requests to `fetch`.
    return 400;
  }
}

function refuse(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { connection: "close", "content-length": "0" }).end();
}

/** The headers, in which URLs at the simulator's origin are URLs at the served one. */
function headersOf({ headers }: Response, from: string, to: string): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [
      name,
      value.startsWith(`${from}/`) ? `${to}${value.slice(from.length)}` : value,
    ]),
  );
}

/** Passes the body on. Where it breaks off, the connection ends as soon as what came before is on its way. */
async function pass({ body }: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders();
  const reader = body?.getReader();
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) outgoing.write(part.value);
    outgoing.end();
  } catch {
    outgoing.socket?.destroySoon();
  }
}
