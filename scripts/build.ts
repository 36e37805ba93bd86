// Builds dist/: for each entry of package.json one declaration, by tsc and rollup, and one module, by esbuild, with what entries share
// in chunks, since to load two files takes a process a third of the time that twenty-five take. No maps: with the sources that they
// lead to they would weigh more than all else, and the code keeps its names, nearly all of its lines too.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build as bundle } from "esbuild";
import { elsewhere, groupsOf } from "./build/groups.js";
import { manifestIn, type Start, startsOf } from "./build/manifest.js";

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
  "scripts/build/manifest.ts",
];

/** What does the work; tests put something quicker in its place. */
export interface Tools {
  /** Writes a declaration for each entry, or rejects with the compiler's complaints. */
  declare(root: string, entries: readonly string[]): Promise<void>;
  /** Writes the modules. */
  bundle(root: string, starts: readonly Start[]): Promise<void>;
}

/** Builds dist/ anew. */
export async function build(root: string = projectRoot, tools: Tools = realTools): Promise<void> {
  await rm(join(root, "dist"), { recursive: true, force: true });
  await mkdir(cacheOf(root), { recursive: true });
  const starts = startsOf(manifestIn(root));
  const entries = starts.filter(({ declared }) => declared).map(({ source }) => source);
  await Promise.all([tools.declare(root, entries), tools.bundle(root, starts)]);
  await writeFile(stampFile(root), await digestOf(root));
}

/** Builds dist/ unless it was built from exactly what is there now. */
export async function buildIfStale(root: string = projectRoot, tools: Tools = realTools): Promise<void> {
  const before = await readFile(stampFile(root), "utf8").catch(() => "");
  if (before !== (await digestOf(root))) await build(root, tools);
}

/** The command. */
export async function main(): Promise<number> {
  await build();
  return 0;
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

function stampFile(root: string): string {
  return join(cacheOf(root), "built-from");
}

/** Outside dist/, which is packed as it is. */
function cacheOf(root: string): string {
  return join(root, "node_modules/.cache/azure-vm-reimage");
}

const realTools: Tools = {
  async declare(root, entries) {
    const perSource = await mkdtemp(join(cacheOf(root), "declarations-"));
    try {
      const tsc = [join(root, "node_modules/typescript-7/bin/tsc"), "-p", "tsconfig.build.json", "--outDir", perSource];
      const compiled = promisify(execFile)(process.execPath, tsc, { cwd: root }).catch(({ stdout, stderr }) => {
        throw new Error(`${stdout}${stderr}`.trim());
      });
      // It loads a compiler, which takes a while.
      const [{ roll }] = await Promise.all([import("./build/declarations.js"), compiled]);
      const declarations = entries.map((entry) => entry.replace(/\.ts$/, ".d.ts"));
      await roll(perSource, join(root, "dist"), declarations);
    } finally {
      await rm(perSource, { recursive: true });
    }
  },
  async bundle(root, starts) {
    const named = starts.flatMap(({ source, specifier }) => (specifier ? [[source, specifier] as const] : []));
    for (const { entries, packing } of groupsOf(starts.map(({ source }) => source))) {
      const others = new Map(named.filter(([source]) => !entries.includes(source)));
      await bundle({
        absWorkingDir: root,
        entryPoints: [...entries],
        plugins: [elsewhere(root, others)],
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
