/** Why: a newcomer's first run shows the package that the contracts make, not one that lay around. */
import { execFile } from "node:child_process";
import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { generate } from "../generate.js";
import type { Step, Teller } from "./show.js";

const SOURCES = ["src", "generated"];
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];

/** Checks generated/ and brings dist/ up to date. False, after saying why, when that cannot be. */
export async function prepare(root: string, teller: Pick<Teller, "step">, check = generate): Promise<boolean> {
  return (
    (await step(
      teller.step("generated/ is what spec/ says", "generated/ is not what spec/ says"),
      checkGenerated(root, check),
    )) && (await step(teller.step("dist/ is built from it", "dist/ cannot be built"), build(root)))
  );
}

async function step({ done, failed }: Step, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    done();
    return true;
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function checkGenerated(root: string, check: typeof generate): Promise<void> {
  const changes = await check({ root, check: true });
  if (changes.length === 0) return;
  const files = changes.map(({ kind, path }) => `generated/${path} would be ${kind}`).join("\n");
  throw new Error(`${files}\nMend it with: npm run generate`);
}

/** Compiles unless everything compiled is newer than everything that it comes from. */
async function build(root: string): Promise<void> {
  const sources = (await Promise.all(SOURCES.map((folder) => filesIn(join(root, folder))))).flat();
  const wanted = new Set(
    sources.flatMap((file) => {
      const output = join(root, "dist", relative(root, file)).replace(/\.ts$/, "");
      return [".js", ".js.map", ".d.ts", ".d.ts.map"].map((ending) => output + ending);
    }),
  );
  const made = await filesIn(join(root, "dist"));
  const inputs = [...sources, ...SETTINGS.map((file) => join(root, file))];
  const complete = [...wanted].every((file) => made.includes(file));
  if (!complete || Math.max(...(await times(inputs))) > Math.min(...(await times([...wanted])))) {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    await promisify(execFile)(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")]).catch(
      ({ stdout = "", stderr = "" }: { stdout?: string; stderr?: string }) => {
        throw new Error(`${stdout}${stderr}`.trim());
      },
    );
  }
  for (const file of made) if (!wanted.has(file)) await rm(file);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function times(files: readonly string[]): Promise<number[]> {
  return Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
}
