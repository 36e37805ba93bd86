/** Why: requests, answers, states and errors as lines of text. Nothing here writes, or knows what time it is. */
import { STATUS_CODES } from "node:http";
import type { AnyReimageError, OperationState } from "../../src/index.js";
import type { RecordedRequest } from "../../src/simulator/index.js";
import { jsonLines, seconds, shortUrl, WIDTH, wrap } from "./text.js";

/** Gives text a look. */
type Dim = (text: string) => string;

const INDENT = 4;
const TOKEN = "authorization";

/** A request: what is asked of what, then the token and the body, both as the simulator wrote them down: masked. */
export function requestLines({ method, url, headers, body }: RecordedRequest): string[] {
  return [
    `${method} ${shortUrl(url)}`,
    `${TOKEN}: ${headers[TOKEN]}`,
    ...(body === undefined ? ["(no body)"] : jsonLines(body, WIDTH - INDENT)),
  ];
}

/** What came back, as far as it is shown. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
}

/** The first line of an answer. */
export function replyHead({ status }: Reply): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`.trim();
}

/** The headers that matter here, in the order in which they matter. */
const SHOWN = [
  "azure-asyncoperation",
  "retry-after",
  "location",
  "x-ms-request-id",
  "x-ms-correlation-request-id",
  "x-ms-ratelimit-remaining-subscription-writes",
];
const NEEDED = 2;

/** The headers of an answer, in short: URLs without what signs them, and unless `all` only those that are needed. */
export function headerLines(reply: Reply, all: boolean, dim: Dim): string[] {
  const headers = new Map(reply.headers);
  return SHOWN.slice(0, all ? SHOWN.length : NEEDED).flatMap((name) => {
    const value = headers.get(name);
    if (value === undefined) return [];
    return [`${dim(`${name}:`)} ${/^https:/.test(value) ? shortUrl(value) : value}`];
  });
}

/** How long an answer asks to wait; 0 when it does not say. */
export function retryAfterMs({ headers }: Reply): number {
  return Number(new Map(headers).get("retry-after") ?? 0) * 1000;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** The line that is redrawn while an operation runs. */
export function liveLine(elapsedMs: number, state: OperationState | undefined, leftMs: number): string {
  const frame = FRAMES[Math.floor(elapsedMs / 100) % FRAMES.length];
  return `  ${frame} ${running(elapsedMs, state, leftMs)}`;
}

/** The line that stays where nothing can be redrawn. */
export function progressLine(elapsedMs: number, state: OperationState | undefined, leftMs: number): string {
  return `  · ${running(elapsedMs, state, leftMs)}`;
}

/** How long it runs, the service's last word on it, and when it is asked for the next. */
function running(elapsedMs: number, state: OperationState | undefined, leftMs: number): string {
  const word = state?.status === "running" ? (state.serviceStatus ?? "running") : "Accepted";
  return `${seconds(elapsedMs)}  ${word}, asking again in ${seconds(Math.max(leftMs, 0))}`;
}

/** What an error carries, one field after the other. */
export function errorLines(error: AnyReimageError, dim: Dim): string[] {
  const fields = {
    name: error.name,
    code: "code" in error ? error.code : undefined,
    started: `${error.started}: ${STARTED[error.started]}`,
    message: error.message,
    hint: "hint" in error ? error.hint : undefined,
  };
  return Object.entries(fields).flatMap(([name, value]) => {
    const label = name.padEnd(LABEL);
    return wrap(value ?? "", WIDTH - INDENT - LABEL).map((text, i) =>
      i === 0 ? `${dim(label)}${text}` : `${" ".repeat(LABEL)}${text}`,
    );
  });
}
const LABEL = 9;
const STARTED = {
  no: "the disk was not touched",
  maybe: "the disk may have been touched",
  yes: "the disk was touched",
};
