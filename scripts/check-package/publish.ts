/** Why: npm says what it would correct in a package.json only when it publishes. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Check, complain } from "./check.js";

// Nothing is published, and nobody needs to know: port 9 of loopback answers no one.
const ARGS = [
  "publish",
  "--dry-run",
  "--ignore-scripts",
  "--registry=http://127.0.0.1:9/",
  "--fetch-retries=0",
  "--loglevel=notice",
];

export const publishCheck: Check = {
  name: "npm publish --dry-run",
  async run({ root }) {
    // Of a tarball it would not say what it corrects.
    const told = await promisify(execFile)("npm", ARGS, { cwd: root }).then(
      ({ stderr }) => stderr,
      ({ stderr }: { stderr: string }) => complain("npm refuses", stderr.trim().split("\n"), "Mend package.json."),
    );
    const corrected = told.split("\n").filter((line) => /^npm warn/.test(line) && !line.includes("to be logged in"));
    if (corrected.length > 0) complain("npm would correct", corrected, "Do what it would do: `npm pkg fix`.");
    return "nothing to correct";
  },
};
