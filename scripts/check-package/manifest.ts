/** Why: what package.json promises is read in one place. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Manifest {
  readonly name: string;
  /** What `import` leads to: modules with declarations, and plain files. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  /** Commands by their names. */
  readonly bin?: Readonly<Record<string, string>>;
}

/** The package.json in a folder. */
export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** An entry that is a module: what a user writes, and the files that it leads to. */
export interface Entry {
  readonly name: string;
  readonly specifier: string;
  readonly types: string;
  readonly code: string;
}

/** The entries that are modules. */
export function entriesOf({ name, exports }: Manifest): readonly Entry[] {
  return Object.entries(exports).flatMap(([entry, to]) =>
    typeof to === "string"
      ? []
      : [{ name: entry, specifier: name + entry.slice(1), types: to.types.slice(2), code: to.default.slice(2) }],
  );
}

/** Every file that package.json leads to. */
export function promised({ exports, bin = {} }: Manifest): readonly string[] {
  const targets = Object.values(exports).flatMap((to) => (typeof to === "string" ? [to] : [to.types, to.default]));
  return [...targets, ...Object.values(bin)].map((file) => file.replace(/^\.\//, ""));
}
