// Judges what a caller was told about an operation by what the service knows. Shares nothing with the client but the words.
import { isHarmless, type PostKind } from "./faults.js";

/** What the service holds about one VM. */
export interface Account {
  readonly vmName: string;
  /** How each POST was answered, in order. */
  readonly posts: readonly PostKind[];
  /** Did the last of these answers go out as planned? */
  readonly answered: boolean;
  /** How many of them the service acted on. */
  readonly taken: number;
  /** The word of the service about the reimage, when it was asked in the end. */
  readonly truth?: { readonly status: string; readonly code?: string; readonly endTime?: number };
}

/** What begins an account of a call: was it accepted, and if not, was the disk touched? */
export type First = "accepted" | "no" | "maybe" | "yes";

/** What the caller was told in the end. */
export interface Claim {
  readonly vmName: string;
  /** What was said about the POST: accepted, or the `started` of the error. */
  readonly first: First;
  /**
   * What may have come between the caller and the answer to the POST: its abort, a time limit, a credential without a token
   * for the next try, a limit of the caller's own that is too short for it, a connection that broke.
   */
  readonly excuse?: "aborted" | "expired" | "no token" | "hurried" | "no answer";
  /** Was it said that not a byte was sent: none ever, or none of the last try? */
  readonly unsent?: "ever" | "last";
  /** The last word: an ending, or what was said about the POST where there is nothing to follow. */
  readonly last: "succeeded" | "failed" | "canceled" | Exclude<First, "accepted">;
  readonly code?: string;
  /** The name of the error that said it, and its HTTP status. */
  readonly said?: string;
  /** When it was told, in epoch milliseconds by the true clock. */
  readonly at: number;
}

/** What an answer to the POST has to be told as (S1, L2, L3); what is not here is accepted. */
const TOLD: Readonly<Partial<Record<PostKind, First>>> = {
  "429 with retry-after": "no",
  "429 without retry-after": "no",
  "401 with claims": "no",
  "401": "no",
  "400": "no",
  "403": "no",
  "404": "no",
  "409": "no",
  "wrong origin, taken": "yes",
  "no status url, taken": "yes",
};

const toldAs = (kind: PostKind): First => TOLD[kind] ?? (isHarmless(kind) ? "accepted" : "maybe");

/** After these answers, and so often, S1 has the POST sent again. */
const MAY_REPEAT: Readonly<Partial<Record<PostKind, number>>> = { "401 with claims": 1, "429 with retry-after": 2 };

/** A tolerance for clocks that are read one after the other, in milliseconds. */
const TICK = 5;

/** The answer to the last POST, if it surely arrived, so that what was told can be measured by it. */
export function plainAnswer({ posts, answered }: Account, { excuse }: Claim): PostKind | undefined {
  const answer = posts.at(-1);
  // The POST may have been sent again, and lost before it was seen here.
  const lost = excuse === "no answer" && answer !== undefined && answer in MAY_REPEAT;
  return !answered || lost || excuse === "aborted" || excuse === "expired" ? undefined : answer;
}

/** What is wrong with a claim; nothing, if it is true. */
export function judge(account: Account, claim: Claim): string[] {
  const { posts, taken, truth } = account;
  const { first, last, excuse, unsent, code, said = "no error", at } = claim;
  const wrong = judgePosts(account);
  const known = last === "succeeded" || last === "failed" || last === "canceled";

  // The last try may follow answers that ask for it.
  if (unsent && posts.some((kind) => unsent === "ever" || !(kind in MAY_REPEAT)))
    wrong.push("told that nothing was sent, but it was");
  if (first === "no" && taken > 0) wrong.push("told that nothing was touched, but the service took it");
  if ((first === "yes" || first === "accepted") && taken === 0) wrong.push("told that it started, but it did not");
  const answer = plainAnswer(account, claim);
  if (answer !== undefined) {
    if (first !== toldAs(answer)) wrong.push(`its POST got "${answer}" and was told as "${first}"`);
    const times = posts.filter((kind) => kind === answer).length;
    if (times <= (MAY_REPEAT[answer] ?? 0) && !excuse && !unsent) wrong.push(`was not POSTed again after "${answer}"`);
  }

  if (first === "accepted" && !known) wrong.push(`was accepted, and its end remained "${last}"`);
  if (first !== "accepted" && last !== first) wrong.push(`was "${first}", and then "${last}"`);
  if (known && truth?.status.toLowerCase() !== last) wrong.push(`told as "${last}", but is "${truth?.status}"`);
  if (known && truth?.code !== code) wrong.push(`told with "${code}", but has "${truth?.code}"`);
  if (known && at < (truth?.endTime ?? Number.POSITIVE_INFINITY) - TICK) wrong.push("told before it was true");
  return wrong.map((what) => `${claim.vmName}: ${what} (${said}; POSTs: ${posts.join("; ") || "none"})`);
}

/** S1: no POST that the rules do not allow, and no VM reimaged twice. */
function judgePosts({ posts, taken }: Account): string[] {
  const repeated = posts.slice(0, -1);
  const wrong = repeated
    .filter((kind, i) => repeated.slice(0, i + 1).filter((one) => one === kind).length > (MAY_REPEAT[kind] ?? 0))
    .map((kind) => `was POSTed again after "${kind}"`);
  if (taken > 1) wrong.push(`was taken ${taken} times`);
  return wrong;
}
