/** Why: other runtimes and other clients are no dependencies of ours; npm brings exact versions of them, once, into a folder outside git. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A project in the cache with these packages, installed unless they are there already. Rejects with npm's first line. */
export async function installOnce(
  root: string,
  name: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string> {
  const project = join(root, "node_modules/.cache/azure-vm-reimage", name);
  const manifest = JSON.stringify({ private: true, type: "module", dependencies });
  const marker = join(project, "installed.json");
  if ((await readFile(marker, "utf8").catch(() => "")) === manifest) return project;
  await mkdir(project, { recursive: true });
  await writeFile(join(project, "package.json"), manifest);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run("npm", ["install", ...quiet], { cwd: project }).catch((error: { stderr: string }) => {
    throw new Error(`cannot be installed: ${error.stderr.trim().split("\n")[0]}`);
  });
  await writeFile(marker, manifest);
  return project;
}

/** The first file in a project's node_modules whose path there fits; packages for one platform are named in many ways. */
export async function findFile(project: string, pattern: RegExp): Promise<string> {
  const files = await readdir(join(project, "node_modules"), { recursive: true });
  const found = files.find((file) => pattern.test(file.replaceAll("\\", "/")));
  if (found === undefined) throw new Error("npm has no binary of it for this machine");
  return join(project, "node_modules", found);
}
