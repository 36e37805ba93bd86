// The gate against breaking changes: compares spec/openapi.yaml with spec/released.yaml, its copy of the last release.
//
// Versions: `info.version` is the release of this package that the contract belongs to (it is not ARM's api-version). A breaking
// change passes when the major in package.json is above the one in released.yaml. So that a copied contract cannot carry an
// old major along, the major in openapi.yaml has to be that of package.json.
//
// `--release` copies openapi.yaml over released.yaml, if the version in package.json is as high as the changes ask for.
import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { type Contract, nameChanges, sampleChanges } from "./breaking/names.js";
import { type Reason, rate } from "./breaking/rate.js";
import { type Impact, redoclyDiff } from "./breaking/redocly-diff.js";
import { isAtLeast, lowestVersion, refuse, refuseNoVersion } from "./breaking/versions.js";
import { readContract } from "./generate/contract.js";
import { ContractError } from "./generate/contract-error.js";
import { bundleLocal } from "./generate/elsewhere.js";
import { type BuiltOperation, builtOperations } from "./generate/operation.js";

/** What the comparison came to. */
export interface Gate {
  /** The weightiest of the reasons. */
  verdict: Impact;
  /** Each change with its impact, the weightiest first. */
  reasons: Reason[];
  /** Why the contract must not be released as it is, and what to do; absent when it may. */
  refusal?: string;
  /** The lowest version that such changes may be released as. */
  lowest: string;
  /** The version that the contract gives itself. */
  current: string;
}

const order: Impact[] = ["major", "minor", "patch", "none"];

/** Compares the contracts in `specDir` and judges them by the version in package.json. */
export async function checkBreaking(specDir: string, packageVersion: string): Promise<Gate> {
  const released = join(specDir, "released.yaml");
  const current = join(specDir, "openapi.yaml");
  // Redocly's process would fetch what it is led to.
  for (const file of [released, current]) await bundleLocal(dirname(specDir), file).catch(ofElsewhere);
  const changes = await redoclyDiff(released, current);
  const [before, now] = await Promise.all([parsed(released), parsed(current)]);
  const [operationsBefore, operationsNow] = await Promise.all([
    operationsOf(released).catch(goneSample),
    operationsOf(current).catch(none),
  ]);
  const versions = { released: before.info.version, current: now.info.version, packaged: packageVersion };
  refuseNoVersion(versions);
  const named = [...nameChanges(before, now), ...sampleChanges(operationsBefore, operationsNow)];
  const reasons = [...changes.map(rate), ...named].filter((reason) => reason.impact !== "none");
  reasons.sort((a, b) => order.indexOf(a.impact) - order.indexOf(b.impact));
  const verdict = reasons[0]?.impact ?? "none";
  const refusal = refuse(verdict, versions);
  const lowest = lowestVersion(verdict, versions.released);
  return { verdict, reasons, lowest, current: versions.current, ...(refusal !== undefined && { refusal }) };
}

const parsed = async (file: string): Promise<Contract> => parse(await readFile(file, "utf8")) as Contract;

/** The operations as the generator sees them. */
async function operationsOf(file: string): Promise<readonly BuiltOperation[]> {
  return builtOperations((await readContract(dirname(file), basename(file))).document);
}

/** The released contract refers to the samples of today. */
function goneSample(error: unknown): never {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT") throw error;
  throw new Error(`spec/released.yaml refers to ${path}, which is gone: keep it until the release after.`, {
    cause: error,
  });
}

/** What else is wrong is told by Redocly, which compares. */
function ofElsewhere(error: unknown): void {
  if (error instanceof ContractError) throw error;
}

/** What the generator refuses has none to compare: `generate:check` tells of it. */
function none(error: unknown): readonly BuiltOperation[] {
  if (error instanceof ContractError) return [];
  throw error;
}

/** Where the command works and speaks; a test brings its own. */
export interface Io {
  readonly root: string;
  log(text: string): void;
  error(text: string): void;
}

const standardIo: Io = { ...console, root: fileURLToPath(new URL("..", import.meta.url)) };

/** The command: prints the verdict with its reasons; 1 when the contract must not be released as it is. */
export async function main(args: readonly string[], { root, log, error }: Io = standardIo): Promise<number> {
  const { release } = parseArgs({ args: [...args], options: { release: { type: "boolean" } } }).values;
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const spec = join(root, "spec");
  const { verdict, reasons, lowest, current, refusal } = await checkBreaking(spec, version);
  for (const { impact, message, where } of reasons) log(`${impact}: ${message}\n    ${where}`);
  log(`spec/openapi.yaml against spec/released.yaml: ${verdict}`);
  const isHighEnough = isAtLeast(version, lowest);
  const isOne = version === current;
  if (refusal) error(refusal);
  else if (!isHighEnough) log(tooLow(version, lowest));
  else if (release && !isOne)
    error(`package.json has version ${version}, info.version of spec/openapi.yaml is ${current}: a release has one.`);
  if (!release) return refusal ? 1 : 0;
  if (refusal || !isHighEnough || !isOne) return 1;
  await copyFile(join(spec, "openapi.yaml"), join(spec, "released.yaml"));
  log(`Wrote spec/released.yaml: the contract of version ${version}.`);
  return 0;
}

function tooLow(version: string, lowest: string): string {
  return (
    `To be released as ${lowest} at least; package.json has ${version}. When it is released: set the version in package.json and in ` +
    "info.version of spec/openapi.yaml, then npm run generate, then npm run breaking -- --release."
  );
}
