// The POSTs of Microsoft's test server on which something goes wrong.
import { type End, type Route, SUCCEEDED } from "./autorest-route.js";

const BEAR_FIVE = "L11: a 4xx on the status URL is no failure of the operation; the sixth in a row is unknown";
const BEAR_UNREADABLE = "L4, L11: neither success nor failure; the sixth in a row is unknown";
const ONE_POST = "S1: a 500 does not say that nothing was taken, so the POST is not repeated";

/** Accepted, and then six useless answers to the status reads. */
const unreadable = (status: number): End => ({
  name: "OutcomeUnknownError",
  started: "yes",
  reason: "unreadable-status",
  status,
});

export const errors: readonly Route[] = [
  // Errors that the authors would retry: ours to the reads, never to the POST.
  {
    path: "/lro/retryerror/post/202/retry/200",
    authors: "succeeds",
    scenarios: ["LRORetryErrorPost202Retry200Succeeded"],
    ours: { name: "OutcomeUnknownError", started: "maybe", reason: "server-error", status: 500 },
    reads: 0,
    differs: ONE_POST,
    leftOut: ["LRORetryErrorPost202Retry200Succeeded"],
  },
  {
    path: "/lro/retryerror/postasync/retry/succeeded",
    authors: "succeeds",
    scenarios: ["LRORetryErrorPostAsyncRetrySucceeded"],
    ours: { name: "OutcomeUnknownError", started: "maybe", reason: "server-error", status: 500 },
    reads: 0,
    differs: ONE_POST,
    leftOut: ["LRORetryErrorPostAsyncRetrySucceeded"],
  },
  {
    path: "/lro/retryerror/post/202/retry/200",
    because: "the 500 behind us",
    authors: "succeeds",
    scenarios: ["LRORetryErrorPost202Retry200Succeeded"],
    ours: SUCCEEDED,
    reads: 2,
    cookie: "LRORetryErrorPost202Retry200Succeeded",
  },
  {
    path: "/lro/retryerror/postasync/retry/succeeded",
    because: "the 500 behind us",
    authors: "succeeds",
    scenarios: ["LRORetryErrorPostAsyncRetrySucceeded"],
    ours: SUCCEEDED,
    reads: 2,
    cookie: "LRORetryErrorPostAsyncRetrySucceeded",
  },
  // Errors for good.
  {
    path: "/lro/nonretryerror/post/400",
    authors: "errors",
    scenarios: ["LRONonRetryPost400"],
    ours: {
      name: "RequestRejectedError",
      started: "no",
      status: 400,
      serviceMessage: "Expected bad request message",
    },
    reads: 0,
  },
  {
    path: "/lro/nonretryerror/post/202/retry/400",
    authors: "errors",
    scenarios: ["LRONonRetryPost202Retry400"],
    ours: unreadable(400),
    reads: 6,
    differs: BEAR_FIVE,
  },
  {
    path: "/lro/nonretryerror/postasync/retry/400",
    authors: "errors",
    scenarios: ["LRONonRetryPostAsyncRetry400"],
    ours: unreadable(400),
    reads: 6,
    differs: BEAR_FIVE,
  },
  {
    path: "/lro/error/post/202/nolocation",
    authors: "errors",
    scenarios: ["LROErrorPostNoLocation"],
    ours: { name: "OutcomeUnknownError", started: "yes", reason: "no-status-url", status: 202 },
    reads: 0,
  },
  {
    path: "/lro/error/post/202/retry/invalidheader",
    authors: "errors",
    scenarios: ["LROErrorPost202RetryInvalidHeader"],
    ours: unreadable(404),
    reads: 6,
    differs: "L9, L11: its /foo is a relative URL, read in good faith; the record may lag, so the sixth 404 is unknown",
  },
  {
    path: "/lro/error/postasync/retry/invalidheader",
    authors: "errors",
    scenarios: ["LROErrorPostAsyncInvalidHeader"],
    ours: unreadable(404),
    reads: 6,
    differs: "L9, L11: as above",
  },
  {
    path: "/lro/error/postasync/retry/nopayload",
    authors: "errors",
    scenarios: ["LROErrorPostAsyncNoPollingPayload"],
    ours: unreadable(200),
    reads: 6,
    differs: BEAR_UNREADABLE,
  },
  {
    path: "/lro/error/postasync/retry/invalidjsonpolling",
    authors: "errors",
    scenarios: ["LROErrorPostAsyncInvalidJsonPolling"],
    ours: unreadable(200),
    reads: 6,
    differs: BEAR_UNREADABLE,
  },
];
