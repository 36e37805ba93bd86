/** What a web page loads that reimages one VM and waits. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Candidate, Measure } from "./measure.js";

const CANDIDATES: readonly Candidate[] = ["fetch", "openapi-fetch", "arm-compute", "arm-compute-api", "ours"];

/** Minified and gzipped. */
async function size(project: string, candidate: Candidate): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { create } from "./candidates/${candidate}.mjs"; await create({})("vm");`,
      resolveDir: project,
    },
    absWorkingDir: join(project),
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", platform: "browser", write: false },
    logLevel: "error",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

export const sizes: Measure = {
  name: "sizes",
  async measure({ project }) {
    const values: Partial<Record<Candidate, number>> = {};
    for (const candidate of CANDIDATES) values[candidate] = (await size(project, candidate)) / 1000;
    return [
      {
        ...{ name: "sizes", what: "browser bundle, minified and gzipped", unit: "kB", floor: "fetch", values },
        budget: { of: "value", most: 10 },
      },
    ];
  },
};
