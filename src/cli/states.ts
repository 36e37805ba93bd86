/// <reference types="node" />
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { SerializedOperation } from "../index.js";
import { readText } from "./input.js";
import type { Io } from "./io.js";
import { UsageError } from "./usage.js";

/**
 * The resume states in a file: one or many, a line each or as a list; also what `-o json` and `-o jsonl` printed.
 *
 * @throws {@link UsageError} when there is none
 */
export async function readStates(file: string, io: Io): Promise<SerializedOperation[]> {
  const text = await readText(file, "--resume", io);
  const values = parse(text) ?? text.split("\n").flatMap((line) => (line.trim() ? (parse(line) ?? [undefined]) : []));
  const states = values.flatMap((value) => {
    const { resume, outcome } = Object(value);
    // A row without one has nothing to resume.
    return outcome === undefined ? [value] : (resume ?? []);
  });
  if (states.length === 0) throw new UsageError("There is nothing to resume in what --resume names.");
  if (states.some((state) => typeof state !== "object" || state === null)) {
    throw new UsageError("What --resume names holds no resume states: they are JSON, as --no-wait prints it.");
  }
  if (states.some(({ verb }) => verb !== undefined)) {
    throw new UsageError("What --resume names is a journal: the command that wrote it, again, goes on with it.");
  }
  // The same state twice is one operation.
  return [...new Map(states.map((state) => [JSON.stringify(state), state as SerializedOperation])).values()];
}

/** JSON as a list of what it holds. */
function parse(text: string): readonly unknown[] | undefined {
  try {
    return [JSON.parse(text)].flat();
  } catch {
    return undefined;
  }
}

/** Writes resume states to a new file for its owner's eyes alone, here or, where that cannot be, among the temporary files. */
export async function keepStates(states: readonly SerializedOperation[]): Promise<string> {
  const name = `azure-vm-reimage-${new Date().toISOString().replace(/\W/g, "")}-${process.pid}.jsonl`;
  const text = states.map((state) => `${JSON.stringify(state)}\n`).join("");
  const write = async (file: string) => {
    await writeFile(file, text, { mode: 0o600, flag: "wx", flush: true });
    return resolve(file);
  };
  return write(name).catch(() => write(join(tmpdir(), name)));
}
