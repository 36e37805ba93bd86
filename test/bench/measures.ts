/** All that is measured, in the order of the table. */
import { consumer } from "./consumer.js";
import { fleet } from "./fleet-rows.js";
import { install } from "./install.js";
import { cpuInProcess, cpuOverTls, delay, heap } from "./load.js";
import type { Measure } from "./measure.js";
import { pipeline } from "./pipeline.js";
import { safety } from "./safety.js";
import { sizes } from "./sizes.js";
import { coldStart, firstReimage } from "./start.js";

export const measures: readonly Measure[] = [
  ...[safety, sizes, install, consumer, coldStart, firstReimage],
  ...[cpuInProcess, cpuOverTls, heap, delay, fleet, pipeline],
];
