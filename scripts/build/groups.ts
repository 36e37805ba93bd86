/** Why: each set of entries that share something gets a chunk, and each chunk that the client loads takes a millisecond or two. */
import { join, relative } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";

type Packing = Pick<BuildOptions, "minify" | "minifyWhitespace" | "minifySyntax">;

/** Constants are put in where they are used: a bundler that packs this once more cannot tell any longer what is constant. */
const FOR_BUNDLERS: Packing = { minifySyntax: true };
/** Small, and an error's stack still tells the names. */
const NAMED: Packing = { ...FOR_BUNDLERS, minifyWhitespace: true };

/**
 * What is generated keeps no state: whoever needs it has it once more, and so do the simulator and its doors, which share nothing else.
 * Fleet and command are apart since they call the others by their public names alone, and what browsers replace since it is a file of
 * its own. All are packed smaller than the client, which a bundler packs: they keep their names, save the command, which nobody imports.
 */
const APART: readonly { readonly of: RegExp; readonly packing: Packing }[] = [
  { of: /^src\/runtime\./, packing: NAMED },
  { of: /^generated\//, packing: NAMED },
  { of: /^src\/(simulator|msw|node)\//, packing: NAMED },
  { of: /^src\/fleet\//, packing: NAMED },
  { of: /^src\/cli\//, packing: { minify: true } },
];

export interface Group {
  readonly entries: readonly string[];
  readonly packing: Packing;
}

/** The entries that are bundled together. */
export function groupsOf(entries: readonly string[]): readonly Group[] {
  const groupOf = (entry: string) => APART.find(({ of }) => of.test(entry));
  return [undefined, ...APART]
    .map((group) => ({
      entries: entries.filter((entry) => groupOf(entry) === group),
      packing: group?.packing ?? FOR_BUNDLERS,
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** Leaves imports of sources that are bundled elsewhere as imports by their names, or paths. */
export function elsewhere(root: string, others: ReadonlyMap<string, string>): Plugin {
  return {
    name: "elsewhere",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = relative(root, join(resolveDir, path)).replaceAll("\\", "/").replace(/\.js$/, ".ts");
        const specifier = others.get(file);
        return specifier === undefined ? undefined : { path: specifier, external: true };
      });
    },
  };
}
