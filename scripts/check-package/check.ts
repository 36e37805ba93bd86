/** Why: one shape for all that is asked of the package. */
import type { Manifest } from "../build/manifest.js";
import type { Project } from "./project.js";

export interface Subject {
  /** The repository. */
  readonly root: string;
  readonly manifest: Manifest;
  /** An empty project with the tarball in it. */
  readonly project: Project;
}

export interface Check {
  readonly name: string;
  /** Answers with what was found, in a few words; rejects with what is wrong and what to do. */
  run(subject: Subject): Promise<string>;
}

/** The failure's text: what is wrong, line by line, and what to do about it. */
export function complain(what: string, lines: readonly string[], todo: string): never {
  throw new Error([`${what}:`, ...lines.map((line) => `  ${line}`), todo].join("\n"));
}
