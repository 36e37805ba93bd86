/** Why: publint and attw know more ways to publish a broken package than we do. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type Check, complain } from "./check.js";

const run = promisify(execFile);

/** It would have browsers choose by `imports`: that takes a millisecond of each start in Node, and pages without a bundler find no way. */
const CONSIDERED = "USE_EXPORTS_OR_IMPORTS_BROWSER";

export const publintCheck: Check = {
  name: "publint",
  async run({ project }) {
    const tarball = new Uint8Array(await readFile(project.packed.tarball)).buffer;
    const { messages, pkg } = await publint({ strict: true, pack: { tarball } });
    const told = messages
      .filter(({ code }) => code !== CONSIDERED)
      .map((message) => `${message.type}: ${formatMessage(message, pkg, { color: false })}`);
    if (told.length > 0) complain("publint has something to say", told, "Its rules: publint.dev/rules");
    return "nothing to say";
  },
};

export const attwCheck: Check = {
  name: "attw, as an ESM-only package",
  async run({ root, project }) {
    // The contract is a plain file, and is not there to be imported.
    const args = ["--profile", "esm-only", "--exclude-entrypoints", "./openapi.yaml", "--no-emoji", "--no-color"];
    const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    await run(process.execPath, [attw, project.packed.tarball, ...args, "--format", "ascii"]).catch(({ stdout }) =>
      complain("The types are wrong", String(stdout).trim().split("\n"), "Mend `exports` in package.json."),
    );
    return "no problem";
  },
};
