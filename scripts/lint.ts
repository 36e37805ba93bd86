// Lints the contracts in process: the generator calls this before it writes anything. `redocly lint` reads the same redocly.yaml
// and says the same, but costs a process of its own.
import { join, relative } from "node:path";
import type { NormalizedProblem } from "@redocly/openapi-core";

/** The contracts that are generated from. released.yaml was linted when it was openapi.yaml. */
const CONTRACTS = ["openapi.yaml", "arm.yaml"];

/** One thing wrong with a contract, and where. Lines and columns count from 1. */
export interface LintProblem {
  file: string;
  line: number;
  column: number;
  severity: "error" | "warn";
  /** The rule that was broken, such as `arm/secret-marked`; `parse` when the file cannot be read at all. */
  rule: string;
  message: string;
}

/** Lints both contracts in `specDir` by the rules of the redocly.yaml at `configPath`. Never rejects for what a contract says. */
export async function lintContracts(specDir: string, configPath: string): Promise<LintProblem[]> {
  const { lint, loadConfig } = await import("@redocly/openapi-core");
  const config = await loadConfig({ configPath });
  const problems: LintProblem[] = [];
  for (const contract of CONTRACTS) {
    const ref = join(specDir, contract);
    try {
      problems.push(...(await lint({ ref, config })).map(toProblem));
    } catch (error) {
      problems.push(toParseProblem(error, ref));
    }
  }
  return problems;
}

/** Problems as one line each, with files relative to `from`; the empty string when there are none. */
export function formatLintProblems(problems: readonly LintProblem[], from: string): string {
  return problems
    .map((it) => `${relative(from, it.file)}:${it.line}:${it.column} ${it.severity} ${it.rule}\n    ${it.message}\n`)
    .join("");
}
