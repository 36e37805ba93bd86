// What a change of the contract asks of the version that it is released as.
import { inc, major, SemVer, valid } from "semver";
import type { Impact } from "./redocly-diff.js";

/** The versions that say whether a change may be released: of released.yaml, of openapi.yaml and of package.json. */
export interface Versions {
  released: string;
  current: string;
  packaged: string;
}

/** Throws when one of them is no version, and says where it stands. */
export function refuseNoVersion({ released, current, packaged }: Versions): void {
  const places = {
    "package.json has the version": packaged,
    "info.version of spec/openapi.yaml is": current,
    "info.version of spec/released.yaml is": released,
  };
  for (const [place, version] of Object.entries(places))
    if (valid(version) === null) throw new Error(`${place} ${version}: that is no version, which is like 1.2.3.`);
}

/** The lowest version that changes of this impact may be released as, after a release. */
export function lowestVersion(verdict: Impact, released: string): string {
  return (verdict !== "none" && inc(released, verdict)) || released;
}

/** Is a version this one or a later one? A prerelease counts as what it leads to. */
export function isAtLeast(version: string, lowest: string): boolean {
  return new SemVer(version).compareMain(lowest) >= 0;
}

/** Why a change of this impact must not be released under these versions, and what to do; undefined when it may. */
export function refuse(verdict: Impact, { released, current, packaged }: Versions): string | undefined {
  if (verdict === "major" && !isAtLeast(packaged, lowestVersion(verdict, released))) {
    return (
      `Version ${packaged} may not break what ${released} promised. If it is meant: bump the major in package.json and in ` +
      "info.version of spec/openapi.yaml, then npm run breaking -- --release. If not: undo the major changes above."
    );
  }
  if (major(packaged) === major(current)) return undefined;
  return `package.json has version ${packaged}, info.version of spec/openapi.yaml is ${current}: give both the same major.`;
}
