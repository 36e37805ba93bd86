// What goes wrong on the way: resets, cuts, drips. Each wraps an answer that would have been fine; unless told
// otherwise that is a success, so that whoever believes half an answer is found out.
import { type Answer, withDelivery, withMessage } from "./answer.js";
import { bodyBytes, headBytes } from "./message.js";
import { json, status } from "./replies.js";

/** Where a connection is torn down; "connect" is for `onConnect`, before TLS and before a byte was read. */
export type ResetStage = "request-headers" | "request-body" | "before-headers" | "in-headers" | "in-body";

/** What happens to a connection before any request. */
export type ConnectionFault = "reset" | "end" | "hang" | "none";

// A reset throws away what the peer has not read yet, so it waits until what was sent has surely been read.
const untilRead = 20;

/** A TCP RST at a stage of the exchange. */
export function reset(options: { at: "connect" }): ConnectionFault;
export function reset(options?: { at?: ResetStage; of?: Answer }): Answer;
export function reset(options: { at?: ResetStage | "connect"; of?: Answer } = {}): Answer | ConnectionFault {
  const { at = "before-headers", of = json(200, { status: "Succeeded" }) } = options;
  if (at === "connect") return "reset";
  const when = { "request-headers": "headers", "request-body": "body" } as const;
  return {
    at: at === "request-headers" || at === "request-body" ? when[at] : "complete",
    build: of.build,
    deliver: async (wire, message) => {
      const head = headBytes(message);
      const body = bodyBytes(message);
      if (at === "in-headers") await wire.write(head.subarray(0, head.length >> 1));
      if (at === "in-body") await wire.write(Buffer.concat([head, body.subarray(0, body.length >> 1)]));
      if (at.startsWith("in-")) await wire.wait(untilRead);
      wire.reset();
    },
  };
}

/**
 * An answer that ends (FIN) too early. With a Content-Length: half of the body, or `keep` bytes of it; with `missing`
 * the whole body, having announced so many bytes more. Chunked: the whole body without the last chunk.
 */
export function cut(original: Answer, options: { keep?: number; missing?: number } = {}): Answer {
  return withDelivery(original, async (wire, message) => {
    const isChunked = message.framing === "chunked";
    const announced = { "content-length": String(message.body.length + (options.missing ?? 0)) };
    const head = isChunked ? message : { ...message, headers: { ...message.headers, ...announced } };
    const body = bodyBytes(message, true);
    const keep = options.keep ?? (isChunked || options.missing ? body.length : body.length >> 1);
    await wire.write(Buffer.concat([headBytes(head), body.subarray(0, keep)]));
    wire.end();
  });
}

/** How fast a drip is. */
export interface Pace {
  readonly everyMs: number;
  readonly bytes: number;
}

/** The headers at once, the body a few bytes at a time. */
export function drip(original: Answer, pace: Pace): Answer {
  return inDrops(original, pace, false);
}

/** Headers and body a few bytes at a time. */
export function slowHeaders(original: Answer, pace: Pace): Answer {
  return inDrops(original, pace, true);
}

function inDrops(original: Answer, { everyMs, bytes }: Pace, headToo: boolean): Answer {
  return withDelivery(original, async (wire, message) => {
    const head = headBytes(message);
    if (!headToo) await wire.write(head);
    const drops = headToo ? Buffer.concat([head, bodyBytes(message)]) : bodyBytes(message);
    for (let at = 0; at < drops.length && !wire.closed; at += bytes) {
      await wire.write(drops.subarray(at, at + bytes));
      await wire.wait(everyMs);
    }
  });
}

/** A success whose body never comes to its end: blanks, a few at a time, until the client goes away. */
export function endlessDrip(pace: Pace): Answer {
  const endless = withMessage(status(200, { "content-type": "application/json" }), (message) => ({
    ...message,
    framing: "chunked",
  }));
  return withDelivery(endless, async (wire, message) => {
    await wire.write(headBytes(message));
    while (!wire.closed) {
      await wire.write(bodyBytes({ ...message, body: Buffer.alloc(pace.bytes, " ") }, true));
      await wire.wait(pace.everyMs);
    }
  });
}
