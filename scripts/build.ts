// Builds dist/: the declarations by tsc, one file for each source; the code by esbuild, one module for each entry of package.json
// with what entries share in chunks, since to load two files takes a process a third of the time that twenty-five take. No maps: with
// the sources that they lead to they would weigh more than all else, and the code keeps its names and lines.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build as bundle } from "esbuild";
import { prune } from "./build/declarations.js";
import { elsewhere, groupsOf } from "./build/groups.js";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = ["src", "generated"];
const SETTINGS = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
  "package-lock.json",
  "scripts/build.ts",
  "scripts/build/declarations.ts",
  "scripts/build/groups.ts",
];

/** What does the work; tests put something quicker in its place. */
export interface Tools {
  /** Writes the declarations that the entries need, or rejects with the compiler's complaints. */
  declare(root: string, entries: readonly string[]): Promise<void>;
  /** Writes the modules. */
  bundle(root: string, entries: readonly string[]): Promise<void>;
}

/** Builds dist/ anew. */
export async function build(root: string = projectRoot, tools: Tools = realTools): Promise<void> {
  await rm(join(root, "dist"), { recursive: true, force: true });
  const { entries, commands } = await startsOf(root);
  await Promise.all([tools.declare(root, entries), tools.bundle(root, [...entries, ...commands])]);
  const stamp = stampFile(root);
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, await digestOf(root));
}

/** Builds dist/ unless it was built from exactly what is there now. */
export async function buildIfStale(root: string = projectRoot, tools: Tools = realTools): Promise<void> {
  const before = await readFile(stampFile(root), "utf8").catch(() => "");
  if (before !== (await digestOf(root))) await build(root, tools);
}

/** The command. */
export async function main(): Promise<number> {
  try {
    await build();
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** The sources of the entries that package.json exports, and of the commands that it installs, which nobody imports. */
async function startsOf(root: string): Promise<{ readonly entries: string[]; readonly commands: string[] }> {
  const { exports, bin = {} } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string | { default: string }>;
    bin?: Record<string, string>;
  };
  const sourceOf = (file: string) => file.replace(/^(\.\/)?dist\//, "").replace(/\.js$/, ".ts");
  return {
    entries: Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : [sourceOf(entry.default)])),
    commands: Object.values(bin).map(sourceOf),
  };
}

/** What dist/ follows from, and whether it is whole. */
async function digestOf(root: string): Promise<string> {
  const list = async (folder: string) =>
    (await readdir(join(root, folder), { recursive: true }).catch(() => [])).sort();
  const sources = (
    await Promise.all(SOURCES.map(async (folder) => (await list(folder)).map((file) => join(folder, file))))
  ).flat();
  const hash = createHash("sha256").update((await list("dist")).join("\n"));
  for (const file of [...sources.filter((file) => file.endsWith(".ts")), ...SETTINGS]) {
    hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest("hex");
}

/** Outside dist/, which is packed as it is. */
function stampFile(root: string): string {
  return join(root, "node_modules/.cache/azure-vm-reimage/built-from");
}

const realTools: Tools = {
  async declare(root, entries) {
    const tsc = join(root, "node_modules/typescript-7/bin/tsc");
    await promisify(execFile)(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root }).catch(
      ({ stdout, stderr }) => {
        throw new Error(`${stdout}${stderr}`.trim());
      },
    );
    await prune(
      join(root, "dist"),
      entries.map((entry) => entry.replace(/\.ts$/, ".d.ts")),
    );
  },
  async bundle(root, entries) {
    const { name } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { name: string };
    for (const { entries: together, packing } of groupsOf(entries)) {
      const others = entries.filter((entry) => !together.includes(entry));
      await bundle({
        absWorkingDir: root,
        entryPoints: [...together],
        plugins: [elsewhere(root, name, others)],
        ...packing,
        outbase: ".",
        outdir: "dist",
        chunkNames: "shared-[hash]",
        bundle: true,
        splitting: true,
        format: "esm",
        target: "es2022",
        packages: "external",
        logLevel: "error",
      });
    }
  },
};
