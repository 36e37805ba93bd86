/** Why: code that is the same whatever the contract says is kept as code, not as text: compiled, linted, then copied. */

import { readFile } from "node:fs/promises";

type Template = "request" | "send" | "validate";

/** Where a template stands, from the project's root. */
export function templateFile(name: Template): string {
  return `scripts/generate/templates/${name}.ts`;
}

/** A template, without the comment at its head. */
export async function readTemplate(name: Template): Promise<string> {
  const text = await readFile(new URL(`./templates/${name}.ts`, import.meta.url), "utf8");
  return text.slice(text.indexOf("*/") + 2).trimStart();
}

/** The template's declarations by name, each with its comment; only what others of the house use (`@internal`) stays exported. */
export function declarations(template: string): Map<string, string> {
  const blocks = template.split(/\n\n(?=\/\*\*|export )/);
  return new Map(
    blocks.flatMap((block) => {
      const name = /^export (?:function|type|interface) (\w+)/m.exec(block)?.[1];
      const code = block.includes("@internal") ? block : block.replace(/^export /m, "");
      return name === undefined ? [] : [[name, code.trim()] as const];
    }),
  );
}
