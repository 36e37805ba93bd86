/** A durable engine in twenty lines, with the one promise that matters: a step that has no stored result is run again. */
import type { Steps } from "./workflow.js";

/** The process is gone: nothing after this is run, and nothing is stored. */
export class Killed extends Error {}

export interface Engine {
  /** One pass of a workflow through its steps, as a process that just started makes it. */
  pass<T>(workflow: (steps: Steps) => Promise<T>): Promise<T>;
  /** The moments so far: before a step's work, after it, and when its result is stored. */
  readonly moments: readonly string[];
}

/**
 * @param killAt - the moments at which the process is killed, counted from 0 over all passes
 * @param onSleep - what passes the time
 */
export function createEngine(killAt: readonly number[], onSleep: () => void): Engine {
  const stored = new Map<string, string>();
  const moments: string[] = [];
  const live = (moment: string) => {
    if (killAt.includes(moments.push(moment) - 1)) throw new Killed(moment);
  };
  const run: Steps["run"] = async ({ name }, work) => {
    const known = stored.get(name);
    if (known !== undefined) return JSON.parse(known);
    live(`before ${name}`);
    const result = await work();
    live(`after ${name}`);
    stored.set(name, JSON.stringify(result));
    live(`stored ${name}`);
    return result;
  };
  const sleep: Steps["sleep"] = (name) => run({ name }, async () => onSleep());
  return { moments, pass: (workflow) => workflow({ run, sleep }) };
}
