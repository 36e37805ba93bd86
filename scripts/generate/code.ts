/** Why: every generator writes names, literals and comments into TypeScript; they must be spelled alike and escaped. */

import { ContractError } from "./contract-error.js";
import type { Json } from "./openapi.js";

/** `VirtualMachines_Reimage`, `api-version` -> `virtualMachinesReimage`, `apiVersion`. */
export function camelCase(name: string): string {
  const joined = pascalCase(name);
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** `VirtualMachines_Reimage`, `api-version` -> `VirtualMachinesReimage`, `ApiVersion`. */
export function pascalCase(name: string): string {
  const joined = name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
  if (!/^[A-Z][A-Za-z0-9]*$/.test(joined))
    throw new ContractError(`${JSON.stringify(name)} cannot be made a name in code`);
  return joined;
}

/** A property's name, quoted when it must be. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** What reads a property: `.name`, or `["odd-name"]`. */
export function member(name: string): string {
  const written = propertyName(name);
  return written === name ? `.${name}` : `[${written}]`;
}

/** A JSON value as a TypeScript expression. */
export function literal(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${literal(item)}`);
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")},\n}`;
}

/** A doc comment of these lines, each wrapped at 110 columns. */
export function docComment(...lines: string[]): string {
  const text = lines.flatMap((line) => wrap(line.replaceAll("*/", "*\\/"), 110));
  return text.length === 1 ? `/** ${text[0]} */` : `/**\n${text.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */`;
}

/** Breaks a text into lines of at most `width` columns, where it has spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
