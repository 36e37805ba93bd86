/** From an edit of the contract to what is generated: our one command, and the two that everybody knows. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Measure } from "./measure.js";
import { rounds, summary } from "./rounds.js";

const run = promisify(execFile);

export const pipeline: Measure = {
  name: "pipeline",
  async measure({ root, quick }) {
    // Where there is no redocly.yaml: over its `apis` the command line of openapi-typescript stumbles.
    const folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-pipeline-"));
    cpSync(join(root, "spec"), join(folder, "spec"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const theirs = async () => {
      const spec = "spec/openapi.yaml";
      await run("npx", ["redocly", "lint", "--extends=recommended", spec], { cwd: folder, env });
      await run("npx", ["openapi-typescript", spec, "-o", "schema.d.ts"], { cwd: folder, env });
    };
    const ours = () => run("npm", ["run", "generate"], { cwd: root });
    const seconds = async (work: () => Promise<unknown>) => {
      const start = performance.now();
      await work();
      return (performance.now() - start) / 1000;
    };
    await ours();
    const all = await rounds(quick ? 1 : 5, ["npx", "ours"], (one) => seconds(one === "ours" ? ours : theirs));
    rmSync(folder, { recursive: true, force: true });
    return [
      {
        ...{
          name: "pipeline",
          what: "from the contract to lint and types, and with `npm run generate` validators and client",
          unit: "s",
        },
        ...summary(all, "npx", (took) => took),
        budget: { of: "x the floor", most: 0.8 },
      },
    ];
  },
};
