// An origin that behaves like Azure Resource Manager, as far as the answers do: the shapes are those of recordings.
import type { AnswerScript } from "./answer.js";
import { type Origin, type OriginOptions, startOrigin } from "./origin.js";
import type { RecordedRequest } from "./record.js";
import type { Always } from "./script.js";

type Answers = (AnswerScript | Always<AnswerScript>)[];

/** An origin with the three kinds of requests that a reimage makes. */
export interface Arm extends Origin {
  readonly polls: readonly RecordedRequest[];
  /** Answers for the next POSTs. */
  onPost(...answers: Answers): void;
  /** Answers for the next reads of a VM. */
  onRead(...answers: Answers): void;
  /** Answers for the next GETs of anything else: the status URLs. */
  onPoll(...answers: Answers): void;
}

const isRead = ({ method, url }: { method: string; url: string }): boolean =>
  method === "GET" && /\/virtualMachines\//i.test(url);
const isPoll = (request: { method: string; url: string }): boolean => request.method === "GET" && !isRead(request);

/** Starts an origin that stands for `https://management.azure.com`. */
export async function startArm(options: OriginOptions = {}): Promise<Arm> {
  const origin = await startOrigin(options);
  return {
    ...origin,
    // A spread would copy what these show now.
    get posts() {
      return origin.posts;
    },
    get polls() {
      return origin.requests.filter(isPoll);
    },
    onPost: (...answers) => origin.on(({ method }) => method === "POST", ...answers),
    onRead: (...answers) => origin.on(isRead, ...answers),
    onPoll: (...answers) => origin.on(isPoll, ...answers),
  };
}
