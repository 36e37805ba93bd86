/** Why: loopback TLS is what a real call goes through. The server counts what it is asked, and is told what to answer. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../harness/certificates.js";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TlsServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface Tls {
  /** What a child process needs to trust the servers. */
  readonly env: Readonly<Record<string, string>>;
  /** Serves answers; the body of the request was read. */
  serve(answer: (request: IncomingMessage, url: string) => Answer): Promise<TlsServer>;
  remove(): Promise<void>;
}

/** Makes certificates for this run. */
export async function createTls(): Promise<Tls> {
  const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-bench-"));
  const { authority, origins } = await makeCertificates();
  await writeFile(join(folder, "authority.pem"), authority);
  return {
    env: { NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") },
    async serve(answer) {
      const server = createServer(origins.trusted, (request, response) => {
        request.resume().on("end", () => {
          const { status, headers, body = "" } = answer(request, url);
          response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return {
        url,
        async close() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The path of an operation's status. */
const OPERATIONS =
  "/subscriptions/00000000-0000-4000-8000-000000000000/providers/Microsoft.Compute/locations/westeurope/operations";

/** A reimage that is polled as often as the VM's name says: `vm-2-…` runs for two polls. */
export function reimages(): (request: IncomingMessage, url: string) => Answer {
  const polls = new Map<string, number>();
  let posts = 0;
  return ({ method, url: target = "" }, origin) => {
    if (method === "POST") {
      const running = /\/vm-(\d+)-/.exec(target)?.[1] ?? "0";
      const statusUrl = `${origin}${OPERATIONS}/${running}-${posts++}?api-version=2024-07-01`;
      return { status: 202, headers: { "azure-asyncoperation": statusUrl } };
    }
    const [, id = "", running] = /operations\/((\d+)-\d+)/.exec(target) ?? [];
    const count = polls.get(id) ?? 0;
    polls.set(id, count + 1);
    const status = count < Number(running) ? "InProgress" : "Succeeded";
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ status }) };
  };
}
