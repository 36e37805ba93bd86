/** A copy of the project to change at will: what a contributor has after a clone. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { main as generate } from "../../scripts/generate.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Copy {
  readonly root: string;
  /** Replaces the one occurrence of a text in a file. */
  edit(file: string, from: string, to: string): void;
  /** `npm run generate`; answers with the exit code and what it printed. */
  generate(...args: readonly string[]): Promise<{ readonly code: number; readonly printed: string }>;
  /** Bundles a module of the copy as it is now, and imports it. */
  load(module: string): Promise<Record<string, unknown>>;
  remove(): void;
}

/** Copies what git knows, and what it would if it were committed now. */
export function copyProject(): Copy {
  const copy = mkdtempSync(join(tmpdir(), "azure-vm-reimage-copy-"));
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of list.split("\n").filter(Boolean)) cpSync(join(root, file), join(copy, file), { force: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  let loads = 0;
  return {
    root: copy,
    edit(file, from, to) {
      const text = readFileSync(join(copy, file), "utf8");
      const parts = text.split(from);
      if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} stands ${parts.length - 1} times in ${file}`);
      writeFileSync(join(copy, file), parts.join(to));
    },
    async generate(...args) {
      const lines: string[] = [];
      const print = (text: string) => lines.push(text);
      const code = await generate(args, { root: copy, log: print, error: print, signal: new AbortController().signal });
      return { code, printed: lines.join("\n") };
    },
    async load(module) {
      const outfile = join(copy, `loaded-${++loads}.mjs`);
      await build({
        entryPoints: [join(copy, module)],
        bundle: true,
        format: "esm",
        platform: "node",
        outfile,
        logLevel: "error",
      });
      return import(/* @vite-ignore */ pathToFileURL(outfile).href);
    },
    remove() {
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
