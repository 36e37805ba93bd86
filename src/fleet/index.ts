/** Reimages many virtual machines at the pace that the service's limits allow. */
export type { FleetLimit, FleetLimits } from "./limits.js";
export type { FleetOptions } from "./options.js";
export { type PaceReadsOptions, paceReads } from "./pace-reads.js";
export { reimageFleet } from "./reimage-fleet.js";
export type { FleetResult, FleetTotals } from "./results.js";
