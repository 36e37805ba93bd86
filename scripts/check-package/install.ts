/** Why: every package that ours brings is one to trust, and every byte is fetched by every build machine of every user. */
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Check, complain } from "./check.js";

const MOST = { packages: 3, bytes: 600_000 };

export interface Weight {
  readonly packages: number;
  readonly bytes: number;
  /** The bytes of each package. */
  readonly each: Readonly<Record<string, number>>;
}

/** What stands in a project's node_modules: the bytes of its files, not the blocks that they take. */
export async function weigh(project: string): Promise<Weight> {
  const lock = JSON.parse(await readFile(join(project, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, object>;
  };
  const installed = Object.keys(lock.packages);
  const each: Record<string, number> = Object.fromEntries(installed.map((path) => [path, 0]));
  for (const file of await readdir(join(project, "node_modules"), { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const owner = ownerOf(path.slice(project.length + 1).replaceAll("\\", "/"), each);
    if (owner !== undefined) each[owner] = (each[owner] ?? 0) + (await stat(path)).size;
  }
  return { packages: installed.length, bytes: Object.values(each).reduce((sum, size) => sum + size, 0), each };
}

/** The package that a file belongs to: the innermost folder that is one. */
function ownerOf(file: string, packages: Readonly<Record<string, number>>): string | undefined {
  for (let at = dirname(file); at !== "."; at = dirname(at)) if (at in packages) return at;
  return undefined;
}

export const installCheck: Check = {
  name: `an install is ${MOST.packages} packages and ${MOST.bytes / 1e6} MB at most`,
  async run({ project }) {
    const { packages, bytes, each } = await weigh(project.folder);
    const told = `${packages} packages, ${(bytes / 1e6).toFixed(3)} MB`;
    const lines = Object.entries(each).map(([path, size]) => `${path.replace("node_modules/", "")}: ${size} B`);
    if (packages > MOST.packages || bytes > MOST.bytes)
      complain(`An install brings ${told}`, lines, "Find what came in: `npm pack --dry-run` lists our own files.");
    return told;
  },
};
