// What an answer is: when it acts, what it says and how it is delivered. Everything else here is made of these three.
import { bodyBytes, type HeaderInput, headBytes, type Message } from "./message.js";
import type { RecordedRequest } from "./record.js";
import type { Wire } from "./wire.js";

/** What an answer may look at. */
export interface Context {
  /** The origin that was asked, such as `https://127.0.0.1:1234`. */
  readonly origin: string;
  readonly request: RecordedRequest;
}

/** How a message goes over the wire. */
export type Deliver = (wire: Wire, message: Message) => Promise<void>;

/** An answer to one request. */
export interface Answer {
  /** How much of the request has to be there before the answer begins. */
  readonly at: "headers" | "body" | "complete";
  readonly build: (context: Context) => Message;
  readonly deliver: Deliver;
}

/** An answer, or a function that looks at the request and chooses one. */
export type AnswerScript = Answer | ((context: Context) => Answer);

const whole: Deliver = async (wire, message) => {
  await wire.write(Buffer.concat([headBytes(message), bodyBytes(message)]));
};

/** An answer that says `build` in one go once the request is complete. */
export function answer(build: (context: Context) => Message): Answer {
  return { at: "complete", build, deliver: whole };
}

/** The same answer with its message changed. */
export function withMessage(original: Answer, change: (message: Message) => Message): Answer {
  return { ...original, build: (context) => change(original.build(context)) };
}

/** The same answer, delivered in another way. */
export function withDelivery(original: Answer, deliver: Deliver): Answer {
  return { ...original, deliver };
}

/** The same answer with more, other or (`null`) fewer headers. */
export function withHeaders(original: Answer, headers: HeaderInput): Answer {
  return withMessage(original, (message) => ({ ...message, headers: { ...message.headers, ...headers } }));
}

/** The same answer, when so many milliseconds have passed or the promise has resolved. */
export function delayed(time: number | Promise<unknown>, original: Answer): Answer {
  return withDelivery(original, async (wire, message) => {
    await wire.wait(time);
    await original.deliver(wire, message);
  });
}
