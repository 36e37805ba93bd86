/** A look at a VM before and after its OS disk is wiped. One GET each; nothing is ever changed. */
export { deleteOsDiskCommand, keepOsDiskCommand } from "./command.js";
export { type InspectOptions, inspect } from "./inspect.js";
export type { Inspection } from "./inspection.js";
export { reconcile } from "./reconcile.js";
