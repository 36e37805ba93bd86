// What the storm is made of: the kinds of answers, how often each comes, and when. Pure data and choice; storm-answers.ts
// plays them.
import { type Dice, diceOf } from "./dice.js";

/** The service's true answer, in dresses that do no harm. */
const HARMLESS = {
  plain: 40,
  chunked: 4,
  gzip: 4,
  "byte order mark": 4,
  "until close": 2,
  closing: 2,
  "header block": 2,
  informed: 2,
  slow: 4,
  drip: 2,
  "skewed date": 6,
  "retry-after": 2,
  "retry-after by a skewed date": 3,
  "odd retry-after": 4,
  gossip: 4,
} as const;

/** What a status may be dressed in besides. */
const HARMLESS_POLL = { ...HARMLESS, moved: 4 } as const;

/** What a 202 may look like besides. */
const HARMLESS_POST = {
  ...HARMLESS,
  "location only": 12,
  "operation-location": 8,
  "202 cut off": 4,
  "reset after the answer": 2,
  "done at once": 6,
} as const;

/** What goes wrong with a POST. "taken": the service acts, and only its answer is lost or spoiled. */
const POST_FAULTS = {
  "429 with retry-after": 14,
  "401 with claims": 8,
  "429 without retry-after": 2,
  "401": 2,
  "400": 2,
  "403": 2,
  "404": 2,
  "409": 2,
  "408": 1,
  "408, taken": 1,
  "500": 2,
  "500, taken": 2,
  "503": 2,
  "503, taken": 2,
  "reset in the request headers": 2,
  "reset in the request body": 2,
  "reset before the answer": 2,
  "reset before the answer, taken": 2,
  "reset in the headers, taken": 2,
  "no answer": 1,
  "no answer, taken": 1,
  "endless headers, taken": 1,
  "html 200": 2,
  "html 200, taken": 2,
  "html 503": 1,
  "redirect to itself": 2,
  "redirect elsewhere": 2,
  "redirect, taken": 1,
  "wrong origin, taken": 3,
  "no status url, taken": 3,
  "not http": 1,
  "not http, taken": 1,
} as const;

/** What goes wrong with a status request. */
const POLL_FAULTS = {
  "408": 2,
  "429 with retry-after": 2,
  "429 without retry-after": 3,
  "500": 5,
  "502": 3,
  "503": 5,
  "504": 2,
  "400": 2,
  "401": 3,
  "401 with claims": 3,
  "403": 1,
  "404": 6,
  "410": 1,
  "reset in the request headers": 3,
  "reset before the answer": 4,
  "reset in the headers": 4,
  "reset in the body": 4,
  "cut off": 4,
  "cut off, chunked": 3,
  "no answer": 1,
  "endless headers": 1,
  "endless body": 1,
  flood: 1,
  "html 200": 4,
  "html 503": 2,
  "redirect to itself": 1,
  "redirect elsewhere": 1,
  "wrong origin": 2,
  "broken json": 4,
  "no document": 4,
  "odd word": 4,
  "not http": 2,
} as const;

export type PostKind = keyof typeof HARMLESS_POST | keyof typeof POST_FAULTS;
export type PollKind = keyof typeof HARMLESS_POLL | keyof typeof POLL_FAULTS;

/** All the kinds there are. */
export const postKinds = Object.keys({ ...HARMLESS_POST, ...POST_FAULTS }) as PostKind[];
export const pollKinds = Object.keys({ ...HARMLESS_POLL, ...POLL_FAULTS }) as PollKind[];
export const isHarmless = (kind: string): boolean => Object.hasOwn({ ...HARMLESS_POST, ...HARMLESS_POLL }, kind);
/** Is the connection gone after such an answer? */
export const closesByItself = (kind: string): boolean => /^reset|cut off|clos|^no answer|^endless|^not http/.test(kind);

const POST_FAULTS_IN_ROWS: readonly PostKind[] = ["429 with retry-after", "401 with claims"];

/** What befalls the requests about one VM. */
export interface Plan {
  readonly dice: Dice;
  post(): PostKind;
  /** @param document - is a status document asked for, or a Location? */
  poll(document: boolean): PollKind;
}

/** After so many status requests an operation has had its share. */
const MOST_HARM = 60;

/** Plans what befalls a VM: most requests nothing, some one fault, some the same fault many times in a row. */
export function planFor(seed: string, vmName: string): Plan {
  const posts = diceOf(seed, vmName, "posts");
  const polls = diceOf(seed, vmName, "polls");
  let last: PostKind = "plain";
  let harmed = 0;
  let row: { readonly kind: PollKind; left: number } = { kind: "plain", left: 0 };
  return {
    dice: diceOf(seed, vmName, "answers"),
    post: () => {
      // What lets the POST be sent again likes to come again: S1 has bounds to be tried.
      const again = POST_FAULTS_IN_ROWS.includes(last) && posts.chance(0.5);
      if (!again) last = posts.chance(0.4) ? posts.weigh(POST_FAULTS) : posts.weigh(HARMLESS_POST);
      return last;
    },
    poll: (document) => {
      if (row.left === 0 && (harmed > MOST_HARM || !polls.chance(0.3))) return polls.weigh(HARMLESS_POLL);
      harmed += 1;
      if (row.left > 0) row.left -= 1;
      else row = { kind: polls.weigh(POLL_FAULTS), left: polls.chance(0.15) ? polls.int(1, 7) : 0 };
      // On a Location an empty body is the service's way to say that all is done (L5): no fault, but a lie.
      return row.kind === "no document" && !document ? "broken json" : row.kind;
    },
  };
}
