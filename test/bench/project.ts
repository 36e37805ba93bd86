/** Why: all candidates stand side by side as npm brings them, on one Node that all of them take, in a folder outside git. */
import { execFile } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack } from "../../scripts/check-package/project.js";
import { findFile, installOnce } from "../../scripts/runtimes/cache.js";
import type { Bench } from "./measure.js";

const system = process.platform === "win32" ? "win" : process.platform;
const NODE = `node-${system}-${process.arch}`;
export const VERSIONS = { "@azure/arm-compute": "25.1.1", "openapi-fetch": "0.17.0", node: "22.23.3" };

/** Installs the others once, ours anew. */
export async function prepare(root: string, quick: boolean): Promise<Bench> {
  const { node: version, ...others } = VERSIONS;
  const project = await installOnce(root, "bench", { ...others, [NODE]: version });
  const { tarball } = await pack(root, project);
  await rm(join(project, "node_modules/azure-vm-reimage"), { recursive: true, force: true });
  const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await promisify(execFile)("npm", ["install", ...quiet, tarball], { cwd: project });
  for (const folder of ["candidates", "workloads"])
    await cp(join(root, "test/bench", folder), join(project, folder), { recursive: true });
  return { root, project, quick, node: await findFile(project, /^node-[\w-]+\/(bin\/node|node\.exe)$/) };
}
