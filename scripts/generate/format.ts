/**
 * Why: generated code is formatted as the rest of the house is. Biome's native binary takes some 15 ms for a file, beside
 * whatever else goes on, and nothing is loaded into this process.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

/** The source as `biome check --write` would leave it in that file of the project, lint rules aside. */
export async function format(root: string, file: string, source: string): Promise<string> {
  const [command, ...first] = biome();
  const child = spawn(command, [...first, "check", "--write", "--linter-enabled=false", `--stdin-file-path=${file}`], {
    cwd: root,
  });
  child.stdin.end(source);
  const [formatted, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`biome cannot format ${file}:\n${complaints}`);
  return formatted;
}

/** The native binary; where it is not certain which of two fits, biome's own launcher, which is slower. */
function biome(): [string, ...string[]] {
  const { resolve } = createRequire(import.meta.url);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const found = ["", "-musl"].flatMap((libc) => {
    try {
      return [resolve(`@biomejs/cli-${process.platform}-${process.arch}${libc}/biome${suffix}`)];
    } catch {
      return [];
    }
  });
  const [binary] = found;
  return binary && found.length === 1 ? [binary] : [process.execPath, resolve("@biomejs/biome/bin/biome")];
}
