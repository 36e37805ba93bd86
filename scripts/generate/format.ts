/**
 * Why: generated code is formatted as the rest of the house is. Biome's native binary does it in some 30 ms, with nothing
 * to load into this process.
 */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Files } from "./files.js";

/** The files as `biome check --write` would leave them in this project, lint rules aside. */
export async function format(root: string, files: Files): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "generated-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const [command, ...first] = biome();
    const options = ["--write", "--linter-enabled=false", "--vcs-enabled=false", `--config-path=${root}`];
    await promisify(execFile)(command, [...first, "check", ...options, folder]);
    const read = Object.keys(files).map(async (path) => [path, await readFile(join(folder, path), "utf8")]);
    return Object.fromEntries(await Promise.all(read));
  } finally {
    await rm(folder, { recursive: true });
  }
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
