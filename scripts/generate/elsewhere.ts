/**
 * Why: a contract is read from this machine alone. Redocly fetches what a `$ref` or an `externalValue` names by a URL, before
 * any rule can refuse it; the resolver made here reads files, and keeps what else it was asked for.
 */

import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { BaseResolver, bundle as Bundle } from "@redocly/openapi-core";
import { LineCounter, parseDocument, visit } from "yaml";
import { ContractError } from "./contract-error.js";

/** What a contract refers to at another host, and where. Lines and columns count from 1. */
export interface Elsewhere {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface LocalFiles {
  /** For `bundle` and `lint`. */
  readonly externalRefResolver: BaseResolver;
  /** What was refused until now. */
  elsewhere(): Promise<Elsewhere[]>;
}

type BundleResult = Awaited<ReturnType<typeof Bundle>>;

/** A URL of whatever scheme, or the share of another machine; `C:` is a disk. */
const isElsewhere = (ref: string) => /^([a-z][a-z\d+.-]+:|[\\/]{2})/i.test(ref);

/** A resolver that reads files and fetches nothing. */
export async function localFiles(): Promise<LocalFiles> {
  // Half a second of loading, which importers of the types above need not pay.
  const { BaseResolver } = await import("@redocly/openapi-core");
  const refused = new Map<string, { readonly file: string; readonly ref: string }>();
  const externalRefResolver = new BaseResolver();
  const resolve = externalRefResolver.resolveDocument.bind(externalRefResolver);
  externalRefResolver.resolveDocument = async (base, ref, isRoot) => {
    if (base === null || !isElsewhere(ref)) return resolve(base, ref, isRoot);
    refused.set(`${base} ${ref}`, { file: base, ref });
    throw new Error(`${ref} is elsewhere`);
  };
  const elsewhere = async () => (await Promise.all([...refused.values()].map(placed))).flat();
  return { externalRefResolver, elsewhere };
}

/**
 * Bundles a contract with the files that it refers to.
 *
 * @throws {ContractError} when one of them leads to another host, with each place, whatever else is wrong
 */
export async function bundleLocal(root: string, ref: string): Promise<BundleResult> {
  const { bundle, createConfig } = await import("@redocly/openapi-core");
  const { externalRefResolver, elsewhere } = await localFiles();
  const bundling = bundle({ ref, config: await createConfig({}), externalRefResolver });
  await bundling.catch(() => undefined);
  const found = await elsewhere();
  const lines = found.map(({ file, line, column, message }) => `${relative(root, file)}:${line}:${column}: ${message}`);
  if (lines.length > 0) throw new ContractError(lines.join("\n"));
  return bundling;
}

/** Every place in the file that says `ref`. */
async function placed({ file, ref }: { readonly file: string; readonly ref: string }): Promise<Elsewhere[]> {
  const lineCounter = new LineCounter();
  const document = parseDocument(await readFile(file, "utf8"), { lineCounter });
  const found: Elsewhere[] = [];
  visit(document, {
    Scalar(_, { value, range }) {
      if (typeof value !== "string" || value.split("#")[0] !== ref) return;
      const { line, col } = lineCounter.linePos(range?.[0] ?? 0);
      const message = `${value} is elsewhere; a sample is a file of spec/examples, all else stands in the contract. Nothing was fetched.`;
      found.push({ file, line, column: col, message });
    },
  });
  return found;
}
