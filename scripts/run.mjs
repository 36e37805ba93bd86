// Why: a TypeScript loader costs every run of a script a second on Node 20. This launcher bundles scripts/NAME.ts
// once per content into node_modules/.cache, then imports the bundle: `node scripts/run.mjs NAME [arguments]`.
// A script exports `main(args)`, which answers with the exit code, or rejects with what a reader is to know.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import module from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules", ".cache", "azure-vm-reimage");
const always = ["scripts/run.mjs", "package-lock.json"];

/** What a script's files in the cache begin with: checkouts that share a node_modules keep out of each other's way. */
function prefixOf(name) {
  return `${name}-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
}

/** The content hash of a script: its sources as last bundled, this launcher and the lock file. */
function contentHash(inputs) {
  const hash = createHash("sha256");
  for (const input of [...always, ...inputs]) {
    const file = join(root, input);
    hash.update(`\0${input}\0`).update(existsSync(file) ? readFileSync(file) : "absent");
  }
  return hash.digest("hex").slice(0, 16);
}

/** The bundle of the script, if what it was made from is unchanged. */
function cached(name) {
  const list = join(cache, `${prefixOf(name)}.json`);
  if (!existsSync(list)) return undefined;
  const bundle = join(cache, `${prefixOf(name)}-${contentHash(JSON.parse(readFileSync(list, "utf8")))}.mjs`);
  return existsSync(bundle) ? bundle : undefined;
}

/** Sources keep their own `import.meta.url`, although they run from the cache. */
const keepLocation = {
  name: "keep-location",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    }));
  },
};

/** Bundles the script and its sources; packages stay outside and load when they are imported. */
async function bundle(name) {
  const { build } = await import("esbuild").catch(() => {
    console.error("The tools are not installed: run `npm ci` first.");
    process.exit(1);
  });
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "scripts", `${name}.ts`)],
    outdir: cache,
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    plugins: [keepLocation],
  });
  const inputs = Object.keys(metafile.inputs).sort();
  const prefix = prefixOf(name);
  const file = `${prefix}-${contentHash(inputs)}.mjs`;
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache)) {
    const isOld = old.startsWith(`${prefix}-`) && old.endsWith(".mjs") && old !== file;
    if (isOld) rmSync(join(cache, old), { force: true });
  }
  replace(join(cache, file), outputFiles[0].contents);
  replace(join(cache, `${prefix}.json`), JSON.stringify(inputs));
  return join(cache, file);
}

/** Whoever runs at the same time reads the old file or the new one, never half of it. */
function replace(file, contents) {
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
}

const [name = "", ...args] = process.argv.slice(2);
const script = join(root, "scripts", `${name}.ts`);
if (!/^[\w-]+$/.test(name) || !existsSync(script)) {
  const known = readdirSync(join(root, "scripts")).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  console.error(
    `usage: node ${relative(process.cwd(), join(root, "scripts/run.mjs"))} NAME [arguments], NAME one of: ${known.join(", ")}`,
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache?.(join(cache, "compiled"));
  process.argv = [process.execPath, script, ...args];
  const { main } = await import(pathToFileURL(cached(name) ?? (await bundle(name))).href);
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const isUsage = String(error?.code).startsWith("ERR_PARSE_ARGS_");
    // What the language itself complains of is a mistake in a script: the stack tells where.
    if (!isUsage && [TypeError, ReferenceError, RangeError, SyntaxError].some((mistake) => error instanceof mistake))
      throw error;
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = isUsage ? 2 : 1;
  }
}
