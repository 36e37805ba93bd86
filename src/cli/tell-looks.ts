import { fateOf, LOOKED_AT, type Looked } from "./look.js";
import { harmless } from "./text.js";

/** What the looks found, a line for each VM. Where many go on these are only counted, so that those left alone can be seen. */
export function linesOf(looked: readonly Looked[]): string[] {
  const fates = looked.flatMap((one) => ("found" in one ? [fateOf(one.found.oldOsDisk)] : []));
  if (fates.length <= LOOKED_AT) return looked.map(lineOf);
  const counts = [...new Set(fates)].map((fate) => `${fates.filter((one) => one === fate).length} VMs: ${fate}`);
  return [...counts, ...looked.filter((one) => "row" in one).map(lineOf)];
}

function lineOf(looked: Looked): string {
  const word = "row" in looked ? `is left alone. ${looked.row.message ?? ""}` : fateOf(looked.found.oldOsDisk);
  return harmless(`${looked.vm.vmName}: ${word}`);
}
