import { InvalidInputError } from "../errors.js";
import type { Inspection } from "./inspection.js";

/**
 * Tells by two looks at the same VM whether its OS disk was replaced between them.
 *
 * `happened`: it has another OS disk now, and that is what a reimage leaves behind. `cannot tell`: everything else. The same
 * disk proves nothing, since the reimage may still run, or may have failed before it came to the disk; neither does an id
 * that is missing, nor an ephemeral disk, which is reset where it is.
 *
 * @param before - the look from before the reimage
 * @param after - a look at the same VM from after it; an OS disk that somebody else swapped counts like one that a reimage did
 * @throws {@link InvalidInputError} when one of them is missing
 */
export function reconcile(before: Inspection, after: Inspection): "happened" | "cannot tell" {
  if (!before || !after)
    throw new InvalidInputError([{ path: before ? "after" : "before", rule: "must be what inspect gave" }]);
  if (before.ephemeral || after.ephemeral || !before.osDiskId || !after.osDiskId) return "cannot tell";
  return folded(before.osDiskId) === folded(after.osDiskId) ? "cannot tell" : "happened";
}

/** ARM's ids compare without case. Up and down again, so that letters with more than two forms compare as equal. */
function folded(id: string): string {
  return id.toUpperCase().toLowerCase();
}
