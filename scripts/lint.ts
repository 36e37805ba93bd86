// Lints the contracts in process: the generator calls this before it writes anything. `redocly lint` reads the same redocly.yaml
// and says the same, but costs a process of its own.
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Redocly from "@redocly/openapi-core";
import { type Elsewhere, localFiles } from "./generate/elsewhere.js";

/** What is generated from, the referenced one first. released.yaml was linted when it was openapi.yaml. */
const CONTRACTS = ["openapi.yaml", "arm.yaml"];

/** One thing wrong with a contract, and where. Lines and columns count from 1. */
export interface LintProblem {
  file: string;
  line: number;
  column: number;
  severity: "error" | "warn";
  /** The rule that was broken, such as `arm/secret-marked`; `parse` when it cannot be read, `elsewhere` when it leads to another host. */
  rule: string;
  message: string;
}

/**
 * Lints both contracts in `specDir` by the rules of the redocly.yaml at `configPath`. It does not reject for what a contract says:
 * one that cannot be read, or leads to another host, is a problem like any other, and the last one reported, for all the rest
 * would only follow from it.
 */
export async function lintContracts(specDir: string, configPath: string): Promise<LintProblem[]> {
  // Half a second of loading, which importers of the types above need not pay.
  const redocly = await import("@redocly/openapi-core");
  const config = await redocly.loadConfig({ configPath });
  const problems: LintProblem[] = [];
  for (const contract of CONTRACTS) {
    const ref = join(specDir, contract);
    const { externalRefResolver, elsewhere } = await localFiles();
    try {
      const found = await redocly.lint({ ref, config, externalRefResolver });
      const refused = await elsewhere();
      if (refused.length > 0) return [...problems, ...refused.map(toElsewhereProblem)];
      problems.push(...found.map((problem) => toProblem(problem, redocly)));
    } catch (error) {
      return [...problems, toParseProblem(error, ref)];
    }
  }
  return withoutRepeats(problems);
}

/** Problems as a paragraph each, with files relative to `from`; the empty string when there are none. */
export function formatLintProblems(problems: readonly LintProblem[], from: string): string {
  return problems
    .map((it) => `${relative(from, it.file)}:${it.line}:${it.column} ${it.severity} ${it.rule}\n    ${it.message}\n`)
    .join("");
}

/** Lints this project's contracts; 1 when there is anything to say, be it a warning. */
export async function main(): Promise<number> {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const problems = await lintContracts(join(root, "spec"), join(root, "redocly.yaml"));
  process.stderr.write(formatLintProblems(problems, process.cwd()));
  return problems.length > 0 ? 1 : 0;
}

function toProblem(problem: Redocly.NormalizedProblem, redocly: typeof Redocly): LintProblem {
  const [place] = problem.location;
  const start = place && redocly.getLineColLocation(place).start;
  return {
    file: place?.source.absoluteRef ?? "",
    line: start?.line ?? 1,
    column: start?.col ?? 1,
    severity: problem.severity,
    rule: problem.ruleId,
    message: problem.message,
  };
}

/** Redocly throws for a file that is missing, is no YAML or is no OpenAPI; only for broken YAML it says where. */
function toParseProblem(error: unknown, file: string): LintProblem {
  const message = error instanceof Error ? error.message : String(error);
  const place = /^(?<what>.*) in ".*" \((?<line>\d+):(?<column>\d+)\)$/s.exec(message)?.groups;
  return {
    file,
    line: Number(place?.line ?? 1),
    column: Number(place?.column ?? 1),
    severity: "error",
    rule: "parse",
    message: place?.what ?? message,
  };
}

function toElsewhereProblem(place: Elsewhere): LintProblem {
  return { ...place, severity: "error", rule: "elsewhere" };
}

/** A file that both contracts refer to is walked, and complained of, twice. */
function withoutRepeats(problems: readonly LintProblem[]): LintProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
