// A server on the loopback interface that writes down whatever reaches it and answers by a script.
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { inject } from "vitest";
import type { AnswerScript } from "./answer.js";
import type { CertificateName } from "./certificates.js";
import { type Host, serve } from "./connection.js";
import { register } from "./everywhere.js";
import { makeJournal } from "./journal.js";
import type { ConnectionFault } from "./mishaps.js";
import type { Journal, RecordedRequest, RecordedSocket } from "./record.js";
import { json } from "./replies.js";
import { type Always, makeScript, type Script } from "./script.js";

/** How to start an origin. */
export interface OriginOptions {
  /** False for plain http. @default true */
  tls?: boolean;
  /** @default "trusted" */
  certificate?: CertificateName;
  /** The loopback address to listen on and to name in the URL. @default "127.0.0.1" */
  host?: "127.0.0.1" | "::1" | "localhost";
}

/** Which requests an answer is for; only method and URL are sure to be known. */
export type Route = (request: { readonly method: string; readonly url: string }) => boolean;

/** A running origin. */
export interface Origin extends Pick<Journal, "until"> {
  /** Such as `https://127.0.0.1:1234`, without a slash at the end. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  readonly posts: readonly RecordedRequest[];
  /** Every TCP connection, also those that never sent a byte or failed the handshake. */
  readonly sockets: readonly RecordedSocket[];
  /** Requests that no answer was scripted for, and answers that threw; `closeAll` fails on them. */
  readonly problems: readonly string[];
  /** The bearer tokens that arrived, in order. */
  tokens(): string[];
  /** Adds answers for the requests of a route. Of several routes the first with an answer left is taken. */
  on(route: Route, ...answers: (AnswerScript | Always<AnswerScript>)[]): void;
  /** What happens to the next connections; those after are served. */
  onConnect(...faults: ConnectionFault[]): void;
  /** Closes the server and all its connections at once. */
  close(): Promise<void>;
}

let lastSocket = 0;
const clientHello = 0x16;

/** Starts an origin on an ephemeral port. */
export async function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  const { tls = true, certificate = "trusted", host: name = "127.0.0.1" } = options;
  const routes: { matches: Route; script: Script<AnswerScript> }[] = [];
  const faults = makeScript<ConnectionFault>();
  const open = new Set<Socket>();
  const server = createServer();
  const url = `http${tls ? "s" : ""}://${name === "::1" ? "[::1]" : name}:${await listen(server, name)}`;
  const journal = makeJournal(url);
  const host: Host = {
    url,
    journal,
    answerTo: (request) => {
      for (const { matches, script } of routes) {
        const next = matches(request) ? script.next() : undefined;
        if (next) return next.item;
      }
      const message = `no answer is scripted for ${request.method} ${request.url} at ${url}`;
      journal.problems.push(message);
      return json(410, { error: { code: "HarnessScriptExhausted", message } });
    },
  };

  server.on("connection", (raw) => {
    const record = { id: ++lastSocket, origin: url, at: performance.now(), secure: false, closed: false };
    const socket: RecordedSocket = { ...record, error: undefined };
    journal.sockets.push(socket);
    open.add(raw);
    raw.unref();
    raw.on("error", (error: NodeJS.ErrnoException) => {
      socket.error ??= error.code ?? error.message;
    });
    raw.on("close", () => {
      open.delete(raw);
      socket.closed = true;
      journal.changed();
    });
    journal.changed();
    const fault = faults.next()?.item ?? "none";
    if (fault === "reset") raw.resetAndDestroy();
    else if (fault === "end") raw.end();
    else if (fault === "none" && tls) secure(raw, socket, host, certificate);
    else if (fault === "none") plain(raw, socket, host);
  });

  const origin: Origin = {
    url,
    requests: journal.requests,
    get posts() {
      return journal.requests.filter((request) => request.method === "POST");
    },
    sockets: journal.sockets,
    problems: journal.problems,
    tokens: () => journal.requests.flatMap(({ token }) => token ?? []),
    on: (matches, ...answers) => {
      const script = makeScript<AnswerScript>();
      script.add(answers);
      routes.push({ matches, script });
    },
    onConnect: (...more) => faults.add(more),
    until: journal.until,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const raw of open) raw.destroy();
      }),
  };
  register(origin);
  return origin;
}

function listen(server: Server, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, name, () => {
      const address = server.address();
      server.unref();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

function plain(raw: Socket, socket: RecordedSocket, host: Host): void {
  raw.once("data", (first: Buffer) => {
    // Its random bytes may look like anything, also like a request.
    if (first[0] === clientHello) return raw.destroy();
    raw.unshift(first);
    return void serve(raw, raw, socket, host);
  });
}

// A TLS server for each connection: the way to know which TCP socket is below which TLS socket.
function secure(raw: Socket, socket: RecordedSocket, host: Host, certificate: CertificateName): void {
  const { key, cert } = inject("certificates").origins[certificate];
  createTlsServer({ key, cert, ALPNProtocols: ["http/1.1"] })
    .on("secureConnection", (stream) => {
      socket.secure = true;
      host.journal.changed();
      void serve(raw, stream, socket, host);
    })
    .on("tlsClientError", (error: NodeJS.ErrnoException) => {
      socket.error ??= error.code ?? error.message;
      raw.destroy();
    })
    .emit("connection", raw);
}
