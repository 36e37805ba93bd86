/** Why: what package.json promises is read in one place. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

export interface Manifest {
  readonly name: string;
  /** What `import` leads to: modules with declarations, and plain files. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  /** What bundlers for browsers put in the place of a module. */
  readonly browser?: Readonly<Record<string, string>>;
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
export function promised({ exports, browser = {}, bin = {} }: Manifest): readonly string[] {
  const targets = Object.values(exports).flatMap((to) => (typeof to === "string" ? [to] : [to.types, to.default]));
  const files = [...targets, ...Object.entries(browser).flat(), ...Object.values(bin)];
  return files.map((file) => file.replace(/^\.\//, ""));
}

/** A source that becomes a module of its own. */
export interface Start {
  readonly source: string;
  /** By what it is imported from what is bundled apart from it; nothing for a command, nor for what takes another's place. */
  readonly specifier?: string;
  /** Does it declare types? What has no name outside the package needs none. */
  readonly declared: boolean;
}

/** The source that a built module comes from. */
export function sourceOf(file: string): string {
  return file.replace(/^(\.\/)?dist\//, "").replace(/\.js$/, ".ts");
}

/** What package.json exports, has browsers replace, and installs as commands. */
export function startsOf({ name, exports, browser = {}, bin = {} }: Manifest): readonly Start[] {
  return [
    ...Object.entries(exports).flatMap(([key, to]) =>
      typeof to === "string"
        ? []
        : [{ source: sourceOf(to.default), specifier: posix.join(name, key), declared: true }],
    ),
    // Who imports it is a chunk, and chunks lie in dist/: a path is what the field `browser` replaces, and costs a start less than a name.
    ...Object.entries(browser).flatMap(([file, instead]) => [
      { source: sourceOf(file), specifier: `./${posix.relative("dist", file)}`, declared: false },
      { source: sourceOf(instead), declared: false },
    ]),
    ...Object.values(bin).map((file) => ({ source: sourceOf(file), declared: false })),
  ];
}
