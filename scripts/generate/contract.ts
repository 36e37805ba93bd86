/** Why: the one place that reads a contract from disk: bundled, with its references inlined, and its digest. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { ContractError } from "./contract-error.js";
import { inlineReferences } from "./inline.js";
import type { Document } from "./openapi.js";

export interface Contract {
  /** Where it stands, from the project's root: `spec/openapi.yaml`. */
  readonly file: string;
  /** The sha256 of that file and all that it refers to. */
  readonly digest: string;
  readonly document: Document;
}

/** Reads a contract and everything that it refers to. */
export async function readContract(root: string, file: string): Promise<Contract> {
  const { bundle, createConfig } = await import("@redocly/openapi-core");
  const { bundle: bundled, fileDependencies } = await bundle({ ref: join(root, file), config: await createConfig({}) });
  const files = [...fileDependencies];
  const elsewhere = files.find((one) => /^https?:/.test(one));
  if (elsewhere) throw new ContractError(`${file}: ${elsewhere} is elsewhere; a sample is a file of spec/examples`);
  return { file, digest: await digest(root, files), document: inlineReferences(bundled.parsed) };
}

async function digest(root: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const names = files.map((file) => relative(root, file).replaceAll(sep, "/")).sort();
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(await readFile(join(root, name)))
      .update("\0");
  return hash.digest("hex");
}
