import type { Bucket, Limits } from "./limits.js";
import { type HeaderValues, json, type Reply, refusal } from "./replies.js";
import { timestamp } from "./time.js";
import type { Call, World } from "./world.js";

/** What Compute calls its limits in x-ms-ratelimit-remaining-resource. */
const POLICIES: Partial<Record<keyof Limits, string>> = {
  vmUpdates: "Microsoft.Compute/UpdateVMResource",
  subscriptionVmUpdates: "Microsoft.Compute/UpdateVMSubscriptionMaximum",
  operationReads: "Microsoft.Compute/GetOperationResource",
  subscriptionOperationReads: "Microsoft.Compute/GetOperationSubscriptionMaximum",
};

/** The headers that tell what is left, or the 429 where nothing is. */
export type Passed = { readonly headers: HeaderValues } | { readonly refused: Reply };

/** Passes the gate that ARM itself keeps, before it looks at what is asked for. */
export function passArm({ take }: World, { request, names, now }: Call): Passed {
  const word = request.method === "GET" ? "reads" : "writes";
  const { subscriptionId = "" } = names;
  const taken = take([{ limit: word === "reads" ? "armReads" : "armWrites", of: subscriptionId }], now);
  const header = `x-ms-ratelimit-remaining-subscription-${word}`;
  if ("left" in taken) return { headers: { [header]: String(taken.left[0]) } };
  const seconds = secondsOf(taken.waitMs);
  const message = `Number of '${word}' requests for subscription '${subscriptionId}' exceeded. Please try again after '${seconds}' seconds.`;
  return {
    refused: refusal(429, "SubscriptionRequestsThrottled", message, {
      headers: { "retry-after": String(seconds), [header]: "0" },
    }),
  };
}

/** Passes the gate that Compute keeps. Its refusal comes without the envelope, and holds JSON as text. */
export function passCompute({ take, settings }: World, { now }: Call, buckets: readonly Bucket[]): Passed {
  const taken = take(buckets, now);
  const policies = buckets.map(({ limit }) => POLICIES[limit] ?? limit);
  if ("left" in taken) {
    return { headers: { [REMAINING]: policies.map((policy, i) => `${policy};${taken.left[i]}`).join(",") } };
  }
  const policy = POLICIES[taken.empty] ?? taken.empty;
  const { capacity } = settings.limits[taken.empty];
  const measured = {
    operationGroup: policy,
    startTime: timestamp(now),
    endTime: timestamp(now + taken.waitMs),
    allowedRequestCount: capacity,
    measuredRequestCount: capacity + 1,
  };
  const body = {
    code: "OperationNotAllowed",
    message: "The server rejected the request because too many requests have been received for this subscription.",
    details: [{ code: "TooManyRequests", target: policy, message: JSON.stringify(measured) }],
  };
  return {
    refused: json(429, body, { "retry-after": String(secondsOf(taken.waitMs)), [REMAINING]: `${policy};0` }),
  };
}

const REMAINING = "x-ms-ratelimit-remaining-resource";

/** Whole seconds, never too few. */
function secondsOf(ms: number): number {
  return Math.ceil(ms / 1000);
}
