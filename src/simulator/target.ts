import { vmRefusal } from "./parameters.js";
import { noSuchVm } from "./refusals.js";
import type { Reply } from "./replies.js";
import { vmId } from "./routes.js";
import type { Holding } from "./store.js";
import type { Call, World } from "./world.js";

/** The VM that a path names, or why there is none. Where none were declared it exists from now on. */
export function findVm(
  { store, settings, addVm }: World,
  { names, now }: Call,
): { readonly vm: Holding } | { readonly refused: Reply } {
  const refused = vmRefusal(names);
  if (refused) return { refused };
  const found = store.find(vmId(names), now);
  if (found) return { vm: found };
  if (settings.refuse.unknownVm) return { refused: noSuchVm(names) };
  const { subscriptionId = "", resourceGroupName = "", vmName = "" } = names;
  return { vm: addVm({ subscriptionId, resourceGroupName, vmName }) };
}
