// The service of the storm, in a process of its own: the simulator behind real sockets that misbehave as faults.ts says. It
// keeps the books by which every claim of the callers is judged. Started by storm-server.ts; goes when its parent does.
import { createServer, type Server, type Socket } from "node:net";
import { createSimulator } from "../../src/simulator/index.js";
import type { Answer, AnswerScript } from "../harness/answer.js";
import { turns } from "../harness/clock.js";
import { serve } from "../harness/connection.js";
import { makeJournal } from "../harness/journal.js";
import type { Message } from "../harness/message.js";
import type { RecordedRequest } from "../harness/record.js";
import { json } from "../harness/replies.js";
import { type Dice, diceOf } from "./dice.js";
import { closesByItself, type Plan, type PollKind, type PostKind, planFor } from "./faults.js";
import { type Claim, judge } from "./judge.js";
import { play, type Scene } from "./storm-answers.js";

/** What the parent says. */
export type ToService = { readonly claim: Claim } | { readonly calm: true } | { readonly report: true };

/** What the storm was, by the books of the service. */
export interface Report {
  readonly posts: number;
  readonly polls: number;
  readonly taken: number;
  readonly claims: number;
  readonly kinds: Readonly<Record<"POST" | "GET", Readonly<Record<string, number>>>>;
  /** What should not have been: false claims, early polls, contacts of a stranger, answers that threw. */
  readonly problems: readonly string[];
  readonly openSockets: number;
}

/** What the service says. */
export type FromService = { readonly url: string } | { readonly report: Report };

interface Book {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly posts: PostKind[];
  taken: number;
  /** Did the answer to the last POST go out as planned? */
  answered: boolean;
  claim?: Claim;
  statusUrl?: string;
  password?: string;
  /** When the next request of this life may come. */
  due?: { readonly life: string; readonly at: number };
}

const [seed = ""] = process.argv.slice(2);
const send = (message: FromService): void => void process.send?.(message);
process.on("disconnect", () => process.exit());

const books = new Map<string, Book>();
const operations = new Map<string, string>();
const kinds: Record<"POST" | "GET", Record<string, number>> = { POST: {}, GET: {} };
const problems: string[] = [];
const journal = makeJournal("the storm");
const open = new Set<Socket>();
let calm = false;
let contacts = 0;

const server = createServer();
const stranger = createServer((socket) => {
  contacts += 1;
  socket.destroy();
});
const [url, elsewhere] = await Promise.all([listen(server), listen(stranger)]);

let planned = "";
const simulator = createSimulator({
  endpoint: url,
  retryAfterSeconds: null,
  outcome: ({ vmName }) => {
    planned = vmName;
    return diceOf(seed, vmName, "outcome").weigh({ succeeded: 6, failed: 2, canceled: 2 });
  },
  durationMs: () => diceOf(seed, planned, "duration").int(0, 2500),
});

server.on("connection", (socket) => {
  open.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => open.delete(socket));
  if (!calm && diceOf(seed, "connection", contactCount()).chance(0.003)) {
    count("GET", "reset on connect");
    socket.resetAndDestroy();
    return;
  }
  const record = { id: 0, origin: url, at: 0, secure: false, closed: false, error: undefined };
  void serve(socket, socket, record, { url, journal, answerTo });
});
process.on("message", (message: ToService) => {
  if ("claim" in message) enter(message.claim);
  else if ("calm" in message) calm = true;
  else report().then((told) => send({ report: told }));
});
send({ url });

let connections = 0;
function contactCount(): number {
  connections += 1;
  return connections;
}

function listen(one: Server): Promise<string> {
  return new Promise((resolve) => {
    one.listen(0, "127.0.0.1", () => {
      const address = one.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    });
  });
}

function count(method: "POST" | "GET", kind: string): void {
  kinds[method][kind] = (kinds[method][kind] ?? 0) + 1;
}

/** The VM that a request is about, by its name or by its operation. */
function vmOf({ url: path }: RecordedRequest): string | undefined {
  return (
    /\/virtualMachines\/([^/?]+)\/reimage/.exec(path)?.[1] ??
    operations.get(/\/operations\/([^/?]+)/.exec(path)?.[1] ?? "")
  );
}

function bookOf(vmName: string): Book {
  let book = books.get(vmName);
  if (!book) {
    const plan = planFor(seed, vmName);
    book = { plan, dice: plan.dice, posts: [], taken: 0, answered: false };
    books.set(vmName, book);
  }
  return book;
}

/** Chooses the answer to a request whose headers have arrived. */
function answerTo(request: RecordedRequest): AnswerScript {
  journal.requests.length = 0;
  const vmName = vmOf(request);
  if (vmName === undefined) {
    problems.push(`${request.method} ${request.url.slice(0, 200)} is about nothing known`);
    return json(404, { error: { code: "Unknown" } });
  }
  const book = bookOf(vmName);
  const { plan, dice } = book;
  const context = { origin: url, request };
  const life = request.headers["x-soak-life"] ?? "";
  const early = book.due?.life === life ? book.due.at - performance.now() : 0;
  if (early > 20) problems.push(`${vmName}: asked ${Math.round(early)} ms before it was due`);
  delete book.due;
  const scene: Scene = {
    context,
    dice,
    act: () => act(vmName, book, request),
    elsewhere,
    gossip: () => gossip(book, request),
  };
  if (request.method === "POST") {
    const kind = calm ? "plain" : plan.post();
    book.posts.push(kind);
    book.answered = false;
    count("POST", kind);
    owe(book, kind, life);
    return watched(play(kind, scene), closesByItself(kind), (arrived) => {
      book.answered = arrived;
    });
  }
  const kind: PollKind = calm ? "plain" : plan.poll(!request.url.includes("monitor=true"));
  count("GET", kind);
  owe(book, kind, life);
  return play(kind, scene);
}

/** Tells in the end whether an answer went out: an earlier one on the same connection may have torn it down. */
function watched(answer: Answer, closesByItself: boolean, tell: (arrived: boolean) => void): Answer {
  return {
    ...answer,
    deliver: async (wire, message) => {
      await turns(2);
      const stood = !wire.closed;
      await answer.deliver(wire, message);
      await turns(2);
      tell(stood && (closesByItself || !wire.closed));
    },
  };
}

/** Remembers that an answer asks for a second; lives that poll by hand are not bound by it. */
function owe(book: Book, kind: string, life: string): void {
  if (/retry-after\b/.test(kind) && !/^odd|without/.test(kind) && life.endsWith("wait"))
    book.due = { life, at: performance.now() + 1000 };
}

/** Lets the simulator act on a request. */
async function act(vmName: string, book: Book, request: RecordedRequest): Promise<Message> {
  const { method, url: path, headers, body } = request;
  const response = await simulator.fetch(`${url}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(body === "" ? {} : { body }),
  });
  if (method === "POST") {
    const statusUrl = response.headers.get("azure-asyncoperation");
    const password = body && JSON.parse(body).osProfile?.adminPassword;
    if (password) book.password = password;
    if (response.status === 202 && statusUrl) {
      book.taken += 1;
      book.statusUrl = statusUrl;
      operations.set(/\/operations\/([^/?]+)/.exec(statusUrl)?.[1] ?? "", vmName);
    } else problems.push(`${vmName}: the simulator answered ${response.status}`);
  }
  return {
    status: response.status,
    // How the body is framed is the wire's affair.
    headers: Object.fromEntries([...response.headers].filter(([name]) => name !== "content-length")),
    body: Buffer.from(await response.arrayBuffer()),
    framing: "length",
  };
}

/** After a resume the client does not know the password any more, and says so; a careless service would still know it. */
function gossip({ dice, password }: Book, { url: path, headers }: RecordedRequest): string {
  const [, query = ""] = path.split("?");
  const resumed = !/^1\./.test(headers["x-soak-life"] ?? "1.");
  const known = [headers.authorization ?? "", (headers.authorization ?? "").replace(/^Bearer /, ""), `?${query}`, path];
  const secret = dice.pick(password && !resumed ? [password, ...known] : known);
  const form = dice.pick([(it: string) => it, (it: string) => JSON.stringify(it).slice(1, -1), encodeURIComponent]);
  return `You sent ${form(secret)} from ${headers["user-agent"]}.`;
}

function enter(claim: Claim): void {
  const book = bookOf(claim.vmName);
  if (book.claim) problems.push(`${claim.vmName}: claimed twice`);
  book.claim = claim;
}

/** Asks the simulator itself how each operation ended, and judges every claim by that. */
async function report(): Promise<Report> {
  const found = [...problems, ...journal.problems];
  if (contacts > 0) found.push(`a stranger was contacted ${contacts} times`);
  for (const [vmName, { posts, taken, answered, claim, statusUrl }] of books) {
    if (!claim) {
      found.push(`${vmName}: nothing was claimed`);
      continue;
    }
    const truth = statusUrl && (await truthOf(statusUrl));
    found.push(...judge({ vmName, posts, taken, answered, ...(truth && { truth }) }, claim));
  }
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  const all = [...books.values()];
  return {
    posts: sum(all.map(({ posts }) => posts.length)),
    polls: sum(Object.values(kinds.GET)) - (kinds.GET["reset on connect"] ?? 0),
    taken: sum(all.map(({ taken }) => taken)),
    claims: all.filter(({ claim }) => claim).length,
    kinds,
    problems: found,
    openSockets: open.size,
  };
}

async function truthOf(statusUrl: string) {
  const response = await simulator.fetch(statusUrl, { headers: { authorization: "Bearer the-judge" } });
  const { status, endTime, error } = (await response.json()) as {
    status: string;
    endTime?: string;
    error?: { code: string };
  };
  return { status, ...(error && { code: error.code }), ...(endTime && { endTime: Date.parse(endTime) }) };
}
