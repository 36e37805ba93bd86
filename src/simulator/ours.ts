import { match } from "./routes.js";
import { isOurs } from "./signing.js";

/**
 * Is a request about a reimage, at one of the endpoints? Of status URLs only those are that a simulator gave out, since the
 * same path serves all operations of Compute.
 */
export function isReimageTraffic({ method, url: href }: Request, endpoints: readonly string[]): boolean {
  const url = new URL(href);
  const endpoint = endpoints.find((one) => url.href.startsWith(`${one}/`));
  if (endpoint === undefined) return false;
  const found = match(`${url.origin}${url.pathname}`.slice(endpoint.length));
  return found?.route.method === method && (found.route.kind !== "status" || isOurs(url));
}
