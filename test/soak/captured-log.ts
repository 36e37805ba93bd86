// A log as a careless program would keep it: everything that the client shows, in every way to print it. What is searched for
// secrets is not kept, or the log itself would be the leak that the storm looks for.
import { inspect } from "node:util";
import { everythingIn } from "../rules/support-s-secrets.js";
import { secretsSavedIn, secretsShownIn } from "./secrets.js";

/** The log, and what was found in it. */
export interface CapturedLog {
  /** An event, or a state: many, so looked at in the ways that matter. */
  add(entry: unknown): void;
  /** An error: looked at from all sides. */
  addError(error: unknown): void;
  /** A resume state, which may hold the status URL, but no other secret. */
  addSaved(state: string): void;
  readonly entries: number;
  readonly characters: number;
  /** What should not have been in it, without the secret itself. */
  readonly leaks: readonly string[];
}

/** Begins a log. */
export function captureLog(): CapturedLog {
  const leaks: string[] = [];
  let entries = 0;
  let characters = 0;
  const look = (what: string, text: string, shown: readonly string[]): void => {
    entries += 1;
    characters += text.length;
    for (const kind of shown) leaks.push(`a ${kind} shows in ${what}`);
  };
  return {
    add: (entry) => {
      const text = `${JSON.stringify(entry)}\n${inspect(entry, { depth: 10, showHidden: true, maxStringLength: null })}`;
      look("an event or a state", text, secretsShownIn(text));
    },
    addError: (error) => {
      const { text, kinds } = everythingIn(error);
      look(`${error instanceof Error ? error.name : "a rejection"}`, text, secretsShownIn(text));
      for (const kind of kinds) leaks.push(`a ${kind} hangs on ${error instanceof Error ? error.name : "a rejection"}`);
    },
    addSaved: (state) => look("a resume state", state, secretsSavedIn(state)),
    get entries() {
      return entries;
    },
    get characters() {
      return characters;
    },
    leaks,
  };
}
