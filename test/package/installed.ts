/** The packed tarball in an empty project: what a user gets, and nothing that happens to lie around here. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const run = promisify(execFile);

export interface Installed {
  /** The files of the tarball. */
  readonly files: readonly string[];
  /** Writes a file of the project. */
  write(name: string, text: string): void;
  /** Runs Node in the project; answers with what it printed. */
  node(...args: readonly string[]): Promise<string>;
  /** Compiles files of the project under strict settings; answers with the compiler's complaints, "" for none. */
  compile(options: readonly string[], files: readonly string[]): Promise<string>;
  /** Lends the project packages of ours that it needs for their types alone. */
  borrow(...packages: readonly string[]): void;
  remove(): void;
}

/** Packs what was built, and installs it as a user would. */
export async function installPacked(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-installed-"));
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
  });
  const packed = JSON.parse(stdout)[0] as { filename: string; files: { path: string }[] };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, packed.filename)], {
    cwd: folder,
  });
  return {
    files: packed.files.map(({ path }) => path),
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    async node(...args) {
      return (await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH } })).stdout;
    },
    async compile(options, files) {
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      return run(process.execPath, [tsc, "--strict", "--target", "es2022", ...options, ...files], { cwd: folder }).then(
        () => "",
        (error: { stdout: string }) => error.stdout,
      );
    },
    borrow(...packages) {
      for (const name of packages)
        cpSync(join(root, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
