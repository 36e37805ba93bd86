/** Why: a contract as generators need it is not quite what a reader needs. Nothing is left out; two things are put elsewhere. */
import type { Document, Schema } from "../generate/openapi.js";

/** The bundled contract with each definition under its own name, and with the URLs that are followed among the paths. */
export function readable<T extends Document>(document: T): T {
  const { schemas = {}, pathItems = {}, ...others } = document.components ?? {};
  const named = Object.entries(schemas).map(([name, schema]) => [name, { ...schema, ...heading(name, schema) }]);
  // Redocly shows only what stands in `paths`: these are URLs that come in a header of the name.
  const followed = Object.entries(pathItems).map(([header, item]) => [`/{${header}}`, item]);
  return {
    ...document,
    paths: { ...document.paths, ...Object.fromEntries(followed) },
    components: { ...others, schemas: Object.fromEntries(named) },
  };
}

/** A title is the rule that a value breaks ("must be …"): no heading, but the last sentence of the description. */
function heading(name: string, { title, description }: Schema): Partial<Schema> {
  const text = [description, title && `It ${title}.`].filter(Boolean).join("\n\n");
  return { title: name, ...(text && { description: text }) };
}
