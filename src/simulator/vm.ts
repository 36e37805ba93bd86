/** How a reimage ends: well, not well and why, or never. */
export type SimulatedOutcome = "succeeded" | "failed" | "canceled" | "hang" | SimulatedFailure;

/** An ending without success. */
export interface SimulatedFailure {
  /** The word of the service that ends it. */
  readonly status: "failed" | "canceled";
  /**
   * The service's error code.
   *
   * @default "OSProvisioningTimedOut" when failed, "OperationPreempted" when canceled
   */
  readonly code?: string;
  /** The service's words about it; such as Azure has unless given. */
  readonly message?: string;
  /**
   * Was the OS disk replaced before it failed?
   *
   * @default true for OSProvisioningTimedOut, whose new system did not come up; false for all else
   */
  readonly replacesDisk?: boolean;
}

/** A VM that exists. */
export interface SimulatedVmInit {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly vmName: string;
  /**
   * Has it an ephemeral OS disk, which is reset where others are replaced?
   *
   * @default false
   */
  readonly ephemeral?: boolean;
  /** Which rule an adminPassword has to keep; either unless given, and then a read of the VM does not tell it. */
  readonly osType?: "Windows" | "Linux";
  /**
   * What becomes of the old OS disk.
   *
   * @default "Detach", and "Delete" for an ephemeral one
   */
  readonly deleteOption?: "Detach" | "Delete";
  /** The customData that it was created with; none unless given. */
  readonly customData?: string;
  /**
   * The Azure region.
   *
   * @default "westus"
   */
  readonly location?: string;
  /**
   * The size, which only reads of the VM tell.
   *
   * @default "Standard_D2ds_v5"
   */
  readonly vmSize?: string;
  /**
   * How its last operation ended.
   *
   * @default "Succeeded"
   */
  readonly provisioningState?: "Succeeded" | "Failed";
  /** How its reimages end, unlike those of others. */
  readonly outcome?: SimulatedOutcome;
  /** How long its reimages take, unlike those of others. */
  readonly durationMs?: number;
}

/** A VM as it is now. */
export interface SimulatedVm {
  /** Its ARM resource id. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly vmName: string;
  readonly ephemeral: boolean;
  readonly osType?: "Windows" | "Linux";
  readonly deleteOption: "Detach" | "Delete";
  readonly location: string;
  readonly provisioningState: "Succeeded" | "Updating" | "Failed";
  /** The OS disk in use: another one after each reimage, unless it is ephemeral. */
  readonly osDiskId: string;
  /** Earlier OS disks that still exist, the latest last. */
  readonly keptOsDiskIds: readonly string[];
  /** Earlier OS disks that were deleted. */
  readonly deletedOsDiskIds: readonly string[];
  /** How often its OS disk was replaced or reset. */
  readonly reimages: number;
}

/** The VM that a declaration means. */
export function createVm(init: SimulatedVmInit, id: string, diskName: string): SimulatedVm {
  const { subscriptionId, resourceGroupName, vmName, osType } = init;
  return Object.freeze({
    id,
    subscriptionId,
    resourceGroupName,
    vmName,
    ephemeral: init.ephemeral ?? false,
    ...(osType === undefined ? {} : { osType }),
    deleteOption: init.deleteOption ?? (init.ephemeral ? "Delete" : "Detach"),
    location: init.location ?? "westus",
    provisioningState: init.provisioningState ?? "Succeeded",
    osDiskId: diskId(id, diskName),
    keptOsDiskIds: [],
    deletedOsDiskIds: [],
    reimages: 0,
  });
}

/** The VM while a reimage runs. */
export function updating(vm: SimulatedVm): SimulatedVm {
  return Object.freeze({ ...vm, provisioningState: "Updating" });
}

/** The VM when a reimage has ended; `diskName` is that of the new OS disk, if there is one. */
export function reimaged(vm: SimulatedVm, succeeded: boolean, diskName: string | undefined): SimulatedVm {
  const ended: SimulatedVm = { ...vm, provisioningState: succeeded ? "Succeeded" : "Failed" };
  if (diskName === undefined) return Object.freeze(ended);
  if (vm.ephemeral) return Object.freeze({ ...ended, reimages: vm.reimages + 1 });
  const kept = vm.deleteOption === "Detach" ? [vm.osDiskId] : [];
  const deleted = vm.deleteOption === "Delete" ? [vm.osDiskId] : [];
  return Object.freeze({
    ...ended,
    osDiskId: diskId(vm.id, diskName),
    keptOsDiskIds: [...vm.keptOsDiskIds, ...kept],
    deletedOsDiskIds: [...vm.deletedOsDiskIds, ...deleted],
    reimages: vm.reimages + 1,
  });
}

/** A disk lies beside its VM, in the same resource group. */
function diskId(vmId: string, diskName: string): string {
  return vmId.replace(/[^/]+\/[^/]+$/, `disks/${diskName.replaceAll("$", "$$$$")}`);
}
