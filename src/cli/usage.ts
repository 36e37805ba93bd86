/** The command was not understood, or may not be done like this: exit code 2, and nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError" as const;
}

/** The exit code of a usage error. */
export const USAGE = 2;
