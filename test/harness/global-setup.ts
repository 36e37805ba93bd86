// Runs once, before vitest starts its workers: Node reads NODE_EXTRA_CA_CERTS only when a process starts, so this is
// the one place from which every worker's own `fetch` can come to trust the authority of the loopback origins. It
// replaces whatever was set before. Certificates stay verified; only the list of authorities grows by one.
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type Certificates, makeCertificates } from "./certificates.js";

declare module "vitest" {
  export interface ProvidedContext {
    certificates: Certificates;
  }
}

/** Makes the certificates, hands them to the tests, and has the workers trust their authority. */
export default async function setup(project: TestProject): Promise<() => void> {
  const { pool } = project.config;
  if (pool !== "forks") throw new Error(`the loopback harness needs the pool "forks", not "${pool}"`);
  const certificates = await makeCertificates();
  const folder = await mkdtemp(join(tmpdir(), "azure-vm-reimage-"));
  const file = join(folder, "authority.pem");
  await writeFile(file, certificates.authority);
  const before = process.env.NODE_EXTRA_CA_CERTS;
  process.env.NODE_EXTRA_CA_CERTS = file;
  project.provide("certificates", certificates);
  const cleanUp = (): void => {
    if (before === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
    else process.env.NODE_EXTRA_CA_CERTS = before;
    rmSync(folder, { recursive: true, force: true });
  };
  // A run that misses its coverage ends without the teardown.
  process.once("exit", cleanUp);
  return cleanUp;
}
