// Plays the kinds of answers that faults.ts names, with the means of the harness.
import { type Answer, answer, type Context, delayed, withHeaders } from "../harness/answer.js";
import { accepted, refused, throttled, unauthorized } from "../harness/arm-answers.js";
import {
  chunked,
  closing,
  gzipped,
  informed,
  untilClose,
  withByteOrderMark,
  withHeaderBlock,
} from "../harness/encodings.js";
import { isLast, type Message } from "../harness/message.js";
import { cut, endlessDrip, reset, slowHeaders } from "../harness/mishaps.js";
import { hang, html, json, raw, redirect, status, text } from "../harness/replies.js";
import type { Dice } from "./dice.js";
import type { PollKind, PostKind } from "./faults.js";
import { movedTo } from "./truth.js";

/** Where an answer is given. */
export interface Scene {
  readonly context: Context;
  readonly dice: Dice;
  /** Lets the service act, and gives its true answer. */
  readonly act: () => Promise<Message>;
  /** An origin that nobody may ever contact. */
  readonly elsewhere: string;
  /** What a careless service would write into an error: the caller's own secrets, in one form or another. */
  readonly gossip: () => string;
}

type Dress = (truth: Answer) => Answer;

/** An answer that is made when its time has come. */
function later(make: () => Promise<Answer>, context: Context): Answer {
  return {
    ...status(200),
    deliver: async (wire) => {
      const made = await make();
      const message = made.build(context);
      await made.deliver(wire, message);
      if (isLast(message)) wire.end();
    },
  };
}

const DAY = 86_400_000;
const ODD_RETRY_AFTERS = ["0", "-1", "1.5", "soon", "1e3", "Thu, 01 Jan 1970 00:00:00 GMT", "2099-01-01T00:00:00Z", ""];

/** The clock of a service that is wrong by up to a day. */
function skewed(dice: Dice): Date {
  return new Date(Date.now() + dice.int(-DAY, DAY));
}

/** The dresses of a true answer that do no harm. */
function dresses({ context, dice, elsewhere, gossip }: Scene): Readonly<Record<string, Dress>> {
  const clock = skewed(dice);
  const inASecond = new Date(clock.getTime() + 1000);
  return {
    chunked,
    gzip: gzipped,
    "byte order mark": withByteOrderMark,
    "until close": untilClose,
    closing,
    "header block": (truth) => withHeaderBlock(truth, 4000),
    informed,
    slow: (truth) => delayed(dice.int(50, 600), truth),
    drip: (truth) => slowHeaders(truth, { everyMs: 5, bytes: 300 }),
    "skewed date": (truth) => withHeaders(truth, { date: clock.toUTCString() }),
    "retry-after": (truth) => withHeaders(truth, { "retry-after": "1" }),
    "retry-after by a skewed date": (truth) =>
      withHeaders(truth, { date: clock.toUTCString(), "retry-after": inASecond.toUTCString() }),
    "odd retry-after": (truth) => withHeaders(truth, { "retry-after": dice.pick(ODD_RETRY_AFTERS) }),
    gossip: (truth) => withHeaders(truth, { "x-ms-request-id": gossip().replace(/[^\x20-\x7e]/g, "") }),
    // Of a status alone: the same operation at another place of the same origin, named as relative URLs are.
    moved: (truth) => {
      const { url } = context.request;
      const header = url.includes("monitor=true") ? "location" : "azure-asyncoperation";
      return withHeaders(truth, { [header]: movedTo(url) });
    },
    // Of the POST alone.
    "done at once": () =>
      json(200, dice.pick(["", "{}", "null", '{"status":"InProgress"}']), dice.pick([{}, { location: elsewhere }])),
    "location only": (truth) => withHeaders(truth, { "azure-asyncoperation": null }),
    "operation-location": (truth) => {
      const { "azure-asyncoperation": url = null } = truth.build({} as Context).headers;
      return withHeaders(truth, { "azure-asyncoperation": null, "operation-location": url });
    },
    "202 cut off": (truth) => cut(truth, { missing: 100 }),
    "reset after the answer": (truth) => reset({ at: "in-body", of: truth }),
    // Harm that begins with the truth.
    "reset before the answer": (truth) => reset({ of: truth }),
    "reset in the headers": (truth) => reset({ at: "in-headers", of: truth }),
    "reset in the body": (truth) => reset({ at: "in-body", of: withBody(truth) }),
    "cut off": (truth) => cut(truth, { missing: 10 }),
    "cut off, chunked": (truth) => cut(chunked(truth)),
    "endless headers": (truth) => slowHeaders(truth, { everyMs: 100, bytes: 5 }),
    "broken json": (truth) => {
      const { body } = truth.build({} as Context);
      return text(200, body.length > 1 ? body.subarray(0, -1) : "{", { "content-type": "application/json" });
    },
  };
}

/** A truth with a body to break off in. */
function withBody(truth: Answer): Answer {
  return answer((context) => {
    const message = truth.build(context);
    return message.body.length > 0 ? message : { ...message, body: Buffer.from('{"status":"Succeeded"}') };
  });
}

/** More than a client reads, and more than the buffers on the way take from it: whoever leaves it there is found. */
const FLOOD: Message = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.alloc(24_000_000, " "),
  framing: "length",
};

/** The answers in which the truth has no part. */
function untruths({ context, dice, elsewhere, gossip }: Scene): Readonly<Record<string, () => Answer>> {
  const refuse = (code: number) => () =>
    refused(code, { code: `Soak${code}`, message: gossip() }, { envelope: dice.chance(0.5) });
  const here = `${context.origin}${context.request.url}`;
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1" } } });
  const codes = ["400", "403", "404", "408", "409", "410", "500", "502", "503", "504"];
  return {
    ...Object.fromEntries(codes.map((code) => [code, refuse(Number(code))])),
    "401": () => unauthorized(),
    "401 with claims": () => unauthorized({ claims }),
    "429 with retry-after": () => throttled({ retryAfter: 1 }),
    "429 without retry-after": () => throttled(),
    "reset in the request headers": () => reset({ at: "request-headers" }),
    "reset in the request body": () => reset({ at: "request-body" }),
    "reset before the answer": () => reset(),
    "no answer": hang,
    "endless body": () => endlessDrip({ everyMs: 100, bytes: 10 }),
    flood: () => ({ ...text(200, ""), build: () => FLOOD }),
    "html 200": () => html(),
    "html 503": () => html(503),
    "redirect to itself": () => redirect(dice.pick([301, 302, 303, 307, 308]), here),
    "redirect elsewhere": () => redirect(dice.pick([301, 302, 303, 307, 308]), `${elsewhere}/`),
    redirect: () => redirect(307, here),
    "wrong origin": () =>
      json(
        200,
        { status: "InProgress" },
        { [dice.pick(["azure-asyncoperation", "operation-location", "location"])]: `${elsewhere}/operations/1` },
      ),
    "no document": () => json(200, dice.pick(["", "{}", "null", "[]", '"Succeeded"', '{"status":null}', "{}{}"])),
    "odd word": () => json(200, { status: dice.pick(["PartiallySucceeded", "NotSucceededYet", "Failing", ""]) }),
    "not http": () => raw("SSH-2.0-OpenSSH_9.6\r\n"),
  };
}

/** Of a 202, spoiled ones. */
function spoiled({ elsewhere }: Scene): Readonly<Record<string, () => Answer>> {
  return {
    "wrong origin": () => accepted({ url: `${elsewhere}/operations/1` }),
    "no status url": () => accepted({ headers: "none" }),
  };
}

/** Gives the answer of a kind. */
export function play(kind: PostKind | PollKind, scene: Scene): Answer {
  const { context, act } = scene;
  const [name = "", taken] = kind.split(/, (?=taken$)/);
  const untruth = { ...untruths(scene), ...(taken ? spoiled(scene) : {}) }[name];
  const dress = dresses(scene)[name];
  if (taken) {
    // The service acts, whatever becomes of its answer.
    return later(async () => {
      const message = await act();
      return untruth ? untruth() : (dress as Dress)(answer(() => message));
    }, context);
  }
  if (untruth) return untruth();
  return later(async () => {
    const message = await act();
    const truth = answer(() => message);
    return dress ? dress(truth) : truth;
  }, context);
}
