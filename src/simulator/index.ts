/** A stand-in for Azure Resource Manager: reimages virtual machines that do not exist, to test code that reimages those that do. */
export type { Fault, FaultPlan } from "./faults.js";
export type { Limit, Limits } from "./limits.js";
export type { RecordedRequest } from "./log.js";
export type { Refusals, SimulatorOptions, StatusRecord } from "./options.js";
export { type PresetName, type Presets, presets } from "./presets.js";
export type { RouteKind } from "./routes.js";
export { createSimulator, type Simulator } from "./simulator.js";
export type { SimulatedFailure, SimulatedOutcome, SimulatedVm, SimulatedVmInit } from "./vm.js";
