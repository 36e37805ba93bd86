// The gate against breaking changes: compares spec/openapi.yaml with spec/released.yaml, its copy of the last release.
//
// Versions: `info.version` is the release of this package that the contract belongs to (it is not ARM's api-version). A breaking
// change passes when the major in package.json is above the one in released.yaml. So that a copied contract cannot carry an
// old major along, the major in openapi.yaml has to be that of package.json. Minor and patch numbers are free to differ.
//
// `--release` copies openapi.yaml over released.yaml, if the version in package.json says what the changes come to.
import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
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
  /** The lowest version that such changes may be released as. */
  lowest: string;
}

const order: Impact[] = ["major", "minor", "patch", "none"];

/** Compares the contracts in `specDir` and judges them by the version in package.json. */
export async function checkBreaking(specDir: string, packageVersion: string): Promise<Gate> {
  const released = join(specDir, "released.yaml");
  const current = join(specDir, "openapi.yaml");
  const changes = await redoclyDiff(released, current);
  const [before, now] = await Promise.all([parsed(released), parsed(current)]);
  const [operationsBefore, operationsNow] = await Promise.all([
    operationsOf(released).catch(goneSample),
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
  const lowest = lowestVersion(verdict, before.info.version);
  return { verdict, reasons, lowest, ...(refusal !== undefined && { refusal }) };
}

/** The lowest version for changes of this impact after a release. */
export function lowestVersion(verdict: Impact, released: string): string {
  const [major = 0, minor = 0, patch = 0] = numbers(released);
  return {
    major: `${major + 1}.0.0`,
    minor: `${major}.${minor + 1}.0`,
    patch: `${major}.${minor}.${patch + 1}`,
    none: released,
  }[verdict];
}

/** Is a version this one or a later one? A prerelease counts as what it leads to. */
export function isAtLeast(version: string, lowest: string): boolean {
  const [ours, theirs] = [numbers(version), numbers(lowest)];
  const first = ours.findIndex((number, i) => number !== theirs[i]);
  return first === -1 || (ours[first] ?? 0) > (theirs[first] ?? 0);
}

function numbers(version: string): readonly number[] {
  return version.split(/[.+-]/, 3).map(Number);
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
      "info.version of spec/openapi.yaml, then npm run breaking -- --release. If not: undo the major changes above."
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

/** The released contract refers to the samples of today. */
function goneSample(error: unknown): never {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT") throw error;
  throw new Error(`spec/released.yaml refers to ${path}, which is gone: keep it until the release after.`, {
    cause: error,
  });
}

/** What the generator refuses has none to compare: `generate:check` tells of it. */
function none(error: unknown): readonly BuiltOperation[] {
  if (error instanceof ContractError) return [];
  throw error;
}

/** Prints the verdict with its reasons; 1 when the contract must not be released as it is. */
export async function main(args: readonly string[] = []): Promise<number> {
  const { release } = parseArgs({ args: [...args], options: { release: { type: "boolean" } } }).values;
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  try {
    const spec = join(root, "spec");
    const { verdict, reasons, lowest, refusal } = await checkBreaking(spec, version);
    for (const { impact, message, where } of reasons) console.log(`${impact}: ${message}\n    ${where}`);
    console.log(`spec/openapi.yaml against spec/released.yaml: ${verdict}`);
    if (refusal) {
      console.error(refusal);
      return 1;
    }
    const isHigh = isAtLeast(version, lowest);
    if (!isHigh) console.log(`To be released as ${lowest} at least; package.json has ${version}.`);
    if (!release) return 0;
    if (isHigh) await copyFile(join(spec, "openapi.yaml"), join(spec, "released.yaml"));
    return isHigh ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}
