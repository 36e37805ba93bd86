// Writes docs/openapi.html and docs/arm.html: a reference page of each contract, in one file that needs no server and no network.
// Redocly's build-docs makes them; what would reach out to another host is taken out.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readable } from "./docs/readable.js";
import { selfContained } from "./docs/self-contained.js";
import { bundleLocal } from "./generate/elsewhere.js";
import type { Document } from "./generate/openapi.js";

/** The contracts that get a page. */
export const DOCUMENTED = ["openapi", "arm"] as const;

const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/** Writes the pages into `folder`; answers with their files. */
export async function buildDocs(root: string, folder: string): Promise<readonly string[]> {
  const work = await mkdtemp(join(tmpdir(), "azure-vm-reimage-docs-"));
  await mkdir(folder, { recursive: true });
  try {
    return await Promise.all(
      DOCUMENTED.map(async (name) => {
        const contract = join(work, `${name}.json`);
        await writeFile(contract, JSON.stringify(readable(await bundled(join(root, "spec", `${name}.yaml`)))));
        const made = join(work, `${name}.html`);
        await redocly(contract, made);
        const file = join(folder, `${name}.html`);
        await writeFile(file, selfContained(await readFile(made, "utf8")));
        return file;
      }),
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The command. */
export async function main(): Promise<number> {
  for (const file of await buildDocs(projectRoot, join(projectRoot, "docs"))) console.log(file);
  return 0;
}

/** The contract with the files that it refers to. */
async function bundled(ref: string): Promise<Document> {
  return (await bundleLocal(projectRoot, ref)).bundle.parsed as Document;
}

/** `redocly build-docs`, which is part of a command line without programmatic exports; rejects with its words. */
async function redocly(contract: string, page: string): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");
  const options = [
    "--inlineBundle",
    "--openapi.disableTelemetry=true",
    "--openapi.schemaDefinitionsTagName=Definitions",
  ];
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", REDOCLY_SUPPRESS_NOTIFICATIONS: "true" };
  await promisify(execFile)(process.execPath, [cli, "build-docs", contract, "-o", page, ...options], {
    cwd: dirname(contract),
    env: { ...env, REDOCLY_TELEMETRY: "off" },
  }).catch((error: { stderr?: string }) => {
    throw new Error(`redocly build-docs: ${error.stderr || error}`, { cause: error });
  });
}
