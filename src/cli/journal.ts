/// <reference types="node" />
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  isReimageError,
  parseVirtualMachineId,
  type ReimageIntent,
  type SerializedOperation,
  type VirtualMachineId,
} from "../index.js";
import { lock } from "./lock.js";
import type { Row } from "./rows.js";
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
 * A last line that broke off was never synced: what it was about to say did not count, and it is cut off.
 *
 * @throws {@link UsageError} when it is locked, or is no journal
 */
export async function openJournal(path: string): Promise<Journal> {
  const file = resolve(path);
  const held = await lock(file);
  let handle: FileHandle | undefined;
  try {
    handle = await openPrivate(file);
    const text = await handle.readFile("utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    await handle.truncate(Buffer.byteLength(whole));
    const past = readEntries(whole);
    const append = createAppend(handle, Buffer.byteLength(whole));
    const opened = handle;
    const known = new Set(past.keys());
    return {
      past,
      knows: (vm) => known.has(keyOf(vm)),
      write(entry) {
        known.add(keyOf(vmOf(entry)));
        return append(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
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

/** Opens a file to read and to append; makes it, and makes sure that its name survives a crash, where it is not there. */
async function openPrivate(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, "a+", 0o600);
    await handle.chmod(0o600);
    const folder = await open(dirname(file), "r");
    // Not every system syncs folders.
    await folder.sync().catch(() => {});
    await folder.close();
    return handle;
  } catch (error) {
    throw new UsageError(`The journal cannot be opened (${(error as NodeJS.ErrnoException).code}).`);
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

function readEntries(text: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [i, line] of text.split("\n").slice(0, -1).entries()) {
    const entry = readEntry(line);
    if (!entry)
      throw new UsageError(`Line ${i + 1} of the journal is none: it was written by something else, or damaged.`);
    entries.set(keyOf(vmOf(entry)), entry);
  }
  return entries;
}

function readEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Entry;
    keyOf(vmOf(entry));
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
