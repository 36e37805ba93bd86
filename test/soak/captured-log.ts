// A log as a careless program would keep it: everything that the client shows, in every way to print it. What is searched for
// secrets is not kept, or the log itself would be the leak that the storm looks for.
import { inspect } from "node:util";
import { everythingIn } from "../rules/support-s-secrets.js";
import { secretsSavedIn, secretsShownIn } from "./secrets.js";

/** The log, and what was found in it. */
export interface CapturedLog {
  /** An event, a state, an intent: many, so looked at in the ways that matter. */
  add(entry: unknown): void;
  /** A client or an operation, which is no data: as a debugger shows it. */
  addObject(object: object): void;
  /** An error: looked at from all sides, also for the signature values of its own operation. */
  addError(error: unknown, signatures?: readonly string[]): void;
  /** A resume state, which may hold the status URL, but no other secret. */
  addSaved(state: string): void;
  /** Listens to the console too, on which a library has nothing to say; gives back what ends that. */
  listen(): () => void;
  /** How much of each kind was looked at. */
  readonly entries: Readonly<Record<string, number>>;
  readonly characters: number;
  /** What should not have been in it, without the secret itself. */
  readonly leaks: readonly string[];
}

const CONSOLE = ["log", "info", "warn", "error", "debug", "trace", "dir"] as const;
const shownOf = (it: unknown): string => inspect(it, { depth: 10, showHidden: true, maxStringLength: null });

/** Begins a log. */
export function captureLog(): CapturedLog {
  const leaks: string[] = [];
  const entries: Record<string, number> = {};
  let characters = 0;
  const look = (what: string, text: string, shown: readonly string[]): void => {
    entries[what] = (entries[what] ?? 0) + 1;
    characters += text.length;
    for (const kind of shown) leaks.push(`a ${kind} shows in ${what}`);
  };
  const lookAt = (what: string, text: string): void => look(what, text, secretsShownIn(text));
  return {
    add: (entry) => lookAt("an event or a state", `${JSON.stringify(entry)}\n${shownOf(entry)}`),
    addObject: (object) => lookAt("a client or an operation", shownOf(object)),
    addError: (error, signatures) => {
      const { text, kinds } = everythingIn(error);
      const name = error instanceof Error ? error.name : "a rejection";
      look("an error", text, secretsShownIn(text, signatures));
      for (const kind of kinds) leaks.push(`a ${kind} hangs on ${name}`);
    },
    addSaved: (state) => look("a resume state", state, secretsSavedIn(state)),
    listen: () => {
      const own = CONSOLE.map((name) => [name, console[name]] as const);
      for (const name of CONSOLE) {
        console[name] = (...words: unknown[]) => {
          lookAt("the console", words.map(shownOf).join(" "));
          leaks.push(`something was printed by console.${name}`);
        };
      }
      return () => void Object.assign(console, Object.fromEntries(own));
    },
    entries,
    get characters() {
      return characters;
    },
    leaks,
  };
}
