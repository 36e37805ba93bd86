// Why: what `npm test` cannot show, since it needs the network once and programs that not every machine has. Our suite
// runs here in other runtimes, and other clients, msw 3 and a real browser meet the simulator: `npm run test:runtimes`. What they
// exchange stays on loopback.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeCertificates } from "../test/harness/certificates.js";
import { buildIfStale } from "./build.js";
import { armCompute } from "./runtimes/arm-compute.js";
import { browser } from "./runtimes/browser.js";
import { reference } from "./runtimes/reference.js";
import { tell } from "./runtimes/row.js";
import { suite } from "./runtimes/suite.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The command: builds, runs all, prints a table. Exits 1 when something went wrong; what cannot run here is said, and is no failure. */
export async function main(): Promise<number> {
  await buildIfStale(root);
  const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-runtimes-"));
  try {
    const { authority, origins } = await makeCertificates();
    const files = { authority, key: origins.trusted.key, cert: origins.trusted.cert };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.pem`), text);
    return tell([
      ...(await suite(root)),
      ...(await armCompute(root, folder)),
      ...(await browser(root)),
      ...(await reference(root)),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
