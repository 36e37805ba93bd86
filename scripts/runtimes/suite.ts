/** Why: one suite, every runtime, over the packed tarball. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startHost } from "../../test/runtime/host.js";
import type { Result } from "../../test/runtime/suite.js";
import { installPacked } from "../check-package/project.js";
import { findFile, installOnce } from "./cache.js";
import { withChromium } from "./chromium.js";
import { type Program, programs } from "./programs.js";
import type { Row } from "./row.js";

const TIME_LIMIT = 60_000;

/** Runs the suite everywhere, one runtime after the other. */
export async function suite(root: string): Promise<readonly Row[]> {
  const project = await installPacked(root);
  try {
    await prepare(root, project.folder);
    const rows: Row[] = [];
    for (const program of programs) rows.push(await inProgram(root, project.folder, program));
    return [...rows, ...(await inBrowser(project.folder))];
  } finally {
    project.remove();
  }
}

/** The launchers and the suite beside the installed package; those that cannot import are bundled. */
async function prepare(root: string, folder: string): Promise<void> {
  cpSync(join(root, "test/runtime/launch"), join(folder, "launch"), { recursive: true });
  const options = { bundle: true, format: "esm", target: "es2022", logLevel: "error" } as const;
  const out = join(folder, "launch");
  await build({ ...options, entryPoints: [join(root, "test/runtime/suite.ts")], outfile: join(out, "suite.js") });
  for (const name of ["page", "worker"])
    await build({ ...options, entryPoints: [join(out, `${name}.mjs`)], outfile: join(out, `${name}.js`) });
}

async function inProgram(root: string, folder: string, { name, packages, binary, args }: Program): Promise<Row> {
  const what = `the suite in ${name}`;
  let file: string;
  try {
    const cache = await installOnce(root, `runtimes/${Object.entries(packages).flat().join("-")}`, packages);
    file = await findFile(cache, binary);
  } catch (error) {
    return { what, result: "not run", told: (error as Error).message };
  }
  const host = await startHost();
  try {
    const env = { PATH: process.env.PATH, HOME: folder, HOST: host.url, NO_COLOR: "1" };
    const { stdout } = await promisify(execFile)(file, [...args(host.url)], { cwd: folder, env, timeout: TIME_LIMIT });
    return rowOf(what, JSON.parse(stdout.split("\n").find((line) => line.startsWith("[{")) ?? "[]"));
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    return { what, result: "failed", told: `${stderr.trim() || message}`.split("\n").slice(0, 3).join(" ") };
  } finally {
    await host.close();
  }
}

async function inBrowser(folder: string): Promise<readonly Row[]> {
  return withChromium("the suite in Chromium", async (browser) => {
    const host = await startHost({
      "/": ["text/html", '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'],
      "/page.js": ["text/javascript", readFileSync(join(folder, "launch/page.js"), "utf8")],
    });
    try {
      const page = await browser.newPage();
      await page.goto(host.url);
      await page.waitForFunction("globalThis.results", undefined, { timeout: 10_000 });
      const { result, told } = rowOf("", await page.evaluate<readonly Result[]>("globalThis.results"));
      return { result, told: `${browser.version()}: ${told}` };
    } catch (error) {
      return { result: "failed", told: String(error).split("\n")[0] ?? "" };
    } finally {
      await host.close();
    }
  });
}

/** Nothing run is nothing passed. */
function rowOf(what: string, results: readonly Result[]): Row {
  const failed = results.filter(({ failed }) => failed !== undefined);
  const told = failed.map(({ name, failed }) => `${name}: ${failed}`).join("; ");
  const shown = results.flatMap(({ told }) => told ?? []);
  const passed = failed.length === 0 && results.length > 0;
  return { what, result: passed ? "passed" : "failed", told: told || [`${results.length} cases`, ...shown].join("; ") };
}
