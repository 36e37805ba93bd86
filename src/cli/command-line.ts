/// <reference types="node" />
import { basename, delimiter, dirname, resolve } from "node:path";
import type { Io } from "./io.js";

const NAME = "azure-vm-reimage";

/** A command line that can be pasted into a POSIX shell. */
export function commandLine(args: readonly string[], io: Pick<Io, "env" | "startedBy">): string {
  return [...commandOf(io), ...args].map(quoted).join(" ");
}

/** How this command can be started again: by npx, where npm has started it; by its name, where a shell finds that; else by its path. */
function commandOf({ env, startedBy }: Pick<Io, "env" | "startedBy">): string[] {
  if (env.npm_command) return ["npx", NAME];
  if (startedBy === undefined) return [NAME];
  // Shims of some package managers start the file behind the name.
  if (basename(startedBy) !== NAME) return ["node", startedBy];
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.some((folder) => resolve(folder) === dirname(startedBy)) ? [NAME] : [startedBy];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
