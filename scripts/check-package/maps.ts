/** Why: a map whose source is not in the tarball leads a debugger, and "go to definition", to nothing. */
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Check, complain } from "./check.js";

/** What leads to a file that is not there: comments that name a map, and maps that name a source without bringing it. */
export function deadEnds(texts: ReadonlyMap<string, string>): readonly string[] {
  return [...texts].flatMap(([file, text]) =>
    targetsOf(file, text)
      .filter((to) => !texts.has(posix.join(posix.dirname(file), to)))
      .map((to) => `${file} leads to ${to}`),
  );
}

function targetsOf(file: string, text: string): readonly string[] {
  if (!file.endsWith(".map")) return [...text.matchAll(/^\/\/# sourceMappingURL=(.+)$/gm)].map(([, to = ""]) => to);
  const map = JSON.parse(text) as { sources: string[]; sourcesContent?: (string | null)[]; sourceRoot?: string };
  return map.sources.filter((_, at) => !map.sourcesContent?.[at]).map((source) => (map.sourceRoot ?? "") + source);
}

export const mapsCheck: Check = {
  name: "maps lead to sources that are in the tarball",
  async run({ manifest, project }) {
    const texts = new Map<string, string>();
    const installed = join(project.folder, "node_modules", manifest.name);
    for (const { path } of project.packed.files) texts.set(path, await readFile(join(installed, path), "utf8"));
    const dead = deadEnds(texts);
    if (dead.length > 0) complain("These lead to nothing", dead, "Publish the sources, or build without maps.");
    const maps = [...texts.keys()].filter((file) => file.endsWith(".map")).length;
    return maps > 0 ? `${maps} maps` : "there are none, and no file names one";
  },
};
