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
import { checkExports, checkSchemaNames } from "./names.js";
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
  if (root.includes("#"))
    throw new ContractError(`${root}: no reference is followed below a folder with a # in its name`);
  const problems = await lintContracts(join(root, "spec"), join(root, "redocly.yaml"));
  if (problems.length > 0) throw new ContractError(formatLintProblems(problems, root).trimEnd());
  const contract = await readContract(root, "spec/openapi.yaml");
  const arm = await readContract(root, "spec/arm.yaml");
  const entries = await Promise.all(COPIED.map(async (name) => [name, await readTemplate(name)] as const));
  const copied = Object.fromEntries(entries);
  const modules = await modulesOf(contract, "./", copied);
  const files = {
    ...bannered(contract, "", { ...modules, index: indexSource({ ...modules, ...copied }) }),
    ...Object.fromEntries(
      entries.map(([name, source]) => [`${name}.ts`, `${banner(templateFile(name), sha256(source))}\n${source}`]),
    ),
    ...bannered(arm, "arm/", await modulesOf(arm, "../", copied)),
  };
  return format(root, files);
}

async function modulesOf({ file, document }: Contract, top: string, copied: Modules): Promise<Modules> {
  try {
    checkSchemaNames(document);
    const operations = builtOperations(document);
    const facts = { schema: await schemaSource(document), operations: operationsSource(document, operations) };
    if (operations.length === 0) return facts;
    const modules = {
      ...facts,
      validate: validateSource(document, operations, await readTemplate("validate")),
      client: clientSource(operations, { endpoint: endpointExpression(document), top }),
    };
    checkExports({ ...copied, ...modules });
    return modules;
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
