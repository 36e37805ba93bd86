// The server's end of one connection, for whoever plays an answer: bytes out, time, and the three ways to end.
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { later } from "./clock.js";

/** What an answer can do with a connection. */
export interface Wire {
  readonly closed: boolean;
  /** Resolves when the connection is closed, by whomever. */
  readonly gone: Promise<void>;
  /** Sends bytes; resolves when they left, or when the peer is gone. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Resolves after so many milliseconds, or when the promise does, or when the peer is gone. */
  wait(time: number | Promise<unknown>): Promise<void>;
  /** Ends the connection in good order (FIN). */
  end(): void;
  /** Tears the connection down with a TCP RST, below TLS. */
  reset(): void;
}

/** Makes the wire for a stream (plain or TLS) that runs over the TCP socket `raw`. */
export function makeWire(raw: Socket, stream: Duplex): Wire {
  let closed = false;
  const gone = new Promise<void>((resolve) => {
    raw.once("close", () => {
      closed = true;
      resolve();
    });
  });
  return {
    get closed() {
      return closed;
    },
    gone,
    write: (bytes) =>
      new Promise((resolve) => {
        if (closed || !stream.writable) resolve();
        else {
          stream.write(bytes, () => resolve());
          gone.then(resolve);
        }
      }),
    wait: (time) =>
      new Promise((resolve) => {
        gone.then(resolve);
        if (typeof time !== "number") {
          time.then(
            () => resolve(),
            () => resolve(),
          );
          return;
        }
        const cancel = later(time, resolve);
        gone.then(cancel);
      }),
    end: () => {
      stream.end();
    },
    reset: () => {
      if (!raw.destroyed) raw.resetAndDestroy();
    },
  };
}
