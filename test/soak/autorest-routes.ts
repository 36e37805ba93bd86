// What becomes of each POST of Microsoft's test server: as its authors have it, by the descriptions in their contracts and the
// scenarios that their routes count, and as our rules have it. Nothing here was copied from what our code does.

/** How an operation ends, as a caller sees it. */
export type End =
  | { readonly name: "succeeded" }
  | {
      readonly name: "OperationFailedError" | "OperationCanceledError" | "RequestRejectedError" | "OutcomeUnknownError";
      readonly started: "no" | "maybe" | "yes";
      readonly status?: number;
      readonly reason?: string;
      readonly code?: string;
      readonly serviceMessage?: string;
    };

/** A route and what is expected of it. */
export interface Route {
  readonly path: string;
  /** What the case is about, where a path has more than one. */
  readonly because?: string;
  /** The end that the authors expect: "errors" is any error, which kind of it they leave to the client. */
  readonly authors: "succeeds" | "fails" | "is canceled" | "errors";
  /** The scenarios that they count when the client went through them, in the order of the alphabet. */
  readonly scenarios: readonly string[];
  readonly ours: End;
  /** How many requests that takes: one POST, always, and so many status reads. */
  readonly reads: number;
  /** Where we differ knowingly, the rule and the reason. */
  readonly differs?: string;
  /** Those of the authors' scenarios that we leave out for that reason. */
  readonly leftOut?: readonly string[];
  /** What the caller adds to its requests. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the server believes of the client before it begins: it keeps its state in a cookie. */
  readonly cookie?: string;
}

const SUCCEEDED: End = { name: "succeeded" };
const GET_FIRST = "L10: a reimage has no result, so no final GET";
const BEAR_FIVE = "L11: a 4xx on the status URL is no failure of the operation; the sixth in a row is unknown";
const BEAR_UNREADABLE = "L4, L11: neither success nor failure; the sixth in a row is unknown";
const ONE_POST = "S1: a 500 does not say that nothing was taken, so the POST is not repeated";
const MARKED = { "x-ms-client-request-id": "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0" };

/** Accepted, and then six useless answers to the status reads. */
const unreadable = (status: number): End => ({
  name: "OutcomeUnknownError",
  started: "yes",
  reason: "unreadable-status",
  status,
});

export const routes: readonly Route[] = [
  // Location alone.
  {
    path: "/lro/post/payload/200",
    authors: "succeeds",
    scenarios: ["LROPost200"],
    ours: SUCCEEDED,
    reads: 1,
  },
  {
    path: "/lro/post/202/retry/200",
    authors: "succeeds",
    scenarios: ["LROPostSuccededWithBody"],
    ours: SUCCEEDED,
    reads: 2,
  },
  {
    path: "/lro/post/202/noretry/204",
    authors: "succeeds",
    scenarios: ["LROPostSuccededNoBody"],
    ours: SUCCEEDED,
    reads: 2,
  },
  {
    path: "/lroParameterizedEndpoints",
    authors: "succeeds",
    scenarios: ["LROParameterizedEndpoint"],
    ours: SUCCEEDED,
    reads: 1,
  },
  {
    path: "/lroConstantParameterizedEndpoints/{constantParameter}",
    authors: "succeeds",
    scenarios: ["LROConstantParameterizedGet", "LROConstantParameterizedPost"],
    ours: SUCCEEDED,
    reads: 1,
  },
  // Azure-AsyncOperation and Location.
  {
    path: "/lro/LROPostDoubleHeadersFinalAzureHeaderGet",
    authors: "succeeds",
    scenarios: ["LROPostDoubleHeadersFinalAzureHeaderGet"],
    ours: SUCCEEDED,
    reads: 1,
  },
  {
    path: "/lro/LROPostDoubleHeadersFinalAzureHeaderGetDefault",
    authors: "succeeds",
    scenarios: ["LROPostDoubleHeadersFinalAzureHeaderGetDefault"],
    ours: SUCCEEDED,
    reads: 1,
    differs: GET_FIRST,
    leftOut: ["LROPostDoubleHeadersFinalAzureHeaderGetDefault"],
  },
  {
    path: "/lro/LROPostDoubleHeadersFinalLocationGet",
    authors: "succeeds",
    scenarios: [
      "LROPostDoubleHeadersFinalLocationAsync",
      "LROPostDoubleHeadersFinalLocationGet",
      "LROPostDoubleHeadersFinalLocationPost",
    ],
    ours: SUCCEEDED,
    reads: 1,
    differs: GET_FIRST,
    leftOut: ["LROPostDoubleHeadersFinalLocationGet"],
  },
  {
    path: "/lro/list",
    authors: "succeeds",
    scenarios: ["LROPostAndGetList"],
    ours: SUCCEEDED,
    reads: 1,
    differs: GET_FIRST,
    leftOut: ["LROPostAndGetList"],
  },
  {
    path: "/lro/postasync/retry/succeeded",
    authors: "succeeds",
    scenarios: ["LROPostAsyncRetrySucceeded"],
    ours: SUCCEEDED,
    reads: 2,
  },
  {
    path: "/lro/postasync/noretry/succeeded",
    authors: "succeeds",
    scenarios: ["LROPostAsyncNoRetrySucceeded"],
    ours: SUCCEEDED,
    reads: 2,
  },
  {
    path: "/lro/postasync/retry/failed",
    authors: "fails",
    scenarios: ["LROPostAsyncRetryFailed"],
    // Its error has the number 500 for a code, where ARM's contract has a text: no code, then.
    ours: { name: "OperationFailedError", started: "yes", status: 200, serviceMessage: "Internal Server Error" },
    reads: 2,
  },
  {
    path: "/lro/postasync/retry/canceled",
    authors: "is canceled",
    scenarios: ["LROPostAsyncRetryCanceled"],
    ours: { name: "OperationCanceledError", started: "yes", status: 200 },
    reads: 2,
  },
  {
    path: "/paging/multiple/lro",
    authors: "succeeds",
    scenarios: ["PagingMultipleLRO"],
    ours: SUCCEEDED,
    reads: 1,
  },
  {
    path: "/multiapi/lroAndPaging",
    because: "done with the POST",
    authors: "succeeds",
    scenarios: ["MultiapiLROAndPaging"],
    ours: SUCCEEDED,
    reads: 0,
  },
  // Headers of the caller's own.
  {
    path: "/lro/customheader/post/202/retry/200",
    authors: "succeeds",
    scenarios: ["CustomHeaderPostSucceeded"],
    ours: SUCCEEDED,
    reads: 2,
    headers: MARKED,
  },
  {
    path: "/lro/customheader/postasync/retry/succeeded",
    authors: "succeeds",
    scenarios: ["CustomHeaderPostAsyncSucceded"],
    ours: SUCCEEDED,
    reads: 2,
    headers: MARKED,
  },
  {
    path: "/lro/customheader/post/202/retry/200",
    because: "without the header",
    authors: "errors",
    scenarios: [],
    ours: { name: "RequestRejectedError", started: "no", status: 400 },
    reads: 0,
  },
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
