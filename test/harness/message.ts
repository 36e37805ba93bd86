// A response as data, and the bytes that it makes.
import { STATUS_CODES } from "node:http";

/** How the end of a body is shown to the client. */
export type Framing = "length" | "chunked" | "until-close" | "none";

/** Headers as a test writes them; `null` takes one away that would be sent by itself. */
export type HeaderInput = Readonly<Record<string, string | readonly string[] | null>>;

/** A whole response, before anything goes wrong with it. */
export interface Message {
  readonly status: number;
  readonly headers: HeaderInput;
  readonly body: Buffer;
  readonly framing: Framing;
}

/** The bytes of status line and headers. Date, Content-Length and the like come by themselves unless given. */
export function headBytes(message: Message): Buffer {
  const headers: HeaderInput = { date: new Date().toUTCString(), ...framingHeaders(message), ...message.headers };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
  );
  const reason = STATUS_CODES[message.status] ?? "";
  return Buffer.from(`HTTP/1.1 ${message.status} ${reason}\r\n${lines.join("")}\r\n`, "latin1");
}

function framingHeaders({ framing, body }: Message): HeaderInput {
  switch (framing) {
    case "length":
      return { "content-length": String(body.length) };
    case "chunked":
      return { "transfer-encoding": "chunked" };
    case "until-close":
      return { connection: "close" };
    case "none":
      return {};
  }
}

const lastChunk = Buffer.from("0\r\n\r\n");

/** The bytes of the body as they travel; `unfinished` leaves the last chunk out. */
export function bodyBytes({ framing, body }: Message, unfinished = false): Buffer {
  if (framing === "none") return Buffer.alloc(0);
  if (framing !== "chunked") return body;
  const chunk = body.length > 0 ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")] : [];
  return Buffer.concat(unfinished ? chunk : [...chunk, lastChunk]);
}

/** Whether the connection ends with this message. */
export function isLast({ framing, headers }: Message): boolean {
  return framing === "until-close" || headers.connection === "close";
}
