/** Why: OpenWorkflow's SQLite is Node's own, which Node has from 22.13 on. An older Node gets a newer one beside it, from npm. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const VERSION = "24.21.0";

/** A Node that has SQLite, or why there is none. Only the first time may need the network. */
export async function nodeWithSqlite(root: string): Promise<{ path: string; version: string } | { missing: string }> {
  const here = await versionOf(process.execPath).catch(() => undefined);
  if (here) return { path: process.execPath, version: here };
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const project = join(root, "node_modules/.cache/azure-vm-reimage/node-24");
  const path = join(project, "node_modules", name, platform === "win" ? "node.exe" : "bin/node");
  try {
    await mkdir(project, { recursive: true });
    await writeFile(
      join(project, "package.json"),
      JSON.stringify({ private: true, dependencies: { [name]: VERSION } }),
    );
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: project });
    return { path, version: await versionOf(path) };
  } catch (error) {
    const { stderr = String(error) } = error as { stderr?: string };
    const reason = stderr.trim().split("\n")[0];
    return {
      missing: `Node ${process.versions.node} has no SQLite, and ${name} ${VERSION} cannot be installed: ${reason}`,
    };
  }
}

/** The version of a Node; rejects when it has no SQLite. */
async function versionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ["-p", 'require("node:sqlite"), process.versions.node']);
  return stdout.trim();
}
