// Generates generated/ from the contracts in spec/. `npm run generate` lints them, then writes what has changed, all of it or
// nothing. With --check it writes nothing and exits 1 when generated/ is not what the contracts say; with --watch it goes on
// at every save.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect, parseArgs } from "node:util";
import { ContractError } from "./generate/contract-error.js";
import { apply, type Change, compare } from "./generate/files.js";
import { produce } from "./generate/produce.js";
import { watch } from "./generate/watch.js";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

export interface GenerateOptions {
  /** The folder that holds spec/, generated/ and redocly.yaml. */
  readonly root?: string;
  /** Only say what would change. */
  readonly check?: boolean;
}

/** What a command line is given by its surroundings. */
export interface Io {
  readonly root: string;
  readonly log: (text: string) => void;
  readonly error: (text: string) => void;
  /** Ends --watch. */
  readonly signal: AbortSignal;
}

/** Brings generated/ in line with the contracts and returns what that changed, or with `check` would change. */
export async function generate({ root = projectRoot, check = false }: GenerateOptions = {}): Promise<Change[]> {
  const files = await produce(root);
  const folder = join(root, "generated");
  const changes = await compare(folder, files);
  if (!check) await apply(folder, files, changes);
  return changes;
}

const usage = `usage: npm run generate [-- OPTION]

Lints the contracts in spec/ and writes what has changed of generated/, all of it or nothing.

  --check      writes nothing, and exits 1 when generated/ is not what the contracts say
  --watch      goes on at every save of spec/, until Ctrl+C
  -h, --help   says this`;

/**
 * The command: its exit code is 1 when a contract is broken or, with --check, when generated/ is not up to date, and 2 when it was
 * called wrongly.
 */
export async function main(args: readonly string[], io: Io = standardIo()): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" }, watch: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    io.log(usage);
    return 0;
  }
  if (values.check && values.watch) {
    io.error(`--check writes nothing and --watch writes at every save: give one of them.\n\n${usage}`);
    return 2;
  }
  if (!values.watch) return run(values.check ?? false, io);
  await watch(join(io.root, "spec"), io.signal, async (saved) => {
    const start = performance.now();
    if (saved.some((file) => file.startsWith("rules"))) io.error("A lint rule was saved: start again to lint by it.");
    // Whatever is wrong may be mended by the next save.
    await run(false, io).catch((problem: unknown) => io.error(inspect(problem)));
    io.log(`${Math.round(performance.now() - start)} ms. Waiting for the next save of spec/; Ctrl+C stops.`);
  });
  return 0;
}

async function run(check: boolean, { root, log, error }: Io): Promise<number> {
  try {
    const changes = await generate({ root, check });
    const list = changes.map(({ kind, path }) => `\n  ${kind.padEnd(8)} generated/${path}`).join("");
    if (!check || changes.length === 0) {
      log(changes.length > 0 ? `Generated:${list}` : "generated/ is what the contracts say.");
      return 0;
    }
    error(`generated/ is not what the contracts say:${list}\nMend it with \`npm run generate\`.`);
  } catch (problem) {
    if (!(problem instanceof ContractError)) throw problem;
    error(`${problem.message}\nNothing was written.`);
  }
  return 1;
}

function standardIo(): Io {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return { root: projectRoot, log: console.log, error: console.error, signal: stop.signal };
}
