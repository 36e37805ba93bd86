// What an origin writes down about everything that reaches it.
import { type ParsedRequest, parseRequest } from "./request.js";

/** A request as it arrived, whole or broken off. It grows while bytes come in. */
export interface RecordedRequest extends ParsedRequest {
  readonly origin: string;
  /** The connection that it came on; `socket.closed` tells whether it still stands. */
  readonly socket: RecordedSocket;
  /** When its first byte came, by `performance.now()`. */
  readonly at: number;
  readonly complete: boolean;
  /** Whether the answer was delivered to its end; what hangs never is. */
  answered: boolean;
  /** The bearer token in it, if any. */
  readonly token: string | undefined;
}

/** A TCP connection, also one that never said a word. */
export interface RecordedSocket {
  /** Unique within a test file. */
  readonly id: number;
  readonly origin: string;
  readonly at: number;
  /** Whether a TLS handshake was completed on it. */
  secure: boolean;
  closed: boolean;
  /** The code of the error that ended it, if any. */
  error: string | undefined;
}

/** What one origin saw, in order. */
export interface Journal {
  readonly requests: RecordedRequest[];
  readonly sockets: RecordedSocket[];
  /** Requests that no answer was scripted for, and answers that threw. */
  readonly problems: string[];
  /** To be called after every change. */
  changed(): void;
  /** Resolves once `condition` holds; rejects when it does not within the time. */
  until(condition: () => boolean, withinMs?: number): Promise<void>;
}

/** Reads what has arrived on a connection into the request that is being recorded. */
export function readInto(request: RecordedRequest, bytes: Buffer): number {
  const { used, ...parsed } = parseRequest(bytes);
  const token = /^Bearer (.*)$/i.exec(parsed.headers.authorization ?? "")?.[1];
  Object.assign(request, parsed, { complete: parsed.stage === "complete", token });
  return used;
}

/** Begins the record of a request. */
export function beginRequest(socket: RecordedSocket): RecordedRequest {
  const { used: _, ...parsed } = parseRequest(Buffer.alloc(0));
  return {
    ...parsed,
    origin: socket.origin,
    socket,
    at: performance.now(),
    complete: false,
    answered: false,
    token: undefined,
  };
}
