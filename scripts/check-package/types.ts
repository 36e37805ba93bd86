/** Why: declarations that compile here may not compile at the user's: with another compiler, another resolution, other libraries. */
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Entry, entriesOf } from "../build/manifest.js";
import { type Check, complain } from "./check.js";

const COMPILERS = [
  { version: "5.9", compiler: "typescript" },
  { version: "7", compiler: "typescript-7" },
];
/** A .cts file is CommonJS to nodenext, which knows require(esm); a bundler has no such thing. */
const RESOLUTIONS = [
  { resolution: "nodenext", module: "nodenext", kinds: ["ts", "cts"] },
  { resolution: "bundler", module: "esnext", kinds: ["ts"] },
];
/** The modules of others that an entry's declarations may name; none, unless said here. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = { "./msw": ["msw"], "./node": ["node:http"] };

interface Surroundings {
  readonly name: string;
  readonly lib: readonly string[];
  readonly types: readonly string[];
  /** The packages that the project is lent. */
  readonly borrowed: readonly string[];
  has(entry: Entry): boolean;
}

const SURROUNDINGS: readonly Surroundings[] = [
  {
    name: "without Node's types",
    lib: ["es2022", "dom"],
    types: [],
    borrowed: [],
    has: ({ name }) => !(name in FOREIGN),
  },
  {
    name: "with msw",
    lib: ["es2022", "dom"],
    types: [],
    borrowed: ["msw"],
    has: ({ name }) => name === "./msw",
  },
  {
    name: "with Node's types, and without the DOM's",
    lib: ["es2022"],
    types: ["node"],
    borrowed: ["@types/node"],
    has: ({ name }) => name !== "./msw",
  },
];

/** Imports an entry; an entry without types would be an `any`, and the comment would be wrong. */
const consumer = (specifier: string) => `import * as entry from "${specifier}";
// @ts-expect-error: there is no such name
entry.thereIsNoSuchName;
`;

/** The compiler's complaints, without those about the declarations of other packages: `skipLibCheck` is off for ours. */
export function ours(complaints: string, name: string): readonly string[] {
  const isOfOthers = (line: string) =>
    /^[^(]*node_modules\//.test(line) && !line.startsWith(`node_modules/${name}/`) && /\(\d+,\d+\): error /.test(line);
  let skips = false;
  return complaints.split("\n").filter((line) => {
    // What is indented goes on with the line before it.
    if (!/^\s/.test(line)) skips = isOfOthers(line);
    return line.trim() !== "" && !skips;
  });
}

/** A check for each compiler and resolution, in all surroundings. */
export const typeChecks: readonly Check[] = COMPILERS.flatMap(({ version, compiler }) =>
  RESOLUTIONS.map(({ resolution, module, kinds }) => ({
    name: `TypeScript ${version}, ${resolution}`,
    async run({ manifest, project }) {
      const compiled: string[] = [];
      for (const { name, lib, types, borrowed, has } of SURROUNDINGS) {
        project.borrow(...borrowed);
        const entries = entriesOf(manifest).filter(has);
        const files = entries.flatMap(({ name, specifier }) =>
          kinds.map((kind) => ({ file: `types/entry${name.slice(1).replace("/", "-")}.${kind}`, specifier })),
        );
        for (const { file, specifier } of files) project.write(file, consumer(specifier));
        const compilerOptions = {
          ...{
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: false,
            skipDefaultLibCheck: true,
            noEmit: true,
          },
          ...{ target: "es2022", module, moduleResolution: resolution, lib, types },
        };
        project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: files.map(({ file }) => file) }));
        const complaints = ours(await project.compile(["-p", "."], [], compiler), manifest.name);
        if (complaints.length > 0) complain(`Does not compile ${name}`, complaints, "Mend what it was declared from.");
        compiled.push(`${name} ${entries.map(({ name }) => name).join(" ")}`);
      }
      return compiled.join("; ");
    },
  })),
);

/** What a declaration's file names: modules, and types that a reference brings. */
export function namedIn(text: string): readonly string[] {
  const references = [...text.matchAll(/^\/\/\/ <reference [^>]*="([^"]+)"/gm)];
  const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)];
  return [...references, ...imports].map(([, name = ""]) => name);
}

export const foreignCheck: Check = {
  name: "an entry is declared in one file, which names our entries alone, and nothing internal; ./msw msw's types too, ./node Node's",
  async run({ manifest, project }) {
    const installed = join(project.folder, "node_modules", manifest.name);
    const entries = entriesOf(manifest);
    const own = new Set(entries.map(({ types }) => posix.normalize(types)));
    const found: string[] = [];
    const internal: string[] = [];
    for (const { name, types } of entries) {
      const text = await readFile(join(installed, types), "utf8");
      if (text.includes("@internal")) internal.push(types);
      const isOwn = (to: string) => own.has(posix.join(posix.dirname(types), to.replace(/\.js$/, ".d.ts")));
      const others = namedIn(text).filter((to) => !(to.startsWith(".") ? isOwn(to) : FOREIGN[name]?.includes(to)));
      found.push(...others.map((to) => `${types} names ${to}`));
    }
    if (found.length > 0)
      complain(
        "Whoever imports an entry has more to read than its file and our other entries",
        found,
        "Declare a type of our own instead of another's; `npm run build` rolls ours into one file.",
      );
    if (internal.length > 0)
      complain("What is internal is published", internal, "tsconfig.build.json strips it: see `stripInternal`.");
    return `${entries.length} declarations read`;
  },
};
