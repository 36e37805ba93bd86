// What the tests of the pure core share: replies and surroundings made by hand, without a socket or a clock.
import { readPost, type Step, type Surroundings, type Tracking } from "../../src/lro.js";
import type { Reply, StatusUrl } from "../../src/reply.js";

export const home = "https://management.azure.com";
export const stranger = "https://management.azure.com.evil.example";
export const posted = `${home}/subscriptions/6c8e9a1e-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/reimage`;
export const operation = `${home}/subscriptions/6c8e9a1e-0000-4000-8000-000000000001/providers/Microsoft.Compute/locations/westus/operations/9f2b5c4e-0000-4000-8000-000000000002?p=1&api-version=2024-07-01`;
export const monitor = `${operation}&monitor=true`;
/** Wed, 19 Mar 2025 00:32:02 GMT */
export const now = Date.UTC(2025, 2, 19, 0, 32, 2);
export const correlationId = "11111111-2222-4333-8444-555555555555";

export function around(changes: Partial<Surroundings> = {}): Surroundings {
  return { now, random: 1, pollIntervalMs: 10_000, origins: [home], redact: (text) => text, ...changes };
}

export function reply(status: number, text: string | undefined = "", headers: Record<string, string> = {}): Reply {
  return { url: posted, status, headers: new Headers(headers), text, cut: false };
}

/** What is followed after a 202 with one status header. */
export function following(kind: StatusUrl["kind"], headers: Record<string, string> = {}, changes = around()): Tracking {
  const header = kind === "document" ? { "azure-asyncoperation": operation } : { location: monitor };
  return accepted(reply(202, "", { ...header, ...headers }), changes);
}

export function accepted(answer: Reply, changes = around()): Tracking {
  const verdict = readPost(answer, correlationId, changes);
  if (!("waitMs" in verdict)) throw new Error(`it was not accepted: ${JSON.stringify(verdict)}`);
  return verdict;
}

/** The tracking after a step that must not have ended anything, nor given up. */
export function goesOn(step: Step): Tracking {
  if (!("waitMs" in step) || step.stop !== undefined) throw new Error(`it does not go on: ${JSON.stringify(step)}`);
  return step;
}

/** The bodies that are no JSON at all. */
export const notJson = {
  "a login page": "<!DOCTYPE html><html><body><form action=/login></form></body></html>",
  "truncated JSON": '{"status":"Succeeded"',
  "JSON with something after it": '{"status":"Succeeded"} OK',
  "a bare word": "Succeeded",
  "single quotes": "{'status':'Succeeded'}",
  "a zero byte": "\0",
  "a number cut off": "1e",
} as const;

/** The bodies that are JSON, but no status document. */
export const notDocuments = {
  "an empty object": "{}",
  null: "null",
  "an empty list": "[]",
  "a list with a document in it": '[{"status":"Succeeded"}]',
  "a text": '"Succeeded"',
  "a number": "200",
  true: "true",
  "a status that is null": '{"status":null}',
  "a status that is true": '{"status":true}',
  "a status that is a number": '{"status":1}',
  "a status that is a list": '{"status":["Succeeded"]}',
  "a status that is an object": '{"status":{"status":"Succeeded"}}',
  "a status in other letters": '{"Status":"Succeeded"}',
  "a status below properties": '{"properties":{"status":"Succeeded","provisioningState":"Succeeded"}}',
  "a status on the prototype": '{"__proto__":{"status":"Succeeded"}}',
  "a status of the constructor": '{"constructor":{"prototype":{"status":"Succeeded"}}}',
} as const;

/** Words for an operation that has not ended. */
export const runningWords = [
  "InProgress",
  "Running",
  "Accepted",
  "Creating",
  "FailoverInProgress",
  "PartiallySucceeded",
  "NotSucceededYet",
  "Succeeded.",
  " Succeeded",
  "Succeeded ",
  "Succeeded\n",
  "Success",
  "Failure",
  "NotFailed",
  "FailedOver",
  "NotCanceled",
  "CanceledInPart",
  "Canceling",
  "Cancelling",
  "Completed",
  "FAİLED",
  "ſucceeded",
  "0",
  "toString",
  "__proto__",
  "constructor",
] as const;

export const terminalWords = [
  ["Succeeded", "succeeded"],
  ["succeeded", "succeeded"],
  ["SUCCEEDED", "succeeded"],
  ["sUcCeEdEd", "succeeded"],
  ["Failed", "failed"],
  ["FAILED", "failed"],
  ["failed", "failed"],
  ["Canceled", "canceled"],
  ["cancelED", "canceled"],
  ["Cancelled", "canceled"],
  ["CANCELLED", "canceled"],
] as const;

/** What Retry-After must not be read as. */
export const garbageRetryAfters = [
  "0",
  "00",
  "-1",
  "-10",
  "+10",
  "1.5",
  "1e3",
  "0x10",
  "10s",
  "10 s",
  "10, 20",
  "1,5",
  "ten",
  "Infinity",
  "NaN",
  "null",
  '"10"',
  "2025-03-19T00:33:02Z",
  "Wednesday, 19-Mar-25 00:33:02 GMT",
  "Wed Mar 19 00:33:02 2025",
  "Wed, 19 Mar 2025 00:33:02",
  "Wed, 19 Mar 2025 00:33:02 UTC",
  "Wed, 19 Mar 2025 00:33:02 +0000",
  "wed, 19 mar 2025 00:33:02 gmt",
  "19 Mar 2025 00:33:02 GMT",
  "Wed, 99 Mar 2025 00:33:02 GMT",
  "Wed, 19 Mar 2025 99:33:02 GMT",
  "Wed, 19 Mar 2025 00:32:02 GMT",
  "Tue, 18 Mar 2025 23:00:00 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
] as const;
