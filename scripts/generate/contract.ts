/** Why: the one place that reads a contract from disk: bundled, with its references inlined, and its digest. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { bundleLocal } from "./elsewhere.js";
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
  const { bundle: bundled, fileDependencies } = await bundleLocal(root, join(root, file));
  return { file, digest: await digest(root, [...fileDependencies]), document: inlineReferences(bundled.parsed) };
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
