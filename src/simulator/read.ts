import { virtualMachinesGetOperation } from "../../generated/arm/operations.js";
import { refuseApiVersion } from "./refusals.js";
import { json, type Reply } from "./replies.js";
import type { Holding } from "./store.js";
import { findVm } from "./target.js";
import type { Call, World } from "./world.js";

/** Answers the GET of a VM: how it is now, by the simulator's clock. */
export function read(world: World, call: Call): Reply {
  const given = call.request.url.searchParams.get("api-version");
  const refused = refuseApiVersion(given, [virtualMachinesGetOperation.apiVersion, ...world.settings.apiVersions]);
  if (refused) return refused;
  const found = findVm(world, call);
  return "refused" in found ? found.refused : json(200, vmDocument(found.vm));
}

/** A VM as ARM tells it. What nobody declared is not told; customData never is. */
function vmDocument({ vm, init, uniqueId }: Holding): object {
  const { osType, ephemeral, osDiskId } = vm;
  return {
    name: vm.vmName,
    id: vm.id,
    type: "Microsoft.Compute/virtualMachines",
    location: vm.location,
    properties: {
      hardwareProfile: { vmSize: init.vmSize ?? "Standard_D2ds_v5" },
      provisioningState: vm.provisioningState,
      vmId: uniqueId,
      storageProfile: {
        osDisk: {
          ...(osType === undefined ? {} : { osType }),
          ...(ephemeral ? { diffDiskSettings: { option: "Local", placement: "CacheDisk" } } : {}),
          name: osDiskId.replace(/^.*\//, ""),
          createOption: "FromImage",
          caching: ephemeral ? "ReadOnly" : "ReadWrite",
          managedDisk: { storageAccountType: ephemeral ? "Standard_LRS" : "Premium_LRS", id: osDiskId },
          deleteOption: vm.deleteOption,
        },
        dataDisks: [],
      },
      osProfile: { computerName: vm.vmName, adminUsername: "azureuser", secrets: [], allowExtensionOperations: true },
    },
  };
}
