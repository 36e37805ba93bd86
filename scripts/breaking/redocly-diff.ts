// The changes between two contracts as `redocly diff` lists them. It is part of a command line without programmatic exports, so it
// runs as a process of its own.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export type Impact = "none" | "patch" | "minor" | "major";

/** One side of a change: where it stands and what stood there. */
interface Side {
  file: string;
  line: number;
  col: number;
  value?: unknown;
}

/** What we read of one entry of `redocly diff --format json`. */
export interface Change {
  /** A JSON pointer through the document with all references followed. */
  path: string;
  typeName: string;
  kind: "added" | "removed" | "modified";
  impact: Exclude<Impact, "none">;
  verdicts: { message: string }[];
  /** The changed property of the node at `path`; absent when the whole node came or went. */
  property?: string;
  base?: Side;
  revision?: Side;
}

const config = fileURLToPath(new URL("../../spec/rules/diff.yaml", import.meta.url));

/** Lists what changed from the contract `base` to `revision`; rejects, with Redocly's words, when one of them cannot be read. */
export async function redoclyDiff(base: string, revision: string): Promise<Change[]> {
  const cli = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin/cli.js");
  const options = ["--config", config, "--format", "json", "--fail-on", "none"];
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", REDOCLY_SUPPRESS_NOTIFICATIONS: "true" };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, "diff", base, revision, ...options], { env });
    return (JSON.parse(stdout) as { changes: Change[] }).changes;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    // It takes what it cannot read for a mistake of its own, and says much more.
    const [, why = stderr] = /^Error: (.+)$/m.exec(stderr) ?? [];
    throw new Error(`redocly diff cannot compare ${base} with ${revision}: ${why || error}`, { cause: error });
  }
}
