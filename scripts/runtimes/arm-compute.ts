/** Why: @azure/arm-compute and msw 3 need a newer Node than this package; all three come from npm, into a project in the cache. */
import { execFile } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack } from "../check-package/project.js";
import { installOnce } from "./cache.js";
import type { Row } from "./row.js";

const run = promisify(execFile);
const platform = process.platform === "win32" ? "win" : process.platform;
const NODE = `node-${platform}-${process.arch}`;
const VERSIONS = { "@azure/arm-compute": "25.1.1", msw: "3.0.5", [NODE]: "22.23.3" };

/** Runs test/runtime/arm-compute.mjs. `certificates` has the files authority.pem, key.pem and cert.pem. */
export async function armCompute(root: string, certificates: string): Promise<readonly Row[]> {
  let project: string;
  try {
    project = await install(root);
  } catch (error) {
    return [{ what: "@azure/arm-compute, msw 3", result: "not run", told: (error as Error).message }];
  }
  const script = join(project, "arm-compute.mjs");
  await cp(join(root, "test/runtime/arm-compute.mjs"), script);
  const node = join(project, "node_modules", NODE, platform === "win" ? "node.exe" : "bin/node");
  const { stdout } = await run(node, [script, join(certificates, "key.pem"), join(certificates, "cert.pem")], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(certificates, "authority.pem"), AZURE_LOG_LEVEL: "" },
  }).catch((error: { stdout: string; stderr: string }) => ({
    stdout: `${error.stdout}${JSON.stringify({ what: "arm-compute.mjs", ok: false, told: error.stderr.trim() })}\n`,
  }));
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { what: string; ok: boolean; told: string })
    .map(({ what, ok, told }) => ({
      what,
      result: ok ? "passed" : "failed",
      told: told.split("\n")[0]?.slice(0, 90) ?? "",
    }));
}

/** Our package as it would be published, beside the exact versions of the others. Only the first time needs the network. */
async function install(root: string): Promise<string> {
  const project = await installOnce(root, "runtimes/arm-compute", VERSIONS);
  const { tarball } = await pack(root, project);
  const ours = join(project, "node_modules/azure-vm-reimage");
  await rm(ours, { recursive: true, force: true });
  const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run("npm", ["install", ...quiet, tarball], { cwd: project });
  return project;
}
