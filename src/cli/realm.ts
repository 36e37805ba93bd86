/// <reference types="node" />
import { readFile, readlink } from "node:fs/promises";

/** Where the number of a process means one process alone. */
export interface Realm {
  /** The start of the machine. */
  readonly boot: string;
  /** The pid namespace, such as that of a container. */
  readonly namespace: string;
}

/** What stands for a part that the system does not tell. */
export const UNTOLD = "0";

/** The realm of this process; Linux tells it. */
export async function realmHere(): Promise<Realm> {
  const bootId = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return { boot: /^\w+/.exec(bootId)?.[0] ?? UNTOLD, namespace: /\d+/.exec(namespace)?.[0] ?? UNTOLD };
}
