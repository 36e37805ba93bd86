// What ARM says to the POST, to a status request on either kind of URL, and when it refuses.
import { type Answer, answer, type Context } from "./answer.js";
import { armHeaders, operationUrls } from "./arm-headers.js";
import type { HeaderInput } from "./message.js";

const isJson = { "content-type": "application/json; charset=utf-8" };

function say(status: number, body: (context: Context) => string, headers: (context: Context) => HeaderInput): Answer {
  return answer((context) => {
    const content = Buffer.from(body(context));
    return {
      status,
      headers: { ...(content.length > 0 ? isJson : {}), ...armHeaders(context), ...headers(context) },
      body: content,
      framing: status === 204 ? "none" : "length",
    };
  });
}

const silence = (): string => "";

/** What a 202 may differ in. */
export interface AcceptedOptions {
  /** Which status headers it has. @default "both", Azure-AsyncOperation and Location, as recorded */
  headers?: "both" | "azure" | "operation-location" | "location" | "none";
  /** Addresses to send instead of the true ones; a relative one is sent as it is. */
  url?: string;
  /** In seconds, or any text; recordings of 2025 have 10. @default absent */
  retryAfter?: number | string;
  /** With the signature that makes it 3.2 kB. @default true */
  signed?: boolean;
  /** @default 202 */
  status?: number;
  more?: HeaderInput;
}

/** The operation is accepted: an empty body, Content-Length 0, and the addresses of its status. */
export function accepted(options: AcceptedOptions = {}): Answer {
  const { headers = "both", signed = true, status = 202 } = options;
  return say(status, silence, (context) => {
    const made = operationUrls(context, signed);
    const statusUrl = options.url ?? made.status;
    const location = options.url ?? made.monitor;
    return {
      ...(headers === "both" || headers === "azure" ? { "azure-asyncoperation": statusUrl } : {}),
      ...(headers === "operation-location" ? { "operation-location": statusUrl } : {}),
      ...(headers === "both" || headers === "location" ? { location } : {}),
      ...retryAfter(options),
      ...options.more,
    };
  });
}

/** What a status document may differ in. */
export interface StatusOptions {
  /** In seconds, or any text. @default absent */
  retryAfter?: number | string;
  more?: HeaderInput;
}

function retryAfter(options: { retryAfter?: number | string }): HeaderInput {
  return options.retryAfter === undefined ? {} : { "retry-after": String(options.retryAfter) };
}

/** A status document as ARM prints it: exactly these members, CRLF, two blanks. */
export function statusDocument(status: string, members: object = {}, options: StatusOptions = {}): Answer {
  return say(
    200,
    ({ request }) => {
      const name = /\/operations\/([^/?&]+)/i.exec(request.url)?.[1] ?? "00000000-0000-0000-0000-000000000000";
      const startTime = "2025-03-19T00:32:02.1465318+00:00";
      return JSON.stringify({ startTime, ...members, status, name }, undefined, 2).replaceAll("\n", "\r\n");
    },
    () => ({ ...retryAfter(options), ...options.more }),
  );
}

const ended = { endTime: "2025-03-19T00:33:18.0528023+00:00" };

/** Azure-AsyncOperation: in progress. */
export function running(options: StatusOptions & { status?: string } = {}): Answer {
  return statusDocument(options.status ?? "InProgress", {}, options);
}

/** Azure-AsyncOperation: succeeded. */
export function succeeded(options: StatusOptions = {}): Answer {
  return statusDocument("Succeeded", ended, options);
}

/** Azure-AsyncOperation: failed, by default because the operating system did not come up. */
export function failed(error: object = provisioningTimedOut, options: StatusOptions = {}): Answer {
  return statusDocument("Failed", { ...ended, error }, options);
}
const provisioningTimedOut = {
  code: "OSProvisioningTimedOut",
  message: "OS Provisioning for VM 'vm-1' did not finish in the allotted time.",
};

/** Azure-AsyncOperation: canceled, by default by a later operation. */
export function canceled(error: object = preempted, options: StatusOptions = {}): Answer {
  return statusDocument("Canceled", { ...ended, error }, options);
}
const preempted = {
  code: "OperationPreempted",
  message: "Operation execution has been preempted by a more recent operation.",
};

/** Location: in progress, 202 with an empty body. */
export function locationRunning(options: StatusOptions = {}): Answer {
  return say(202, silence, ({ origin, request }) => ({
    location: `${origin}${request.url}`,
    ...retryAfter(options),
    ...options.more,
  }));
}

/** Location: done, with an empty body. */
export function locationDone(status: 200 | 201 | 204 = 200, options: StatusOptions = {}): Answer {
  return say(status, silence, () => ({ ...retryAfter(options), ...options.more }));
}

/** What a refusal may differ in. */
export interface RefusalOptions extends StatusOptions {
  /** False for the bare object that Compute sometimes sends. @default true */
  envelope?: boolean;
}

/** The service refuses, and says why. */
export function refused(status: number, error: object, options: RefusalOptions = {}): Answer {
  const { envelope = true } = options;
  const body = JSON.stringify(envelope ? { error } : error, undefined, 2).replaceAll("\n", "\r\n");
  return say(
    status,
    () => body,
    () => ({ ...retryAfter(options), ...options.more }),
  );
}

/** 429 as Compute sends it: without the envelope, with details that hold JSON as text. */
export function throttled(options: RefusalOptions = {}): Answer {
  const reason = { operationGroup: "HighCostGet", startTime: "2025-03-19T00:32:02Z", allowedRequestCount: 200 };
  const error = {
    code: "OperationNotAllowed",
    message: "The server rejected the request because too many requests have been received for this subscription.",
    details: [{ code: "TooManyRequests", target: "HighCostGet", message: JSON.stringify(reason) }],
  };
  return refused(429, error, { envelope: false, ...options });
}

/** 401; with `claims` it is the challenge of continuous access evaluation. */
export function unauthorized(options: { claims?: string; more?: HeaderInput } = {}): Answer {
  const encoded = options.claims && Buffer.from(options.claims).toString("base64");
  const challenge = [
    'Bearer authorization_uri="https://login.windows.net/common/oauth2/authorize"',
    `error="${encoded ? "insufficient_claims" : "invalid_token"}"`,
    ...(encoded ? [`claims="${encoded}"`] : []),
  ].join(", ");
  const error = { code: "InvalidAuthenticationToken", message: "The access token is invalid." };
  return refused(401, error, { more: { "www-authenticate": challenge, ...options.more } });
}
