// The headers that ARM puts on its answers, and the long signed URLs of its operations.
import { randomBytes, randomUUID } from "node:crypto";
import type { Context } from "./answer.js";
import type { HeaderInput } from "./message.js";

/** Ids and rate limits, as on every answer of the Compute provider. */
export function armHeaders({ request }: Context): HeaderInput {
  const id = randomUUID();
  const isWrite = request.method !== "GET";
  return {
    "cache-control": "no-cache",
    pragma: "no-cache",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": request.headers["x-ms-correlation-request-id"] ?? randomUUID(),
    "x-ms-routing-request-id": `WESTEUROPE:20250319T003202Z:${id}`,
    [`x-ms-ratelimit-remaining-subscription-${isWrite ? "writes" : "reads"}`]: isWrite ? "199" : "249",
    "x-ms-ratelimit-remaining-resource": isWrite
      ? "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11"
      : "Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999",
  };
}

/** The two addresses of one new operation; `monitor` is the one for Location. */
export interface OperationUrls {
  readonly status: string;
  readonly monitor: string;
}

// The real ones carry a certificate (c) and a signature (s); no part of them may show up anywhere else.
const sizes = { c: 2000, s: 256, h: 32 };

/** Makes the addresses of a new operation of the subscription in the request: with a signature about 3.2 kB each. */
export function operationUrls({ origin, request }: Context, signed: boolean): OperationUrls {
  const subscription = /\/subscriptions\/([^/?]+)/i.exec(request.url)?.[1] ?? randomUUID();
  const path = `/subscriptions/${subscription}/providers/Microsoft.Compute/locations/westeurope/operations/${randomUUID()}`;
  const secrets = Object.entries(sizes).map(([name, size]) => `&${name}=${randomBytes(size).toString("base64url")}`);
  const signature = signed ? `&t=638779411224033715${secrets.join("")}` : "";
  const url = (monitor: string): string =>
    `${origin}${path}?p=${randomUUID()}${monitor}&api-version=2024-07-01${signature}`;
  return { status: url(""), monitor: url("&monitor=true") };
}
