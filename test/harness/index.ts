// The loopback harness: real sockets on 127.0.0.1 and ::1, and nothing else. One import for the tests.
export { type Answer, type AnswerScript, answer, type Context, delayed, withDelivery, withHeaders } from "./answer.js";
export { type Arm, startArm } from "./arm.js";
export {
  type AcceptedOptions,
  accepted,
  canceled,
  failed,
  locationDone,
  locationRunning,
  refused,
  running,
  statusDocument,
  succeeded,
  throttled,
  unauthorized,
} from "./arm-answers.js";
export { type Gate, gate, pause, ticks } from "./clock.js";
export {
  type FakeCredential,
  fakeCredential,
  late,
  neverSettles,
  rejects,
  resolvesTo,
  type TokenCall,
  throws,
  token,
  waitsForAbort,
} from "./credential.js";
export {
  chunked,
  closing,
  gzipBomb,
  gzipped,
  informed,
  untilClose,
  withByteOrderMark,
  withHeaderBlock,
} from "./encodings.js";
export { closeAll, everywhere } from "./everywhere.js";
export { type Evil, refusedUrl, startEvil } from "./evil.js";
export { fastForward } from "./fast-forward.js";
export { abortListeners, expectNoLeftovers, type Watch, watchLeftovers } from "./leftovers.js";
export { cut, drip, endlessDrip, reset, slowHeaders } from "./mishaps.js";
export { type Origin, type OriginOptions, startOrigin } from "./origin.js";
export type { RecordedRequest, RecordedSocket } from "./record.js";
export { hang, html, json, raw, redirect, status, text } from "./replies.js";
export { always } from "./script.js";
