/** Why: a user's compiler takes a millisecond or two for each file that it opens, so each entry declares itself in one. */
import { join, relative } from "node:path";
import { type Plugin, rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/**
 * Rolls what each entry leads to into one file. An entry that another imports stays an import of it.
 *
 * @param from - the folder of the declarations, one for each source
 * @param to - the folder to write to
 * @param entries - where they are in both
 * @throws when two would declare what comes from the same file of src/: a class that is declared twice is two to the compiler.
 *   What is generated declares none.
 */
export async function roll(from: string, to: string, entries: readonly string[]): Promise<void> {
  const declarers = new Map<string, string>();
  for (const entry of entries) {
    const others = entries.filter((other) => other !== entry).map((other) => join(from, other));
    const rolled = await rollup({ input: join(from, entry), plugins: [leave(others), dts()], onwarn: refuse });
    const { output } = await rolled.write({ file: join(to, entry) });
    await rolled.close();
    const files = output.flatMap((one) => (one.type === "chunk" ? one.moduleIds : [])).map((id) => relative(from, id));
    for (const file of files.filter((file) => !file.startsWith("generated"))) {
      const other = declarers.get(file);
      if (other) throw new Error(`${other} and ${entry} both declare ${file}: import its types from one of the two.`);
      declarers.set(file, entry);
    }
  }
}

/** Takes in every file, wherever it lies, but for these, which stay imports like packages. */
function leave(files: readonly string[]): Plugin {
  return {
    name: "leave",
    resolveId(to, importer) {
      if (!importer) return null;
      if (!to.startsWith(".")) return { id: to, external: true };
      const module = join(importer, "..", to);
      const file = module.replace(/\.js$/, ".d.ts");
      return files.includes(file) ? { id: module, external: "relative" } : file;
    },
  };
}

function refuse({ message }: { readonly message: string }): never {
  throw new Error(message);
}
