import { readFile } from "node:fs/promises";
import type { Input, Io } from "./io.js";
import { UsageError } from "./usage.js";

/** Standard input, whole. */
export async function readAll(stdin: Input): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** A file, or standard input where it is called `-`. */
export async function readText(file: string, option: string, { stdin }: Io): Promise<string> {
  return file === "-" ? readAll(stdin) : (await readBytes(file, option)).toString("utf8");
}

/**
 * A file's bytes.
 *
 * @throws {@link UsageError} when it cannot be read
 */
export async function readBytes(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`The file of ${option} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
