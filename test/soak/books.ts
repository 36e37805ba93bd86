// The books of the service: what each VM was asked and answered, and what was wrong with that on the side of the caller.
import type { RecordedRequest } from "../harness/record.js";
import type { Dice } from "./dice.js";
import { type Plan, type PollKind, type PostKind, planFor } from "./faults.js";
import { type Account, type Claim, judge, plainAnswer } from "./judge.js";
import { movedTo } from "./truth.js";

/** What is known about one VM. */
export interface Book {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly posts: PostKind[];
  taken: number;
  /** Did the answer to the last POST go out as planned? */
  answered: boolean;
  claim?: Claim;
  statusUrl?: string;
  password?: string;
  /** What the last answer asks of the next request. */
  owed?: Owed;
  correlationId?: string | undefined;
}

/** What an answer asks of the next request of the same life. */
export interface Owed {
  readonly life: string;
  readonly notBefore?: number;
  readonly moved?: true;
  readonly refused?: string;
  /** Does its connection still stand? If not, its caller may have left before it was read. */
  stands(): boolean;
}

/** What the storm was, by the books of the service. */
export interface Report {
  readonly posts: number;
  readonly polls: number;
  readonly taken: number;
  readonly claims: number;
  readonly mostAtOnce: number;
  readonly kinds: Readonly<Record<"POST" | "GET" | "connection", Readonly<Record<string, number>>>>;
  /** How often a claim could be held against the last answer to a POST, by the kind of that answer. */
  readonly measured: Readonly<Record<string, number>>;
  /** What should not have been: false claims, early polls, contacts of a stranger, answers that threw. */
  readonly problems: readonly string[];
  /** The connections that stand, by what they wait for: an answer to a request, or the next request. */
  readonly connections: Readonly<Record<"unanswered" | "idle", number>>;
}

/** How the service holds an operation, when it is asked in the end. */
export type Truth = (statusUrl: string) => Promise<Account["truth"]>;

/** A tolerance for clocks that are read one after the other, in milliseconds. */
const TICK = 20;

/** Opens the books of a storm. */
export function openBooks(seed: string) {
  const books = new Map<string, Book>();
  const problems: string[] = [];
  const requestIds = new Set<string>();
  let atOnce = 0;
  let mostAtOnce = 0;

  const bookOf = (vmName: string): Book => {
    let book = books.get(vmName);
    if (!book) {
      const plan = planFor(seed, vmName);
      book = { plan, dice: plan.dice, posts: [], taken: 0, answered: false };
      books.set(vmName, book);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
    }
    return book;
  };

  /** Checks a request by what was asked of it. */
  const check = (vmName: string, book: Book, { url, headers }: RecordedRequest): void => {
    const complain = (what: string): void => void problems.push(`${vmName}: ${what}`);
    const { owed } = book;
    if (owed?.life === headers["x-soak-life"] && owed?.stands()) {
      const early = (owed.notBefore ?? 0) - performance.now();
      if (early > TICK) complain(`asked ${Math.round(early)} ms before it was due`);
      if (owed.moved && movedTo(url) !== url) complain("asked at the place that the status has moved from");
      if (owed.refused === headers.authorization) complain("showed the token again that was refused");
    }
    delete book.owed;
    // L15: one for each request, one for the operation.
    const { "x-ms-client-request-id": id = "", "x-ms-correlation-request-id": correlationId } = headers;
    if (requestIds.size === requestIds.add(id).size) complain("used a client request id twice");
    book.correlationId ??= correlationId;
    if (!correlationId || book.correlationId !== correlationId) complain("changed its correlation id");
  };

  return {
    problems,
    bookOf,
    check,
    enter(claim: Claim): void {
      const book = bookOf(claim.vmName);
      if (book.claim) problems.push(`${claim.vmName}: claimed twice`);
      book.claim = claim;
      atOnce -= 1;
    },
    /** Judges every claim by what the service holds. */
    async close(truthOf: Truth): Promise<Omit<Report, "polls" | "kinds" | "connections">> {
      const found = [...problems];
      const measured: Record<string, number> = {};
      for (const [vmName, { posts, taken, answered, claim, statusUrl }] of books) {
        if (!claim) {
          found.push(`${vmName}: nothing was claimed`);
          continue;
        }
        const truth = statusUrl === undefined ? undefined : await truthOf(statusUrl);
        const account = { vmName, posts, taken, answered, ...(truth && { truth }) };
        found.push(...judge(account, claim));
        const answer = plainAnswer(account, claim);
        if (answer) measured[answer] = (measured[answer] ?? 0) + 1;
      }
      const all = [...books.values()];
      const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
      return {
        posts: sum(all.map(({ posts }) => posts.length)),
        taken: sum(all.map(({ taken }) => taken)),
        claims: all.filter(({ claim }) => claim).length,
        mostAtOnce,
        measured,
        problems: found,
      };
    },
  };
}

/** What an answer that is given now asks for; lives that poll by hand are not bound by a Retry-After. */
export function owedBy(kind: PostKind | PollKind, { headers }: RecordedRequest): Omit<Owed, "stands"> | undefined {
  const { "x-soak-life": life = "", authorization = "" } = headers;
  if (kind === "moved") return { life, moved: true };
  if (kind.startsWith("401")) return { life, refused: authorization };
  const waits = ASKS_TO_WAIT.includes(kind) && life.endsWith("wait");
  return waits ? { life, notBefore: performance.now() + RETRY_AFTER_MS } : undefined;
}

/** The answers that ask for a wait, of so long. */
const ASKS_TO_WAIT: readonly string[] = ["retry-after", "retry-after by a skewed date", "429 with retry-after"];
const RETRY_AFTER_MS = 1_000;
