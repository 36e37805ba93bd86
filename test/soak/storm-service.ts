// The service of the storm, in a process of its own: the simulator behind real sockets that misbehave as faults.ts says.
// Started by storm-server.ts; goes when its parent does.
import { createServer, type Server } from "node:net";
import type { Answer, AnswerScript } from "../harness/answer.js";
import { pause, turns } from "../harness/clock.js";
import { serve } from "../harness/connection.js";
import { makeJournal } from "../harness/journal.js";
import type { RecordedRequest, RecordedSocket } from "../harness/record.js";
import { json } from "../harness/replies.js";
import { type Book, openBooks, owedBy, type Report } from "./books.js";
import { diceOf } from "./dice.js";
import { closesByItself, type PollKind, type PostKind } from "./faults.js";
import type { Claim } from "./judge.js";
import { gossip } from "./secrets.js";
import { play } from "./storm-answers.js";
import { holdTruth } from "./truth.js";

/** What the parent says. */
export type ToService = { readonly claim: Claim } | { readonly calm: boolean } | { readonly report: true };

/** What the service says. */
export type FromService = { readonly url: string } | { readonly report: Report };

const [seed = ""] = process.argv.slice(2);
const send = (message: FromService): void => void process.send?.(message);
process.on("disconnect", () => process.exit());

const books = openBooks(seed);
const kinds: Record<keyof Report["kinds"], Record<string, number>> = { POST: {}, GET: {}, connection: {} };
const journal = makeJournal("the storm");
/** The connections that stand, each with its last request. */
const open = new Map<RecordedSocket, RecordedRequest | undefined>();
let calm = true;
let connections = 0;

const server = createServer();
const stranger = createServer((socket) => {
  books.problems.push("a stranger was contacted");
  socket.destroy();
});
const [url, elsewhere] = await Promise.all([listen(server), listen(stranger)]);

const truth = holdTruth(seed, url, books.bookOf);

server.on("connection", (socket) => {
  const record = { id: connections, origin: url, at: 0, secure: false, closed: false, error: undefined };
  connections += 1;
  open.set(record, undefined);
  socket.on("error", () => {});
  socket.on("close", () => open.delete(record));
  if (!calm && diceOf(seed, "connection", connections).chance(0.003)) {
    kinds.connection.reset = (kinds.connection.reset ?? 0) + 1;
    socket.resetAndDestroy();
    return;
  }
  void serve(socket, socket, record, { url, journal, answerTo });
});
process.on("message", (message: ToService) => {
  if ("claim" in message) books.enter(message.claim);
  else if ("calm" in message) calm = message.calm;
  else report().then((told) => send({ report: told }));
});
send({ url });

function listen(one: Server): Promise<string> {
  return new Promise((resolve) => {
    one.listen(0, "127.0.0.1", () => {
      const address = one.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    });
  });
}

/** Chooses the answer to a request whose headers have arrived. */
function answerTo(request: RecordedRequest): AnswerScript {
  journal.requests.length = 0;
  open.set(request.socket, request);
  const vmName = truth.vmOf(request);
  if (vmName === undefined) {
    books.problems.push(`${request.method} ${request.url.slice(0, 200)} is about nothing known`);
    return json(404, { error: { code: "Unknown" } });
  }
  const book = books.bookOf(vmName);
  books.check(vmName, book, request);
  return request.method === "POST" ? answerPost(vmName, book, request) : answerPoll(vmName, book, request);
}

function answerPost(vmName: string, book: Book, request: RecordedRequest): Answer {
  const kind = calm ? "plain" : book.plan.post();
  book.posts.push(kind);
  book.answered = false;
  return answerWith(kind, vmName, book, request, (arrived) => {
    book.answered = arrived;
  });
}

function answerPoll(vmName: string, book: Book, request: RecordedRequest): Answer {
  const kind = calm ? "plain" : book.plan.poll(!request.url.includes("monitor=true"));
  return answerWith(kind, vmName, book, request, () => {});
}

/** Plays an answer, and tells in the end whether it went out: an earlier one on its connection may have torn that down. */
function answerWith(
  kind: PostKind | PollKind,
  vmName: string,
  book: Book,
  request: RecordedRequest,
  tell: (arrived: boolean) => void,
): Answer {
  const { method } = request;
  kinds[method as "POST" | "GET"][kind] = (kinds[method as "POST" | "GET"][kind] ?? 0) + 1;
  const owed = owedBy(kind, request);
  const context = { origin: url, request };
  const act = () => truth.act(vmName, book, request);
  const answer = play(kind, { context, dice: book.dice, act, elsewhere, gossip: () => gossip(book, request) });
  return {
    ...answer,
    deliver: async (wire, message) => {
      await turns(2);
      const stood = !wire.closed;
      await answer.deliver(wire, message);
      await turns(2);
      const arrived = stood && (closesByItself(kind) || !wire.closed);
      tell(arrived);
      if (arrived && owed) book.owed = { ...owed, stands: () => !wire.closed };
    },
  };
}

/** What the connections wait for. */
function waiting(): Report["connections"] {
  const unanswered = [...open.values()].filter((request) => request && !request.answered).length;
  return { unanswered, idle: open.size - unanswered };
}

/** Closes the books. */
async function report(): Promise<Report> {
  // The last connections may be about to close.
  for (let n = 0; n < 50 && waiting().unanswered > 0; n += 1) await pause(20);
  const closed = await books.close(truth.truthOf);
  const polls = Object.values(kinds.GET).reduce((one, other) => one + other, 0);
  return { ...closed, polls, kinds, problems: [...closed.problems, ...journal.problems], connections: waiting() };
}
