import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("npm would publish this package as it is built: a dry run, which sends nothing", async () => {
  const options = ["--dry-run", "--ignore-scripts", "--json", "--access", "public", "--offline"];
  const { stdout } = await promisify(execFile)("npm", ["publish", ...options], { cwd: root });
  const { name, version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const told = JSON.parse(stdout);
  const packed = told[name] ?? told; // npm 11 answers by names
  expect(packed).toMatchObject({ id: `${name}@${version}`, filename: `${name}-${version}.tgz` });
  expect(packed.files.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(["package.json", "README.md", "LICENSE", "CHANGELOG.md", "dist/src/index.js"]),
  );
});
