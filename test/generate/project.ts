/** A copy of what the generator reads and writes, to change at will, and its command line in process. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../../scripts/generate.js";
import { root } from "./contract.js";

export interface Project {
  readonly root: string;
  /** Replaces the one occurrence of a text in a file. */
  edit(file: string, from: string, to: string): void;
  /** Runs the command; answers with its exit code and what it printed. */
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly printed: string }>;
  /** The files of generated/ with their text and when they were written. */
  generated(): Record<string, { readonly text: string; readonly written: number }>;
}

/** Copies the project; the copy goes when the test has finished. */
export function copyProject(): Project {
  const copy = mkdtempSync(join(tmpdir(), "azure-vm-reimage-generate-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const each of ["spec", "generated", "redocly.yaml", "biome.json", "package.json"]) {
    cpSync(join(root, each), join(copy, each), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return {
    root: copy,
    edit(file, from, to) {
      const text = readFileSync(join(copy, file), "utf8");
      if (text.split(from).length !== 2) throw new Error(`${from} does not stand once in ${file}`);
      writeFileSync(
        join(copy, file),
        text.replace(from, () => to),
      );
    },
    async run(...args) {
      const lines: string[] = [];
      const print = (text: string) => lines.push(text);
      const code = await main(args, { root: copy, log: print, error: print, signal: new AbortController().signal });
      return { code, printed: lines.join("\n") };
    },
    generated() {
      const folder = join(copy, "generated");
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const read = files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(folder.length + 1), { text: readFileSync(file, "utf8"), written: statSync(file).mtimeMs }];
      });
      return Object.fromEntries(read);
    },
  };
}
