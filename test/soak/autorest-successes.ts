// The POSTs of Microsoft's test server that are accepted and followed to the end that the service tells.
import { type Route, SUCCEEDED } from "./autorest-route.js";

const GET_FIRST = "L10: a reimage has no result, so no final GET";
const MARKED = { "x-ms-client-request-id": "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0" };

export const successes: readonly Route[] = [
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
];
