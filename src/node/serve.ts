/// <reference types="node" />
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Simulator } from "../simulator/index.js";
import { exchange } from "./exchange.js";

/** Where and how a simulator is served. */
export interface ServeOptions {
  /**
   * The port; 0 for any that is free.
   *
   * @default 0
   */
  readonly port?: number | undefined;
  /**
   * The address to listen on. Anybody who reaches it can use the simulator.
   *
   * @default "127.0.0.1"
   */
  readonly host?: string | undefined;
  /**
   * The private key and its certificate, as PEM, for https; http without them. The certificate has to name the host.
   *
   * @default none
   */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/** A simulator that is being served. */
export interface ServedSimulator {
  /** What a client takes as its endpoint, such as `https://127.0.0.1:8443`. Status URLs begin with it. */
  readonly url: string;
  /** A file with the certificate that a client has to trust; absent with http. It is gone after `close`. */
  readonly caFile?: string;
  /** What a client needs: a line with the endpoint and, with https, one with the variable by which Node trusts the certificate. */
  readonly instructions: readonly string[];
  /** Ends it: no socket, no file and no pending answer is left behind. */
  close(): Promise<void>;
}

/**
 * Serves a simulator over http or https, for clients in other processes and other languages. A reset of the simulator is a
 * reset of the socket, and an answer that breaks off is cut on the wire.
 *
 * @throws {TypeError} when the simulator, the port or the host is none
 * @throws {Error} when the port cannot be had, the key and certificate are none, or the certificate's file cannot be written
 * @example
 * ```ts
 * const served = await serveSimulator(createSimulator(), { port: 8080 });
 * console.log(served.instructions.join("\n"));
 * await served.close();
 * ```
 */
export async function serveSimulator(simulator: Simulator, options: ServeOptions = {}): Promise<ServedSimulator> {
  const { port = 0, host = "127.0.0.1", tls } = options;
  if (typeof simulator?.fetch !== "function")
    throw new TypeError("simulator must be one, of createSimulator(options).");
  // An empty host would be every address, a port that is no number a file.
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) throw new TypeError("port must be from 0 to 65535.");
  if (typeof host !== "string" || host === "") throw new TypeError("host must be an address or a name.");
  const sockets = new Map<string, Socket>();
  const listener: RequestListener = (incoming, outgoing) => {
    const raw = sockets.get(peerOf(incoming.socket)) ?? incoming.socket;
    void exchange({ simulator, url, incoming, outgoing, reset: () => void raw.resetAndDestroy() });
  };
  const server: Server = tls ? createHttpsServer({ ...tls }, listener) : createHttpServer(listener);
  // With TLS a request knows only the socket within; the one below is found by its peer.
  server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    sockets.set(peer, socket);
    socket.once("close", () => sockets.delete(peer));
  });
  const caFile = tls && (await writeCertificate(tls.cert));
  const url = await listen(server, { port, host, scheme: tls ? "https" : "http" }).catch(async (error: unknown) => {
    await removeCertificate(caFile);
    throw error;
  });
  let closing: Promise<void> | undefined;
  return {
    url: url + pathOf(simulator.endpoint),
    ...(caFile && { caFile }),
    instructions: [
      `endpoint: ${url}${pathOf(simulator.endpoint)}`,
      ...(caFile ? [`NODE_EXTRA_CA_CERTS=${caFile}`] : []),
    ],
    close: () => {
      closing ??= close(server, sockets, caFile);
      return closing;
    },
  };
}

async function listen(
  server: Server,
  { port, host, scheme }: { readonly port: number; readonly host: string; readonly scheme: string },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${taken}`;
}

async function close(server: Server, sockets: ReadonlyMap<string, Socket>, caFile: string | undefined): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets.values()) socket.destroy();
  await closed;
  await removeCertificate(caFile);
}

/** A folder of its own: what lies in it is gone when the folder is. */
async function writeCertificate(cert: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "azure-vm-reimage-")), "certificate.pem");
  await writeFile(file, cert);
  return file;
}

async function removeCertificate(file: string | undefined): Promise<void> {
  if (file) await rm(dirname(file), { recursive: true, force: true });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function pathOf(endpoint: string): string {
  return new URL(endpoint).pathname.replace(/\/$/, "");
}
