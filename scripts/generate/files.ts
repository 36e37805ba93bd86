/** Why: generated/ changes as a whole or not at all, and a run that changes nothing touches nothing. */

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { ContractError } from "./contract-error.js";

/** File contents by their path inside the generated folder, with `/` on every system. */
export type Files = Readonly<Record<string, string>>;

export interface Change {
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
}

/** How the folder differs from the files that it should consist of. */
export async function compare(folder: string, files: Files): Promise<Change[]> {
  const present = await list(folder);
  const removed = present
    .filter((path) => !Object.hasOwn(files, path))
    .map((path): Change => ({ path, kind: "removed" }));
  const written = await Promise.all(
    Object.entries(files).map(async ([path, text]): Promise<Change[]> => {
      if (!present.includes(path)) return [{ path, kind: "added" }];
      return (await readFile(join(folder, path), "utf8")) === text ? [] : [{ path, kind: "changed" }];
    }),
  );
  return [...written.flat(), ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the changes: every new file is complete beside its place before the first one is put there. */
export async function apply(folder: string, files: Files, changes: readonly Change[]): Promise<void> {
  const written = changes.filter(({ kind }) => kind !== "removed").map(({ path }) => join(folder, path));
  const removed = changes.filter(({ kind }) => kind === "removed").map(({ path }) => join(folder, path));
  const temporary = (file: string) => `${file}.${process.pid}.tmp`;
  try {
    for (const { path, kind } of changes) {
      if (kind === "removed") continue;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(temporary(join(folder, path)), files[path] ?? "");
    }
    for (const file of written)
      if ((await stat(file).catch(() => undefined))?.isDirectory())
        throw new ContractError(`${file} is a folder: a generated file belongs there`);
    for (const file of written) await rename(temporary(file), file);
    for (const file of removed) await rm(file);
  } finally {
    for (const file of written) await rm(temporary(file), { force: true });
  }
}

async function list(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    );
}
