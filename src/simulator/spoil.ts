import type { Fault } from "./faults.js";
import { empty, type Reply, refusal, text } from "./replies.js";
import { pause } from "./request.js";

/** What a fault needs of the service: its true answer, and its headers on an answer that it did not give. */
export interface Spoilable {
  readonly answer: () => Reply;
  readonly dressed: (reply: Reply) => Reply;
  readonly signal: AbortSignal;
}

/** Lets a fault, if there is one, befall an exchange. Rejects as `fetch` does where no answer arrives. */
export async function spoil(fault: Fault | undefined, { answer, dressed, signal }: Spoilable): Promise<Response> {
  const toResponse = async ({ status, headers, body, never }: Reply): Promise<Response> => {
    if (never) await pause(Number.POSITIVE_INFINITY, signal);
    return new Response(body === "" ? null : body, { status, headers });
  };
  if (fault === undefined) return toResponse(answer());
  if (fault.kind === "unreachable") throw networkError("connect ECONNREFUSED", "ECONNREFUSED");
  // What the service did stays done, whatever becomes of its answer.
  const lost = fault.acted ? answer() : undefined;
  const reply = () => lost ?? answer();
  switch (fault.kind) {
    case "delay": {
      const late = reply();
      await pause(fault.ms, signal);
      return toResponse(late);
    }
    case "truncated":
      return truncated(reply());
    case "wrong-origin":
      return toResponse(elsewhere(reply(), fault.origin ?? ELSEWHERE));
    case "reset":
      throw networkError("read ECONNRESET", "ECONNRESET");
    case "status": {
      const { status, error, headers = {} } = fault;
      return toResponse(
        dressed(error ? refusal(status, error.code, error.message, { headers }) : empty(status, headers)),
      );
    }
    case "html":
      return toResponse(text(fault.status ?? 200, SIGN_IN, { "content-type": "text/html; charset=utf-8" }));
    case "redirect":
      return toResponse(empty(fault.status ?? 307, { location: fault.location ?? `${ELSEWHERE}/` }));
  }
}

/** The error that Node's fetch rejects with when a connection fails. */
export function networkError(message: string, code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

/** A host that cannot exist. */
const ELSEWHERE = "https://elsewhere.invalid";
const SIGN_IN = "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to use this network.</p>\n";
const STATUS_HEADERS = ["azure-asyncoperation", "location"];

function elsewhere(reply: Reply, origin: string): Reply {
  const moved = Object.entries(reply.headers).map(([name, value]) => {
    if (!STATUS_HEADERS.includes(name)) return [name, value] as const;
    const { pathname, search } = new URL(value);
    return [name, new URL(`${pathname}${search}`, origin).href] as const;
  });
  return { ...reply, headers: Object.fromEntries(moved) };
}

/** The first half of the body, then a broken stream; an empty one is announced and never comes. */
function truncated({ status, headers, body }: Reply): Response {
  const bytes = new TextEncoder().encode(body);
  const half = bytes.slice(0, Math.floor(bytes.length / 2));
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (half.length > 0) controller.enqueue(half);
    },
    pull(controller) {
      controller.error(new TypeError("terminated", { cause: new Error("other side closed") }));
    },
  });
  return new Response(stream, { status, headers: { ...headers, "content-length": String(bytes.length || 2) } });
}
