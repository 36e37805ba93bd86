/** A request as it came in, read to its end. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: Request["redirect"];
  readonly signal: AbortSignal;
  /** What the signal comes from: in Node it is deaf once these are collected as garbage. */
  readonly sources: readonly unknown[];
}

/** Reads what `fetch` was called with. Rejects with the signal's reason when it was aborted before. */
export async function readRequest(input: string | URL | Request, init?: RequestInit): Promise<Incoming> {
  const request = new Request(input, init);
  request.signal.throwIfAborted();
  const { method, headers, redirect, signal } = request;
  const sources = [input, request];
  return { method, url: new URL(request.url), headers, body: await request.text(), redirect, signal, sources };
}

/** What `fetch` sends after a redirect: the method and body as the standard has them, the token to the same origin only. */
export function redirected(request: Incoming, status: number, location: string): Incoming {
  const url = new URL(location, request.url);
  const headers = new Headers(request.headers);
  if (url.origin !== request.url.origin) headers.delete("authorization");
  const asGet = status === 303 || ((status === 301 || status === 302) && request.method === "POST");
  if (!asGet) return { ...request, url, headers };
  headers.delete("content-type");
  return { ...request, method: "GET", body: "", url, headers };
}

/** Waits in real time, Infinity for ever; rejects with the signal's reason when it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const end = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(end, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
