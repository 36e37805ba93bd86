import type { CloudError } from "../../generated/schema.js";

/** An answer as data, before it is a `Response`. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Does it never come? */
  readonly never?: true;
}

/** Header names and values. */
export type HeaderValues = Readonly<Record<string, string>>;

/** An answer without a body. */
export function empty(status: number, headers: HeaderValues = {}): Reply {
  return { status, headers: { "content-length": "0", ...headers }, body: "" };
}

/** An answer in JSON, printed as Compute prints it: two blanks, CRLF. */
export function json(status: number, value: unknown, headers: HeaderValues = {}): Reply {
  const body = JSON.stringify(value, undefined, 2).replaceAll("\n", "\r\n");
  return text(status, body, { "content-type": "application/json; charset=utf-8", ...headers });
}

/** An answer of any other kind. */
export function text(status: number, body: string, headers: HeaderValues = {}): Reply {
  const length = String(new TextEncoder().encode(body).byteLength);
  return { status, headers: { "content-length": length, ...headers }, body };
}

/** A refusal in ARM's envelope. */
export function refusal(
  status: number,
  code: string,
  message: string,
  { target, headers }: { readonly target?: string; readonly headers?: HeaderValues } = {},
): Reply {
  const error: CloudError = { error: { code, message, ...(target === undefined ? {} : { target }) } };
  return json(status, error, headers);
}
