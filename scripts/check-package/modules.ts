/** Why: an entry that cannot be loaded is found by its first user. */

import { entriesOf } from "../build/manifest.js";
import { type Check, complain } from "./check.js";

/** Prints the number of the names that each module has. */
const load = (how: string, specifiers: readonly string[]) =>
  `${how}
   const count = {};
   for (const name of ${JSON.stringify(specifiers)}) count[name] = Object.keys(await load(name)).length;
   console.log(JSON.stringify(count));`;

async function told(counting: Promise<string>): Promise<string> {
  const counts = JSON.parse(await counting) as Record<string, number>;
  const empty = Object.keys(counts).filter((name) => counts[name] === 0);
  if (empty.length > 0) complain("Nothing is exported by", empty, "Export something, or drop the entry.");
  return `${Object.keys(counts).length} entries, ${Object.values(counts).reduce((sum, count) => sum + count)} names`;
}

export const importCheck: Check = {
  name: "every entry is imported from JavaScript",
  async run({ manifest, project }) {
    project.borrow("msw");
    const specifiers = entriesOf(manifest).map(({ specifier }) => specifier);
    project.write("import.js", load("const load = (name) => import(name);", specifiers));
    const files = Object.entries(manifest.exports).filter(([, to]) => typeof to === "string");
    const reads = files.map(
      ([entry]) => `readFileSync(new URL(import.meta.resolve("${manifest.name}${entry.slice(1)}")));`,
    );
    project.write("read.js", `import { readFileSync } from "node:fs";\n${reads.join("\n")}`);
    await project.node("read.js");
    return `${await told(project.node("import.js"))}; ${files.length} plain files are read`;
  },
};

export const requireCheck: Check = {
  name: "every entry is required from CommonJS",
  async run({ manifest, project }) {
    if (!("require_module" in process.features)) return `not here: Node ${process.versions.node} cannot, 22.12 can`;
    project.borrow("msw");
    const specifiers = entriesOf(manifest).map(({ specifier }) => specifier);
    project.write("require.cjs", `(async () => {${load("const load = (name) => require(name);", specifiers)}})();`);
    return await told(project.node("require.cjs"));
  },
};

export const commandCheck: Check = {
  name: "every command answers --help",
  async run({ manifest: { name, bin = {} }, project }) {
    for (const file of Object.values(bin)) {
      const help = await project.node(`node_modules/${name}/${file}`, "--help");
      if (!/usage/i.test(help)) complain(`${file} --help says nothing of its usage`, [help], "Mend the command.");
    }
    return Object.keys(bin).join(", ") || "there is none";
  },
};
