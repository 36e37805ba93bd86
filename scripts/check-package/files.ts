/** Why: what is packed is what package.json's `files` catches, and that may be a key as well as a module. */
import { type Manifest, promised } from "../build/manifest.js";
import { type Check, complain } from "./check.js";

const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/(src|generated)\/[\w/-]+(\.d\.ts|(\.browser)?\.js)$/,
  /^dist\/shared-[\w-]+\.js$/,
  /^spec\/openapi\.yaml$/,
  /^spec\/examples\/[\w-]+\.json$/,
];

/** The packed files that nobody allowed. */
export function strangers(files: readonly string[]): readonly string[] {
  return files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)));
}

/** The files that package.json leads to, and that were not packed. */
export function missing(files: readonly string[], manifest: Manifest): readonly string[] {
  return promised(manifest).filter((file) => !files.includes(file));
}

export const filesCheck: Check = {
  name: "only what is meant to be published is in the tarball",
  async run({ manifest, project }) {
    const files = project.packed.files.map(({ path }) => path);
    const strange = strangers(files);
    const lacking = missing(files, manifest);
    if (strange.length > 0)
      complain("Nobody allowed these", strange, "Keep them out by `files` in package.json, or allow them here.");
    if (lacking.length > 0)
      complain("package.json leads to these, which are not packed", lacking, "Build them, or mend package.json.");
    return `${files.length} files`;
  },
};
