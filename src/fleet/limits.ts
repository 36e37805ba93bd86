/** The size of a token bucket of the service: `capacity` requests at once, then `refillPerSecond`. */
export interface FleetLimit {
  /** How many requests it takes at once, when it is full. */
  readonly capacity: number;
  /** How many more it takes, each second. */
  readonly refillPerSecond: number;
}

/** The token buckets that a fleet is paced by. */
export interface FleetLimits {
  /**
   * Writes to Azure Resource Manager, by subscription.
   *
   * @default { capacity: 200, refillPerSecond: 10 }
   */
  readonly armWrites: FleetLimit;
  /**
   * Reads of Azure Resource Manager, status requests among them, by subscription.
   *
   * @default { capacity: 250, refillPerSecond: 25 }
   */
  readonly armReads: FleetLimit;
  /**
   * Compute's updates of one VM, reimages among them.
   *
   * @default { capacity: 12, refillPerSecond: 4 / 60 }
   */
  readonly vmUpdates: FleetLimit;
  /**
   * The same by subscription and region.
   *
   * @default { capacity: 1500, refillPerSecond: 500 / 60 }
   */
  readonly subscriptionVmUpdates: FleetLimit;
  /**
   * Compute's status requests of one operation.
   *
   * @default { capacity: 45, refillPerSecond: 15 / 60 }
   */
  readonly operationReads: FleetLimit;
  /**
   * The same by subscription and region.
   *
   * @default { capacity: 15_000, refillPerSecond: 5000 / 60 }
   */
  readonly subscriptionOperationReads: FleetLimit;
}

/** The sizes that Azure documents. */
export const ARM_LIMITS: FleetLimits = {
  armWrites: { capacity: 200, refillPerSecond: 10 },
  armReads: { capacity: 250, refillPerSecond: 25 },
  vmUpdates: { capacity: 12, refillPerSecond: 4 / 60 },
  subscriptionVmUpdates: { capacity: 1500, refillPerSecond: 500 / 60 },
  operationReads: { capacity: 45, refillPerSecond: 15 / 60 },
  subscriptionOperationReads: { capacity: 15_000, refillPerSecond: 5000 / 60 },
};
