/** Why: tsc declares every source; a user's compiler reads those alone that an entry leads to. The rest would be a third of the package. */
import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files that a declaration imports, also by `import("…")` in a type. Packages are left out. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].map(([, to = ""]) =>
    to.replace(/\.js$/, ".d.ts"),
  );
}

/** The declarations that the entries lead to, themselves among them. */
export async function reachable(entries: readonly string[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, "utf8");
    await Promise.all(importsOf(text).map((to) => visit(join(dirname(file), to))));
  };
  await Promise.all(entries.map(visit));
  return seen;
}

/** Deletes the declarations in a folder that no entry leads to. */
export async function prune(folder: string, entries: readonly string[]): Promise<void> {
  const kept = await reachable(entries.map((entry) => join(folder, entry)));
  const files = (await readdir(folder, { recursive: true })).map((file) => join(folder, file));
  await Promise.all(files.filter((file) => file.endsWith(".d.ts") && !kept.has(file)).map((file) => rm(file)));
}
