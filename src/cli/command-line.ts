import type { Io } from "./io.js";

/** A command line that can be pasted into a POSIX shell; by npx, where npm has started this one and no path leads to it. */
export function commandLine(args: readonly string[], { env }: Pick<Io, "env">): string {
  return [...(env.npm_command ? ["npx"] : []), "azure-vm-reimage", ...args.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
