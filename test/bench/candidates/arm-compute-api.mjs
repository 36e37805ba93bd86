// Microsoft's own client, by its entry for bundlers.
import { createComputeManagement } from "@azure/arm-compute/api";
import { reimage as begin } from "@azure/arm-compute/api/virtualMachines";

export function create({ endpoint, intervalMs, credential = () => "token" }) {
  const getToken = async () => ({ token: await credential(), expiresOnTimestamp: Date.now() + 3_600_000 });
  const context = createComputeManagement({ getToken }, "00000000-0000-4000-8000-000000000000", { endpoint });
  return async function reimage(vmName, parameters) {
    await begin(context, "rg", vmName, { parameters, updateIntervalInMs: intervalMs });
  };
}
