// Reads an HTTP/1.1 request out of the bytes that have arrived so far, however few: a request that breaks off is
// evidence too. By hand, because node:http shows a request only when its headers are whole.

/** How far a request has arrived. */
export type Stage = "line" | "headers" | "body" | "complete";

/** What can be read from the bytes so far; what is still missing is empty. */
export interface ParsedRequest {
  readonly stage: Stage;
  readonly method: string;
  readonly url: string;
  /** Names in lower case; a repeated header is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body, without its transfer coding. */
  readonly body: string;
  /** Everything as it came over the wire, byte for byte. */
  readonly raw: string;
}

/** Parses the start of `bytes`; `used` is the length of the request once it is complete. */
export function parseRequest(bytes: Buffer): ParsedRequest & { used: number } {
  const lineEnd = bytes.indexOf("\r\n");
  if (lineEnd === -1) return partial("line", bytes);
  const [method = "", url = ""] = bytes.toString("latin1", 0, lineEnd).split(" ");
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return { ...partial("headers", bytes), method, url };
  const headers = parseHeaders(bytes.toString("latin1", lineEnd + 2, Math.max(headEnd, lineEnd + 2)));
  const rest = bytes.subarray(headEnd + 4);
  const { body, used } = headers["transfer-encoding"]
    ? readChunks(rest)
    : readLength(rest, Number(headers["content-length"] ?? 0));
  const end = used === undefined ? bytes.length : headEnd + 4 + used;
  return {
    stage: used === undefined ? "body" : "complete",
    method,
    url,
    headers,
    body: body.toString("utf8"),
    raw: bytes.toString("latin1", 0, end),
    used: end,
  };
}

function partial(stage: Stage, bytes: Buffer): ParsedRequest & { used: number } {
  return { stage, method: "", url: "", headers: {}, body: "", raw: bytes.toString("latin1"), used: bytes.length };
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon === -1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

interface Body {
  readonly body: Buffer;
  readonly used?: number;
}

function readLength(rest: Buffer, length: number): Body {
  return rest.length < length ? { body: rest } : { body: rest.subarray(0, length), used: length };
}

function readChunks(rest: Buffer): Body {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd === -1) return { body: Buffer.concat(parts) };
    const size = Number.parseInt(rest.toString("latin1", at, lineEnd), 16);
    const start = lineEnd + 2;
    parts.push(rest.subarray(start, start + size));
    at = start + size + 2;
    if (at > rest.length) return { body: Buffer.concat(parts) };
    if (size === 0) return { body: Buffer.concat(parts), used: at };
  }
}
