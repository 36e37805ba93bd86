/** Why: an edit of a contract shows in the generated code while it is being made. */

import { existsSync, type FSWatcher, watch as watchFolder } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** An editor writes a file in several steps; they are over by then. */
const settledAfterMs = 30;
/** How often a folder is looked for that is not there. */
const lookedForEveryMs = 200;

/** Calls `run` at once and after every save below the folder, one at a time, until the signal. It is told what was saved. */
export async function watch(
  folder: string,
  signal: AbortSignal,
  run: (saved: readonly string[]) => Promise<unknown>,
): Promise<void> {
  let isStale = true;
  let saved: string[] = [];
  let wake = () => {};
  const onSave = (file: string) => {
    isStale = true;
    saved.push(file);
    wake();
  };
  let watchers: readonly FSWatcher[] = [];
  const stop = () => wake();
  signal.addEventListener("abort", stop);
  while (!signal.aborted) {
    if (isStale) {
      isStale = false;
      const told = saved;
      saved = [];
      // A folder may have come, or have gone and come again.
      const before = watchers;
      watchers = await watchFolders(folder, onSave);
      for (const watcher of before) watcher.close();
      await run(told);
      while (!signal.aborted && !existsSync(folder)) {
        isStale = true;
        await sleep(lookedForEveryMs);
      }
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      await sleep(settledAfterMs);
    }
  }
  for (const watcher of watchers) watcher.close();
}

/**
 * A watcher for each folder: one for the whole tree loses a file that is replaced by renaming, on Node 20. A folder that goes
 * meanwhile has none; that it went is a change of the one above it.
 */
async function watchFolders(folder: string, onSave: (file: string) => void): Promise<FSWatcher[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return [folder, ...below].flatMap((each) => {
    const save = (name: string) => onSave(join(relative(folder, each), name));
    try {
      const watcher = watchFolder(each, (_, name) => save(name ?? ""));
      return [watcher.on("error", () => save(""))];
    } catch {
      return [];
    }
  });
}
