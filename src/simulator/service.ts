import { read } from "./read.js";
import { noRoute, refuseWithoutToken, wrongMethod } from "./refusals.js";
import { reimage } from "./reimage.js";
import type { Reply } from "./replies.js";
import type { Incoming } from "./request.js";
import { match, type RouteKind, vmId } from "./routes.js";
import { status } from "./status.js";
import { passArm } from "./throttling.js";
import type { Call, World } from "./world.js";

const HANDLERS: Readonly<Record<RouteKind, (world: World, call: Call) => Reply>> = { reimage, status, read };

/** Where a request leads by its path, and the VM that it is about. */
export function callOf(
  { store, settings }: World,
  request: Incoming,
  base: string,
): (Call & { readonly vmId: string }) | undefined {
  const path = request.url.href.slice(base.length).replace(/[?#].*$/s, "");
  const found = match(path);
  if (found === undefined) return undefined;
  const { names } = found;
  const operated = store.operation((names.operationId ?? "").toLowerCase())?.vmId;
  return { request, ...found, base, now: settings.now(), vmId: operated ?? vmId(names) };
}

/** Answers as ARM does: who asks, for what, how often; then the resource provider's own answer. */
export function answer(world: World, request: Incoming, call: Call | undefined): Reply {
  const unauthorized = refuseWithoutToken(request.headers.get("authorization"));
  if (unauthorized) return unauthorized;
  if (call === undefined) return noRoute();
  if (request.method !== call.route.method) return wrongMethod(request.method, call.route.method);
  const passed = passArm(world, call);
  if ("refused" in passed) return passed.refused;
  const reply = HANDLERS[call.route.kind](world, call);
  return { ...reply, headers: { ...passed.headers, ...reply.headers } };
}

/** The headers that ARM puts on every answer; the answer's own win. */
export function dressed({ guid, settings }: World, request: Incoming, reply: Reply): Reply {
  const id = guid();
  const at = new Date(settings.now());
  const correlationId = request.headers.get("x-ms-correlation-request-id") ?? guid();
  const clientId = request.headers.get("x-ms-client-request-id");
  const returnsClientId = request.headers.get("x-ms-return-client-request-id")?.toLowerCase() === "true";
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    ...reply,
    headers: {
      "cache-control": "no-cache",
      date: at.toUTCString(),
      expires: "-1",
      pragma: "no-cache",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-ms-request-id": id,
      "x-ms-correlation-request-id": correlationId,
      "x-ms-routing-request-id": `${ROUTED_BY}:${time}:${correlationId}`,
      ...(returnsClientId && clientId !== null ? { "x-ms-client-request-id": clientId } : {}),
      ...reply.headers,
    },
  };
}

/** The region whose front door took the request, which need not be the VM's. */
const ROUTED_BY = "WESTUS";
