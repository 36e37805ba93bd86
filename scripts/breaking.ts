// The gate against breaking changes: compares spec/openapi.yaml with spec/released.yaml, its copy of the last release.
//
// Versions: `info.version` is the release of this package that the contract belongs to (it is not ARM's api-version). A breaking
// change passes when the major in package.json is above the one in released.yaml. So that a copied contract cannot carry an
// old major along, the major in openapi.yaml has to be that of package.json. Minor and patch numbers are free to differ.
//
// To release a breaking change: raise the major in package.json and in info.version, then copy openapi.yaml over released.yaml.
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { type Contract, nameChanges, sampleChanges } from "./breaking/names.js";
import { type Reason, rate } from "./breaking/rate.js";
import { type Impact, redoclyDiff } from "./breaking/redocly-diff.js";
import { readContract } from "./generate/contract.js";
import { ContractError } from "./generate/contract-error.js";
import { type BuiltOperation, builtOperations } from "./generate/operation.js";

/** What the comparison came to. */
export interface Gate {
  /** The weightiest of the reasons. */
  verdict: Impact;
  /** Each change with its impact, the weightiest first. */
  reasons: Reason[];
  /** Why the contract must not be released as it is, and what to do; absent when it may. */
  refusal?: string;
}

const order: Impact[] = ["major", "minor", "patch", "none"];

/** Compares the contracts in `specDir` and judges them by the version in package.json. */
export async function checkBreaking(specDir: string, packageVersion: string): Promise<Gate> {
  const released = join(specDir, "released.yaml");
  const current = join(specDir, "openapi.yaml");
  const changes = await redoclyDiff(released, current);
  const [before, now] = await Promise.all([parsed(released), parsed(current)]);
  const [operationsBefore, operationsNow] = await Promise.all([
    operationsOf(released),
    operationsOf(current).catch(none),
  ]);
  const named = [...nameChanges(before, now), ...sampleChanges(operationsBefore, operationsNow)];
  const reasons = [...changes.map(rate), ...named].filter((reason) => reason.impact !== "none");
  reasons.sort((a, b) => order.indexOf(a.impact) - order.indexOf(b.impact));
  const verdict = reasons[0]?.impact ?? "none";
  const refusal = refuse(verdict, {
    released: before.info.version,
    current: now.info.version,
    packaged: packageVersion,
  });
  return refusal === undefined ? { verdict, reasons } : { verdict, reasons, refusal };
}

/** The versions that say whether a change may be released: of released.yaml, of openapi.yaml and of package.json. */
export interface Versions {
  released: string;
  current: string;
  packaged: string;
}

/** Why a change of this impact must not be released under these versions, and what to do; undefined when it may. */
export function refuse(verdict: Impact, { released, current, packaged }: Versions): string | undefined {
  if (verdict === "major" && major(packaged) <= major(released)) {
    return (
      `Version ${packaged} may not break what ${released} promised. If it is meant: bump the major in package.json and in ` +
      "info.version of spec/openapi.yaml, and copy spec/openapi.yaml over spec/released.yaml. If not: undo the major changes above."
    );
  }
  if (major(packaged) === major(current)) return undefined;
  return `package.json has version ${packaged}, info.version of spec/openapi.yaml is ${current}: give both the same major.`;
}

const major = (version: string): number => Number.parseInt(version, 10);

const parsed = async (file: string): Promise<Contract> => parse(await readFile(file, "utf8")) as Contract;

/** The operations as the generator sees them. */
async function operationsOf(file: string): Promise<readonly BuiltOperation[]> {
  return builtOperations((await readContract(dirname(file), basename(file))).document);
}

/** What the generator refuses has none to compare: `generate:check` tells of it. */
function none(error: unknown): readonly BuiltOperation[] {
  if (error instanceof ContractError) return [];
  throw error;
}

/** Prints the verdict with its reasons; 1 when the contract must not be released as it is. */
export async function main(): Promise<number> {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  try {
    const { verdict, reasons, refusal } = await checkBreaking(join(root, "spec"), version);
    for (const { impact, message, where } of reasons) console.log(`${impact}: ${message}\n    ${where}`);
    console.log(`spec/openapi.yaml against spec/released.yaml: ${verdict}`);
    if (refusal) console.error(refusal);
    return refusal ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}
