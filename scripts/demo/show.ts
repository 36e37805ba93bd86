/** Why: what a newcomer sees. The acts tell what happens; this writes it down, and keeps the last line alive while it is waited. */
import type { AnyReimageError, OperationState } from "../../src/index.js";
import type { RecordedRequest } from "../../src/simulator/index.js";
import {
  errorLines,
  headerLines,
  liveLine,
  progressLine,
  type Reply,
  replyHead,
  requestLines,
  retryAfterMs,
} from "./lines.js";
import type { Screen } from "./screen.js";
import { gap, jsonLines, kilobytes, seconds, shortUrl, WIDTH, wrap } from "./text.js";

/** Takes down what happens. */
export interface Teller {
  opening(): void;
  /** A step of the preparation begins; `otherwise` is said when it fails. */
  step(what: string, otherwise: string): Step;
  /** What all acts begin with. */
  setting(code: readonly string[]): void;
  /** An act begins; `code` is the call that it shows. */
  act(title: string, code: string): Act;
  exchange(request: RecordedRequest, reply: Reply): void;
  /** Something went wrong that should not. */
  broke(error: unknown): void;
  /** All acts are over; `odd` are the VMs that did not end as they were meant to. */
  closing(acts: number, odd: readonly string[]): void;
}

/** How a step of the preparation ends. */
export interface Step {
  done(): void;
  failed(why: string): void;
}

/** Takes down one act. */
export interface Act {
  readonly progress: (state: OperationState) => void;
  succeeded(remark: string): void;
  failed(error: AnyReimageError): void;
  saved(state: Readonly<Record<string, unknown>>, bytes: number): void;
  /** Something else follows in the same act. */
  next(text: string, code: string): void;
}

/** Shows on a screen what it is told. */
export function show(screen: Screen, clock: () => number = () => performance.now()): Teller {
  const { line, look } = screen;
  let acts = 0;
  let raisedAt = clock();
  let sentAt = clock();
  let dueAt = Date.now();
  let state: OperationState | undefined;
  let alive: { stop(): void } | undefined;

  const since = (start: number) => seconds(clock() - start);
  const still = () => {
    alive?.stop();
    alive = undefined;
  };
  const indented = (lines: readonly string[], by = "    ") => {
    still();
    for (const text of lines) line(`${by}${text}`);
  };
  const code = (text: string) => indented(wrap(text, WIDTH - 4).map((part) => look("cyan", part)));
  const ended = (mark: string, text: string) => {
    still();
    line(`  ${mark} ${look("bold", text)}`);
  };

  return {
    opening() {
      line();
      line(look("bold", "azure-vm-reimage"));
      line();
      for (const text of wrap(OPENING, WIDTH)) line(text);
      line();
    },

    step(what, otherwise) {
      const start = clock();
      const shown = (left: string) => `${gap(left, since(start))}${since(start)}`;
      alive = screen.live(() => `  · ${what}${shown(`  · ${what}`)}`);
      return {
        done() {
          still();
          line(`  ${look("green", "✓")} ${what}${look("dim", shown(`  ✓ ${what}`))}`);
        },
        failed(why) {
          ended(look("red", "✗"), otherwise);
          indented(why.split("\n"));
        },
      };
    },

    setting(shown) {
      line();
      indented(shown.map((text) => look("cyan", text)));
      raisedAt = clock();
    },

    act(title, shown) {
      acts += 1;
      state = undefined;
      const head = `── ${acts} ── ${title} `;
      line();
      line(look("bold", head) + look("dim", "─".repeat(Math.max(WIDTH - head.length, 0))));
      line();
      code(shown);
      line();
      return {
        progress(next) {
          state = next;
          if (next.status !== "running") return;
          dueAt = next.nextPollAt;
          if (!screen.isLive) line(progressLine(clock() - sentAt, next, dueAt - Date.now()));
        },
        succeeded(remark) {
          const asked = state && state.polls > 0 ? `, ${times(state.polls)}` : "";
          ended(look("green", "✓"), `succeeded after ${since(sentAt)}${asked}`);
          indented(wrap(remark, WIDTH - 4));
        },
        failed(error) {
          ended(look("red", "✗"), `failed after ${since(sentAt)}, and the call threw an error:`);
          indented(errorLines(error, (text) => look("dim", text)));
        },
        saved(saved, bytes) {
          ended(look("green", "✓"), `saved: ${kilobytes(bytes)} of JSON, to be kept like a secret`);
          const url = String(saved.statusUrl);
          const shown = { ...saved, statusUrl: shortUrl(url) };
          indented(jsonLines(shown, WIDTH - 4).map((text) => look("dim", text)));
        },
        next(text, shown) {
          line();
          indented(wrap(text, WIDTH - 4));
          code(shown);
          line();
        },
      };
    },

    exchange(request, reply) {
      const isFine = reply.status < 300;
      if (request.method === "POST") {
        still();
        sentAt = clock();
        const [first = "", ...rest] = requestLines(request);
        line(`  ${look("cyan", "→")} ${first}`);
        indented(rest.map((text) => look("dim", text)));
        line(`  ${look(isFine ? "green" : "red", "←")} ${replyHead(reply)}`);
        indented(headerLines(reply, acts === 1, (text) => look("dim", text)));
        line();
        dueAt = Date.now() + retryAfterMs(reply);
      }
      if (isFine && !alive) alive = screen.live(() => liveLine(clock() - sentAt, state, dueAt - Date.now()));
    },

    broke(error) {
      ended(look("red", "✗"), "That was not to happen.");
      indented(wrap(String(error), WIDTH - 4));
    },

    closing(count, odd) {
      still();
      line();
      line(look("dim", "─".repeat(WIDTH)));
      line();
      if (odd.length > 0) line(`${look("red", "✗")} ${look("bold", `Not as it was meant to end: ${odd.join(", ")}`)}`);
      else {
        line(
          `${look("green", "✓")} ${look("bold", `All ${count} ended as they were meant to`)}, in ${since(raisedAt)}.`,
        );
        for (const [what, how] of NEXT) line(`  ${what.padEnd(32)}${look("cyan", how)}`);
      }
      line();
    },
  };
}

/** How often the service was asked. */
function times(polls: number): string {
  return ["asked once", "asked twice"][polls - 1] ?? `asked ${polls} times`;
}

const OPENING =
  "Reimages four virtual machines, each by one POST that is followed to the service's own last word. The service is a " +
  "simulator of Azure Resource Manager, in this process: no account, no network, and seconds instead of minutes.";

const NEXT = [
  ["Use it:", "README.md, from the quick start on"],
  ["Prove it:", "npm test"],
  ["Change the contract behind it:", "edit spec/openapi.yaml, then npm run generate"],
] as const;
