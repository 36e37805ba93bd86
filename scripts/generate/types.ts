/** Why: generated/schema.ts, by openapi-typescript, with comments that read like a person's. */
import type { Document } from "./openapi.js";
import { typesOnly } from "./types-only.js";

/** The source of schema.ts. */
export async function schemaSource(document: Document): Promise<string> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(JSON.stringify(typesOnly(document)), {
    alphabetize: true,
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesKeepCasing: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  });
  return withoutEmptyRoots(plainComments(astToString(nodes)));
}

/** Descriptions come marked as such and indented: the text itself is what an editor should show. */
function plainComments(source: string): string {
  return source.replace(/^( *\/?\*{1,2}) @description /gm, "$1 ").replace(/^( *\*) {5}(?=\S)/gm, "$1 ");
}

/** What OpenAPI could hold and these contracts do not. */
function withoutEmptyRoots(source: string): string {
  return source.replace(/^export type (?:webhooks|\$defs) = Record<string, never>;\n/gm, "");
}
