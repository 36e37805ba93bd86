/// <reference types="node" />
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Realm, realmHere, UNTOLD } from "./realm.js";
import { UsageError } from "./usage.js";

/**
 * Locks a file against other writers, until it is released or the process is gone.
 *
 * Each writer has a lock file of its own, beside the file, and looks for others when it is there: of two that come at the same time
 * at least one sees the other. Whose process is gone, or from before the machine started, is swept away; nothing is known of
 * processes on other machines and in other containers, so their locks stand.
 *
 * @throws {@link UsageError} when there is another writer
 */
export async function lock(file: string): Promise<{ release(): Promise<void> }> {
  const host = hostname().replace(/[^\w.-]/g, "-");
  const here = await realmHere();
  const mine = `${file}.${host}.${here.boot}-${here.namespace}.${process.pid}.lock`;
  const release = () => rm(mine, { force: true });
  await writeFile(mine, `${process.pid} on ${host}\n`, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The journal cannot be locked: ${mine} (${error.code}).`);
  });
  for (const other of await locksOf(file)) {
    if (other === mine) continue;
    if (await isStale(other, `${file}.${host}.`, here)) await rm(other, { force: true });
    else {
      await release();
      throw new UsageError(`Another process writes this journal. If it is none any more, remove its lock: ${other}`);
    }
  }
  return { release };
}

async function locksOf(file: string): Promise<string[]> {
  const start = `${basename(file)}.`;
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name.startsWith(start) && /\.\d+\.lock$/.test(name))
    .map((name) => join(dirname(file), name));
}

/** Is nobody behind a lock any more? */
async function isStale(lockFile: string, ofThisHost: string, here: Realm): Promise<boolean> {
  if (!lockFile.startsWith(ofThisHost)) return false;
  const [, boot, namespace, pid] = /^(\w+)-(\d+)\.(\d+)\.lock$/.exec(lockFile.slice(ofThisHost.length)) ?? [];
  const made = await stat(lockFile).catch(() => undefined);
  if (made === undefined) return true;
  const startedAt = Date.now() - uptime() * 1000;
  // The clock may have jumped since the machine started.
  if ((boot !== here.boot || boot === UNTOLD) && made.mtimeMs < startedAt) return true;
  return boot === here.boot && namespace === here.namespace && !(await runs(Number(pid)));
}

/** Does the process run? One that ended and was not reaped yet does not. */
async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/^\d+ \(.*\) Z/s.test(status);
}
