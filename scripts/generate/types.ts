/** Why: generated/schema.ts, by openapi-typescript, with comments that read like a person's. */

import { createRequire } from "node:module";
import type { Document } from "./openapi.js";
import { typesOnly } from "./types-only.js";

/** What was made of a document, kept for the next save in --watch: it seldom changes the types of both contracts. */
const made = new Map<string, string>();

/** The source of schema.ts. */
export async function schemaSource(document: Document): Promise<string> {
  const input = JSON.stringify(typesOnly(document));
  const source = made.get(input) ?? (await typesOf(input));
  made.set(input, source);
  return source;
}

async function typesOf(input: string): Promise<string> {
  const { default: openapiTS, astToString } = load();
  const nodes = await openapiTS(input, {
    alphabetize: true,
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesKeepCasing: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  });
  return spaced(plainComments(withoutEmptyRoots(astToString(nodes))));
}

/** Required, not imported: an import reads all of the TypeScript compiler once more, in search of the names of its exports. */
function load(): typeof import("openapi-typescript") {
  return createRequire(import.meta.url)("openapi-typescript");
}

/** Descriptions come marked as such and indented: the text itself is what an editor should show. */
function plainComments(source: string): string {
  return source.replace(/^( *\/?\*{1,2}) @description /gm, "$1 ").replace(/^( *\*) {5}(?=\S)/gm, "$1 ");
}

/** What OpenAPI could hold and these contracts do not. */
function withoutEmptyRoots(source: string): string {
  return source.replace(/^export type (?:webhooks|\$defs) = Record<string, never>;\n/gm, "");
}

/** A line between declarations, but for one-line types. */
function spaced(source: string): string {
  return source.replace(/^}\n(?=export)/gm, "}\n\n").replace(/;\n(?=export interface)/g, ";\n\n");
}
