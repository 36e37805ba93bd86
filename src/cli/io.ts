/// <reference types="node" />
import type { Readable } from "node:stream";

/** What the command line reads and writes; a test brings its own. */
export interface Io {
  readonly stdin: Input;
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Progress, questions and complaints. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that was started, as a whole path; its name alone is good enough where there is none. */
  readonly startedBy?: string | undefined;
  /** Aborts at the first Ctrl-C or SIGTERM, and when the terminal is closed. */
  readonly interrupted: AbortSignal;
  /** Aborts at the second: answers that are still to come are not waited for any more. */
  readonly hurried: AbortSignal;
}

/** Standard input. */
export type Input = Readable & { readonly isTTY?: boolean };

/** Standard output or standard error. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** The process itself. Its third Ctrl-C or SIGTERM ends it at once. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const interruption = new AbortController();
  const hurry = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (hurry.signal.aborted) process.exit(INTERRUPTED);
      const next = interruption.signal.aborted ? hurry : interruption;
      next.abort(new Error(signal));
    });
  }
  // Whoever read what was printed may have left (`| head`): the reimages go on, and so does the journal.
  stderr.on("error", () => {});
  stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return;
    stderr.write(`The results could not be written to standard output (${code}).\n`);
    process.exitCode ||= 1;
  });
  const startedBy = process.argv[1];
  return { stdin, stdout, stderr, env, startedBy, interrupted: interruption.signal, hurried: hurry.signal };
}

/** The exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/** The command was interrupted before anything was sent. */
export class Interruption extends Error {
  override readonly name = "Interruption" as const;
}
