// The README's first command: builds the package, then lets the built package reimage four VMs of its own simulator before the
// reader's eyes. Exits 0 when all four ended as intended.
import { stdout } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Package, perform } from "./demo/acts.js";
import { prepare } from "./demo/prepare.js";
import { type Screen, screenOf } from "./demo/screen.js";
import { show } from "./demo/show.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Prepares, performs, and answers with the exit code. */
export async function main(_: readonly string[], screen: Screen = screenOf(stdout)): Promise<number> {
  const teller = show(screen);
  teller.opening();
  if (!(await prepare(root, teller))) return 1;
  const load = (file: string) => import(pathToFileURL(`${root}dist/src/${file}`).href);
  const built: Package = { ...(await load("index.js")), ...(await load("simulator/index.js")) };
  return (await perform(built, teller)) ? 0 : 1;
}
