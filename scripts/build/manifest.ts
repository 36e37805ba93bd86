/** Why: what package.json promises is read in one place. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

export interface Manifest {
  readonly name: string;
  /** What `import` leads to: modules with declarations, and plain files. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  /** What the package imports by names of its own: the module for browsers, and that for everyone else. */
  readonly imports?: Readonly<Record<string, { readonly browser: string; readonly default: string }>>;
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
export function promised({ exports, imports = {}, bin = {} }: Manifest): readonly string[] {
  const targets = [...Object.values(exports), ...Object.values(imports), ...Object.values(bin)];
  return targets
    .flatMap((to) => (typeof to === "string" ? [to] : Object.values(to)))
    .map((file) => file.replace(/^\.\//, ""));
}

/** A source that becomes a module of its own. */
export interface Start {
  readonly source: string;
  /** The name by which it is imported; none for a command, nor for what browsers load in the place of another. */
  readonly specifier?: string;
  /** Does it declare types? What has no name outside the package needs none. */
  readonly declared: boolean;
}

/** The source that a built module comes from. */
export function sourceOf(file: string): string {
  return file.replace(/^(\.\/)?dist\//, "").replace(/\.js$/, ".ts");
}

/** What package.json exports, imports by names of its own, and installs as commands. */
export function startsOf({ name, exports, imports = {}, bin = {} }: Manifest): readonly Start[] {
  return [
    ...Object.entries(exports).flatMap(([key, to]) =>
      typeof to === "string"
        ? []
        : [{ source: sourceOf(to.default), specifier: posix.join(name, key), declared: true }],
    ),
    ...Object.entries(imports).flatMap(([specifier, to]) => [
      { source: sourceOf(to.default), specifier, declared: false },
      { source: sourceOf(to.browser), declared: false },
    ]),
    ...Object.values(bin).map((file) => ({ source: sourceOf(file), declared: false })),
  ];
}
