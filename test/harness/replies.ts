// Answers that are plain HTTP, good or bad.
import { type Answer, answer } from "./answer.js";
import type { HeaderInput } from "./message.js";

const nothing = Buffer.alloc(0);

/** A body of JSON (the value is serialised), or of any text that claims to be JSON (a string is sent as it is). */
export function json(status: number, body: unknown, headers: HeaderInput = {}): Answer {
  const content = typeof body === "string" ? body : JSON.stringify(body);
  return text(status, content, { "content-type": "application/json; charset=utf-8", ...headers });
}

/** A body of text. */
export function text(status: number, body: string | Buffer, headers: HeaderInput = {}): Answer {
  const content = Buffer.from(body);
  return answer(() => ({
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
    body: content,
    framing: "length",
  }));
}

/** A login page, as a captive portal or a proxy sends it. */
export function html(status = 200, headers: HeaderInput = {}): Answer {
  const page = "<!DOCTYPE html>\r\n<html><body><form action=/login>Sign in to continue</form></body></html>";
  return text(status, page, { "content-type": "text/html; charset=utf-8", ...headers });
}

/** Only a status: with Content-Length 0, and not even that for 204 and 304. */
export function status(code: number, headers: HeaderInput = {}): Answer {
  const framing = code === 204 || code === 304 ? "none" : "length";
  return answer(() => ({ status: code, headers, body: nothing, framing }));
}

/** A redirect (301, 302, 303, 307 or 308) to another address. */
export function redirect(code: 301 | 302 | 303 | 307 | 308, location: string, headers: HeaderInput = {}): Answer {
  return status(code, { location, ...headers });
}

/** These bytes and nothing else, then the end of the connection: for status lines that are none. */
export function raw(bytes: string | Uint8Array): Answer {
  return {
    ...status(200),
    deliver: async (wire) => {
      await wire.write(bytes);
      wire.end();
    },
  };
}

/** No answer, ever. */
export function hang(): Answer {
  return { ...status(200), deliver: (wire) => wire.gone };
}
