// Our client, led to another service: its POST goes to a route of the test server, every other URL stays as it is.
import { createReimageClient, type ReimageClient } from "../../src/index.js";

/** The client that one process would have, and what it sent. */
export interface Visitor {
  readonly client: ReimageClient;
  readonly posts: number;
  readonly reads: number;
}

/** Makes a client whose POST goes to a path of a server. It keeps the server's cookies, as the server needs. */
export function visit(server: string, path: string, scenario?: string): Visitor {
  const cookies = new Map<string, string>(scenario === undefined ? [] : [["scenario", scenario]]);
  let posts = 0;
  let reads = 0;
  const led: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search, href } = new URL(request.url);
    const isPost = request.method === "POST";
    if (isPost !== pathname.endsWith("/reimage")) throw new Error(`${request.method} ${href} is none of ours`);
    if (isPost) posts += 1;
    else reads += 1;
    const headers = new Headers(request.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map((pair) => pair.join("=")).join("; "));
    const body = await request.text();
    const response = await fetch(isPost ? `${server}${path}${search}` : href, {
      method: request.method,
      headers,
      redirect: request.redirect,
      signal: request.signal,
      ...(body === "" ? {} : { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return {
    client: createReimageClient({
      credential: () => "a-token",
      endpoint: server,
      allowInsecureLoopback: true,
      fetch: led,
      pollIntervalMs: 10,
      timeoutMs: 20_000,
    }),
    get posts() {
      return posts;
    },
    get reads() {
      return reads;
    },
  };
}
