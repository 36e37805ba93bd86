/** What the suite's cases over sockets talk to: services that behave and that do not, under one origin, as browsers want it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator } from "../../src/simulator/index.js";

export interface Host {
  /** Its origin. */
  readonly url: string;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Serves the services on loopback, and files beside them: paths, their types and texts. */
export async function startHost(files: Readonly<Record<string, readonly [string, string]>> = {}): Promise<Host> {
  const witnessed: unknown[] = [];
  const witness = createServer(({ method, headers }, response) => {
    witnessed.push({ method, token: headers.authorization !== undefined });
    response.end();
  });
  const elsewhere = await listen(witness);
  const nobody = createServer();
  const closed = await listen(nobody);
  await new Promise((resolve) => nobody.close(resolve));
  const server = createServer((request, response) => {
    const { url = "" } = request;
    const [type, text] = files[url] ?? [];
    if (type !== undefined) return void response.writeHead(200, { "content-type": type }).end(text);
    const answer = services[url.split("/")[1] ?? ""];
    if (answer === undefined) return void response.writeHead(404).end();
    void answer(request, response);
  });
  const url = await listen(server);
  const services: Readonly<Record<string, Answer>> = {
    succeeds: simulated(`${url}/succeeds`, url, []),
    cuts: simulated(`${url}/cuts`, url, [{ kind: "truncated", on: "status", times: 2 }]),
    redirects: (_, response) => void response.writeHead(307, { location: `${elsewhere}/caught` }).end(),
    floods: (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    },
    hangs: () => {},
    closed: (_, response) => void response.end(closed),
    witnessed: (_, response) => void response.end(JSON.stringify(witnessed)),
  };
  return {
    url,
    async close() {
      for (const one of [server, witness]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Faults = NonNullable<Parameters<typeof createSimulator>[0]>["faults"];

/** A simulator at an endpoint; what it breaks off is broken off on the wire. */
function simulated(endpoint: string, origin: string, faults: Faults & object): Answer {
  const arm = createSimulator({ endpoint, faults, durationMs: 150, retryAfterSeconds: null });
  return async ({ method = "GET", url, headers }, response) => {
    const { authorization = "" } = headers;
    const answered = await arm.fetch(`${origin}${url}`, { method, headers: { authorization } });
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.flushHeaders();
    const body = answered.body?.getReader();
    try {
      for (let part = await body?.read(); part?.value; part = await body?.read()) response.write(part.value);
      response.end();
    } catch {
      response.destroy();
    }
  };
}
