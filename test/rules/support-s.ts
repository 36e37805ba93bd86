/** What the tests of the S rules share: one VM, a client for an origin, the failure of a call, a service without sockets. */
import { expect } from "vitest";
import {
  type AnyReimageError,
  createReimageClient,
  isReimageError,
  type ReimageClient,
  type ReimageClientOptions,
  type ReimageParameters,
} from "../../src/index.js";
import { fakeCredential } from "../harness/index.js";
import { type Always, makeScript } from "../harness/script.js";

export const vm = {
  subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001",
  resourceGroupName: "rg-one",
  vmName: "vm-one",
} as const;

/** The path of the POST for this VM, written out. */
export const vmPath =
  "/subscriptions/6c8e9a1e-0000-4000-8000-000000000001/resourceGroups/rg-one/providers/Microsoft.Compute/virtualMachines/vm-one/reimage";

/** A client that is quick to poll and quick to give up. */
export function clientFor(
  origin: { readonly url: string },
  options: Partial<ReimageClientOptions> = {},
): ReimageClient {
  return createReimageClient({
    credential: fakeCredential(),
    endpoint: origin.url,
    pollIntervalMs: 1,
    requestTimeoutMs: 3_000,
    ...options,
  });
}

/** What a call rejects or throws with, whatever it is. */
export async function reasonOf(run: Promise<unknown> | (() => unknown)): Promise<unknown> {
  const nothing = Symbol("it did not fail");
  let reason: unknown = nothing;
  try {
    await (typeof run === "function" ? run() : run);
  } catch (thrown) {
    reason = thrown;
  }
  if (reason === nothing) throw new Error("it did not fail");
  return reason;
}

/** The error of this package that a call rejects or throws with. */
export async function failure(run: Promise<unknown> | (() => unknown)): Promise<AnyReimageError> {
  const reason = await reasonOf(run);
  if (!isReimageError(reason)) throw new Error(`it failed, but not with an error of this package: ${reason}`);
  return reason;
}

/** The facts of an error that rules speak of, for one comparison. */
export function told(error: AnyReimageError): { name: string; started: string; reason: string | undefined } {
  return { name: error.name, started: error.started, reason: "reason" in error ? error.reason : undefined };
}

/** The closed list of words for an unknown outcome, as it stands in the API. */
export const REASONS: readonly string[] = [
  "no-answer",
  "server-error",
  "redirect",
  "unreadable-answer",
  "no-status-url",
  "untrusted-status-url",
  "unreadable-status",
  "status-forbidden",
  "status-gone",
  "not-recorded",
];

/** The POST's outcome is unknown: it may have been taken. */
export function expectMaybe(error: AnyReimageError): void {
  expect(told(error)).toMatchObject({ name: "OutcomeUnknownError", started: "maybe" });
  expect(REASONS).toContain(told(error).reason);
}

/** The runtime's own fetch, writing down the origin of everything that it is asked for. */
export function watchedFetch(): { readonly fetch: typeof globalThis.fetch; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: (input, init) => {
      asked.push(new URL(input instanceof Request ? input.url : String(input)).origin);
      return globalThis.fetch(input, init);
    },
  };
}

/** One request that reached the service without sockets. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: string;
  readonly signal: AbortSignal;
  readonly token: string | undefined;
}

export type Say = (call: Call) => Response | Promise<Response>;

export interface InProcess {
  readonly fetch: typeof globalThis.fetch;
  readonly calls: readonly Call[];
  readonly posts: readonly Call[];
}

/** A service in this process that follows a script: for long waits under fake timers, and for many cases quickly. */
export function inProcess(...answers: (Say | Always<Say>)[]): InProcess {
  const script = makeScript<Say>();
  script.add(answers);
  const calls: Call[] = [];
  return {
    calls,
    get posts() {
      return calls.filter(({ method }) => method === "POST");
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const call: Call = {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: await request.text(),
        redirect: request.redirect,
        signal: request.signal,
        token: /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1],
      };
      calls.push(call);
      const next = script.next();
      if (!next) throw new Error(`call ${calls.length} of the service was not scripted`);
      call.signal.throwIfAborted();
      return next.item(call);
    },
  };
}

/** A response with JSON, with text as it is, or with nothing. */
export function say(status: number, body?: unknown, headers: Record<string, string> = {}): Say {
  return () => {
    const text = body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body);
    return new Response(text, { status, headers });
  };
}

/** No answer until the signal of the request aborts. */
export const silence: Say = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

export const ENDPOINT = "https://management.azure.com";
export const SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS1zdGF0dXMtdXJs";
export const STATUS_URL = `${ENDPOINT}/subscriptions/${vm.subscriptionId}/providers/Microsoft.Compute/locations/westeurope/operations/5f0f4d1c-0000-4000-8000-00000000000a?p=51a3b0f2&api-version=2024-07-01&t=638779411224033715&c=TUlJSEVqQ0NCZnFn&s=${SIGNATURE}&h=8vT1h2kQ`;

/** A 202 with the status URL in Azure-AsyncOperation. */
export function say202(url: string = STATUS_URL, more: Record<string, string> = {}): Say {
  return say(202, undefined, { "azure-asyncoperation": url, ...more });
}

/** A status document. */
export function sayStatus(status: string, members: object = {}, headers: Record<string, string> = {}): Say {
  return say(200, { status, ...members }, headers);
}

/** Parameters that are not what the type says: callers in JavaScript write such things. */
export function untyped(value: unknown): ReimageParameters {
  return value as ReimageParameters;
}
