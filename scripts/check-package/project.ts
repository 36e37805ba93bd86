/** Why: the packed tarball in an empty project is what a user gets, and nothing that happens to lie around here. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Packed {
  /** Where the tarball is. */
  readonly tarball: string;
  /** What is in it. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Packs what was built. */
export async function pack(root: string, folder: string): Promise<Packed> {
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
  });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: Packed["files"] }];
  return { tarball: join(folder, filename), files };
}

export interface Project {
  readonly folder: string;
  readonly packed: Packed;
  /** Writes a file of the project. */
  write(name: string, text: string): void;
  /** Runs Node in the project; answers with what it printed. */
  node(...args: readonly string[]): Promise<string>;
  /** Compiles files of the project under strict settings; answers with the compiler's complaints, "" for none. */
  compile(options: readonly string[], files: readonly string[], compiler?: string): Promise<string>;
  /** Lends the project packages of ours: links, so that they find what they need themselves. */
  borrow(...packages: readonly string[]): void;
  remove(): void;
}

/** Packs what was built in `root`, and installs it as a user would. */
export async function installPacked(root: string): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-installed-"));
  const packed = await pack(root, folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", ...quiet, packed.tarball], { cwd: folder });
  return {
    folder,
    packed,
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    async node(...args) {
      return (await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH } })).stdout;
    },
    async compile(options, files, compiler = "typescript") {
      const tsc = join(root, "node_modules", compiler, "bin/tsc");
      return run(process.execPath, [tsc, "--strict", "--target", "es2022", ...options, ...files], { cwd: folder }).then(
        () => "",
        (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}` || String(error),
      );
    },
    borrow(...packages) {
      for (const name of packages) {
        const link = join(folder, "node_modules", name);
        mkdirSync(dirname(link), { recursive: true });
        rmSync(link, { recursive: true, force: true });
        symlinkSync(join(root, "node_modules", name), link, "junction");
      }
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
