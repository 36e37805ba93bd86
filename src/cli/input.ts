/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { Interruption, type Io } from "./io.js";
import { harmless } from "./text.js";
import { UsageError } from "./usage.js";

/**
 * Standard input, whole.
 *
 * @throws {@link Interruption} when that comes before its end
 */
export async function readAll({ stdin, interrupted }: Pick<Io, "stdin" | "interrupted">): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(interrupted, stdin)) chunks.push(Buffer.from(chunk));
  } catch (error) {
    if (interrupted.aborted) throw new Interruption();
    throw new UsageError(`Standard input cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  return textOf(Buffer.concat(chunks));
}

/** A file, or standard input where it is called `-`. */
export async function readText(file: string, option: string, io: Io): Promise<string> {
  return file === "-" ? readAll(io) : textOf(await readBytes(file, option));
}

/** The text of bytes in UTF-8, or in UTF-16 as PowerShell writes it; without the mark that tells them apart. */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
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
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The file of ${option} cannot be read (${code}): ${harmless(file)}`);
  }
}
