/** Why: the way from the contracts on disk to the text of every generated file. It writes nothing. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { formatLintProblems, lintContracts } from "../lint.js";
import { banner } from "./banner.js";
import { clientSource } from "./client.js";
import { type Contract, readContract } from "./contract.js";
import { ContractError } from "./contract-error.js";
import type { Files } from "./files.js";
import { format } from "./format.js";
import { indexSource } from "./index-file.js";
import { builtOperations } from "./operation.js";
import { endpointExpression, operationsSource } from "./operations.js";
import { readTemplate, templateFile } from "./templates.js";
import { schemaSource } from "./types.js";
import { validateSource } from "./validate.js";

/** Sources by the name of their module: `schema`, `client`. */
type Modules = Readonly<Record<string, string>>;

/** What is the same whatever the contracts say. */
const COPIED = ["request", "send"] as const;

/** Every file of generated/. Rejects with a ContractError when a contract breaks a lint rule or cannot be generated from. */
export async function produce(root: string): Promise<Files> {
  const problems = await lintContracts(join(root, "spec"), join(root, "redocly.yaml"));
  if (problems.length > 0) throw new ContractError(formatLintProblems(problems, root).trimEnd());
  const contract = await readContract(root, "spec/openapi.yaml");
  const arm = await readContract(root, "spec/arm.yaml");
  const copied = await Promise.all(COPIED.map(async (name) => [name, await readTemplate(name)] as const));
  const modules = await modulesOf(contract, "./");
  const files = {
    ...bannered(contract, "", { ...modules, index: indexSource({ ...modules, ...Object.fromEntries(copied) }) }),
    ...Object.fromEntries(
      copied.map(([name, source]) => [`${name}.ts`, `${banner(templateFile(name), sha256(source))}\n${source}`]),
    ),
    ...bannered(arm, "arm/", await modulesOf(arm, "../")),
  };
  return format(root, files);
}

async function modulesOf({ file, document }: Contract, top: string): Promise<Modules> {
  try {
    const operations = builtOperations(document);
    const facts = { schema: await schemaSource(document), operations: operationsSource(document, operations) };
    if (operations.length === 0) return facts;
    return {
      ...facts,
      validate: validateSource(document, operations, await readTemplate("validate")),
      client: clientSource(operations, { endpoint: endpointExpression(document), top }),
    };
  } catch (error) {
    throw error instanceof ContractError ? new ContractError(`${file}: ${error.message}`) : error;
  }
}

function bannered({ file, digest }: Contract, folder: string, modules: Modules): Files {
  const head = banner(file, digest);
  return Object.fromEntries(
    Object.entries(modules).map(([name, source]) => [`${folder}${name}.ts`, `${head}\n${source}`]),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
