/// <reference types="node" />
import { type FileHandle, open, readFile, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  isReimageError,
  parseVirtualMachineId,
  type ReimageIntent,
  type SerializedOperation,
  type VirtualMachineId,
} from "../index.js";
import { lock } from "./lock.js";
import { isRow, type Row } from "./rows.js";
import { keyOf } from "./targets.js";
import { UsageError } from "./usage.js";

/** What was last written down of a VM. */
export type Entry =
  | { readonly verb: "intend"; readonly intent: ReimageIntent }
  | { readonly verb: "accepted"; readonly saved: SerializedOperation }
  | { readonly verb: "ended"; readonly row: Row };

/** What happened to each VM, on disk: one line of JSON for each entry, synced before it counts. */
export interface Journal {
  /** The last entry of each VM that earlier runs wrote, by its id in lower case. */
  readonly past: ReadonlyMap<string, Entry>;
  /** Has this run, or an earlier one, anything of the VM? */
  knows(vm: VirtualMachineId): boolean;
  write(entry: Entry): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal, new or old, and keeps other writers out. It is for its owner's eyes alone (mode 0600).
 *
 * A last line that broke off was never synced: what it was about to say did not count, and it is cut off. One that is whole but for
 * its end counts. A file that is no journal is left as it is.
 *
 * @param place - which Azure it is about: what happened in one says nothing of another
 * @throws {@link UsageError} when it is locked, is no journal, or is of another place
 */
export async function openJournal(path: string, place: string): Promise<Journal> {
  const file = await fileBehind(path);
  const held = await lock(file);
  let handle: FileHandle | undefined;
  try {
    handle = await openPrivate(file);
    const { past, length, unended } = readEntries(await handle.readFile(), place);
    // Now it is known to be a journal: before, it may have been anybody's file.
    await handle.chmod(0o600);
    await handle.truncate(length);
    const append = createAppend(handle, length);
    if (unended) await append(`${unended}\n`);
    const opened = handle;
    const known = new Set(past.keys());
    return {
      past,
      knows: (vm) => known.has(keyOf(vm)),
      write(entry) {
        known.add(keyOf(vmOf(entry)));
        return append(`${JSON.stringify({ at: new Date().toISOString(), place, ...entry })}\n`);
      },
      async close() {
        await append("").catch(() => {});
        await opened.close();
        await held.release();
      },
    };
  } catch (error) {
    await handle?.close();
    await held.release();
    throw error;
  }
}

/**
 * What a journal tells, without a change to it, also while another process writes it; nothing where there is none.
 *
 * @throws {@link UsageError} when it is no journal, or is of another place
 */
export async function readJournal(path: string, place: string): Promise<Pick<Journal, "past">> {
  try {
    return readEntries(await readFile(await fileBehind(path)), place);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { past: new Map() };
    throw unopened(code);
  }
}

/** The file that a path leads to, there or not yet: two ways to one journal are one journal, with one lock. */
async function fileBehind(path: string): Promise<string> {
  const file = resolve(path);
  try {
    const real = await realpath(file);
    if (!(await stat(real)).isFile()) throw new UsageError("The journal must be a file.");
    return real;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw unopened(code);
  }
  const target = await readlink(file).catch(() => undefined);
  if (target !== undefined) return fileBehind(resolve(dirname(file), target));
  return join(await realpath(dirname(file)).catch(() => dirname(file)), basename(file));
}

function unopened(code: string | undefined): UsageError {
  return new UsageError(`The journal cannot be opened (${code}).`);
}

/** Opens a file to read and to append; makes it, and makes sure that its name survives a crash, where it is not there. */
async function openPrivate(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, "a+", 0o600);
    const folder = await open(dirname(file), "r");
    // Not every system syncs folders.
    await folder.sync().catch(() => {});
    await folder.close();
    return handle;
  } catch (error) {
    throw unopened((error as NodeJS.ErrnoException).code);
  }
}

/** Appends lines and syncs them; those that come while a sync is under way share the next. Of what failed nothing stays. */
function createAppend(handle: FileHandle, length: number): (lines: string) => Promise<void> {
  let waiting = "";
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let whole = length;
  const flush = async () => {
    const lines = waiting;
    waiting = "";
    next = undefined;
    try {
      await handle.appendFile(lines);
      await handle.datasync();
      whole += Buffer.byteLength(lines);
    } catch (error) {
      await handle.truncate(whole).catch(() => {});
      throw error;
    }
  };
  return (lines) => {
    waiting += lines;
    next ??= last = last.then(flush, flush);
    return next;
  };
}

/** How every line begins: so a last one that broke off is told from somebody else's file. */
const START = '{"at":"';

/** The last entry of each VM, the length of all whole lines in bytes, and an entry after them that lacks its line end. */
function readEntries(bytes: Buffer, here: string): { past: Map<string, Entry>; length: number; unended: string } {
  const past = new Map<string, Entry>();
  const length = bytes.lastIndexOf("\n") + 1;
  const rest = bytes.toString("utf8", length);
  const unended = rest && readEntry(rest) ? rest : "";
  const lines = bytes
    .toString("utf8", 0, length)
    .split("\n")
    .slice(0, -1)
    .concat(unended || []);
  for (const [i, line] of lines.entries()) {
    const entry = readEntry(line);
    if (!entry) throw noEntry(i);
    const { place = here } = entry;
    if (place !== here) {
      throw new UsageError(
        `Line ${i + 1} of the journal is about another Azure: another --cloud or --endpoint, or --simulate. Each has a journal of its own.`,
      );
    }
    past.set(keyOf(vmOf(entry)), entry);
  }
  if (!rest.startsWith(START) && !START.startsWith(rest)) throw noEntry(lines.length);
  return { past, length, unended };
}

function noEntry(i: number): UsageError {
  return new UsageError(`Line ${i + 1} of the journal is none: it was written by something else, or damaged.`);
}

function readEntry(line: string): (Entry & { readonly place?: string }) | undefined {
  try {
    const entry = JSON.parse(line) as Entry;
    keyOf(vmOf(entry));
    if (entry.verb === "ended" && !isRow(entry.row)) return undefined;
    return entry;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || isReimageError(error)) return undefined;
    throw error;
  }
}

/** The VM of an entry; throws where it has none. */
function vmOf(entry: Entry): VirtualMachineId {
  switch (entry.verb) {
    case "intend":
      return entry.intent.vm;
    case "accepted":
      return entry.saved.vm;
    case "ended":
      return parseVirtualMachineId(entry.row.vm);
    default:
      throw new TypeError("not an entry");
  }
}
