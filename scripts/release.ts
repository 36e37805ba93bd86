// What has to agree before a version is published: `npm run release:check -- v1.2.3`. The release workflow runs it on its tag.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** What is read of the repository for it. */
export interface Release {
  readonly tag: string;
  readonly manifest: { readonly version: string; readonly repository?: unknown };
  /** spec/openapi.yaml and spec/released.yaml, as they stand. */
  readonly contract: string;
  readonly released: string;
  readonly changelog: string;
}

/** What is not ready, in sentences; none when the tag may be published. */
export function notReady({ tag, manifest, contract, released, changelog }: Release): readonly string[] {
  const { version, repository } = manifest;
  const promised = (parse(contract) as { info: { version: string } }).info.version;
  const unreleased = /^## \[Unreleased\]\n(.*?)(?=^## |(?![\s\S]))/ms.exec(changelog)?.[1]?.trim();
  const complaints = [
    tag !== `v${version}` && `The tag is ${tag}, package.json has ${version}.`,
    promised !== version && `info.version of spec/openapi.yaml is ${promised}, package.json has ${version}.`,
    contract !== released && "spec/released.yaml is not spec/openapi.yaml: npm run breaking -- --release.",
    !changelog.includes(`\n## [${version}] - 20`) && `CHANGELOG.md has no “## [${version}] - DATE”.`,
    unreleased !== "" &&
      "CHANGELOG.md: move what stands under “## [Unreleased]” to the version, and leave the heading.",
    repository === undefined && "package.json names no repository: provenance cannot be stated without it.",
  ];
  return complaints.filter((complaint) => complaint !== false);
}

/** The command: 1 when something is not ready. */
export async function main([tag = ""]: readonly string[]): Promise<number> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const read = (file: string) => readFile(join(root, file), "utf8");
  const complaints = notReady({
    tag,
    manifest: JSON.parse(await read("package.json")),
    contract: await read("spec/openapi.yaml"),
    released: await read("spec/released.yaml"),
    changelog: await read("CHANGELOG.md"),
  });
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length === 0) console.log(`${tag} is ready.`);
  return complaints.length > 0 ? 1 : 0;
}
