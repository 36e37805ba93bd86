// The same message in another dress: compressed, chunked, with a byte order mark, with far too many headers.
import { constants, crc32, deflateRawSync, gzipSync } from "node:zlib";
import { type Answer, answer, withDelivery, withHeaders, withMessage } from "./answer.js";
import { headBytes } from "./message.js";

/** With a chunked body instead of a Content-Length; an empty one is a last chunk alone. */
export function chunked(original: Answer): Answer {
  return withMessage(original, (message) => ({ ...message, framing: "chunked" }));
}

/** With neither length nor chunks: the body ends when the connection does. */
export function untilClose(original: Answer): Answer {
  return withMessage(original, (message) => ({ ...message, framing: "until-close" }));
}

/** With `Connection: close`, so that the next request comes on a new connection. */
export function closing(original: Answer): Answer {
  return withHeaders(original, { connection: "close" });
}

/** With a UTF-8 byte order mark before the body. */
export function withByteOrderMark(original: Answer): Answer {
  return withMessage(original, (message) => ({ ...message, body: Buffer.concat([byteOrderMark, message.body]) }));
}
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** With the body compressed. */
export function gzipped(original: Answer): Answer {
  const compressed = withMessage(original, (message) => ({ ...message, body: gzipSync(message.body) }));
  return withHeaders(compressed, { "content-encoding": "gzip" });
}

/** With a header block of so many bytes more. */
export function withHeaderBlock(original: Answer, bytes: number): Answer {
  const size = 1000;
  const block = Array.from({ length: Math.ceil(bytes / size) }, (_, n) => [`x-padding-${n}`, "x".repeat(size)]);
  return withHeaders(original, Object.fromEntries(block));
}

/** With informational responses (103 unless told otherwise) before the real one. */
export function informed(original: Answer, statuses: readonly number[] = [103]): Answer {
  return withDelivery(original, async (wire, message) => {
    for (const status of statuses) {
      await wire.write(headBytes({ status, headers: { date: null }, body: Buffer.alloc(0), framing: "none" }));
    }
    await original.deliver(wire, message);
  });
}

let bomb: Buffer | undefined;

/** About 200 kB on the wire that grow to 210 MB of JSON: a success behind a desert of blanks. Made once, streamed. */
export function gzipBomb(): Answer {
  const inOnePiece = answer(() => {
    bomb ??= makeBomb();
    const headers = { "content-type": "application/json; charset=utf-8", "content-encoding": "gzip" };
    return { status: 200, headers, body: bomb, framing: "length" };
  });
  return withDelivery(inOnePiece, async (wire, message) => {
    await wire.write(headBytes(message));
    for (let at = 0; at < message.body.length && !wire.closed; at += 8192) {
      await wire.write(message.body.subarray(at, at + 8192));
    }
  });
}

// Compresses one stretch of blanks and repeats it, which deflate allows after a full flush: ten times as fast.
function makeBomb(): Buffer {
  const times = 21;
  const blanks = Buffer.alloc(10_000_000, " ");
  const success = Buffer.from('{"status":"Succeeded"}');
  const stretch = deflateRawSync(blanks, { finishFlush: constants.Z_FULL_FLUSH });
  const parts = Array.from({ length: times }, () => blanks);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(
    crc32(
      success,
      parts.reduce((sum, part) => crc32(part, sum), 0),
    ),
  );
  trailer.writeUInt32LE(times * blanks.length + success.length, 4);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  return Buffer.concat([header, ...parts.map(() => stretch), deflateRawSync(success), trailer]);
}
