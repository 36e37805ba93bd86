// Microsoft's own client, with its defaults.
import { ComputeManagementClient } from "@azure/arm-compute";

export function create({ endpoint, httpClient, intervalMs, credential = () => "token" }) {
  const getToken = async () => ({ token: await credential(), expiresOnTimestamp: Date.now() + 3_600_000 });
  const client = new ComputeManagementClient({ getToken }, "00000000-0000-4000-8000-000000000000", {
    ...(endpoint && { endpoint }),
    ...(httpClient && { httpClient }),
  });
  return async function reimage(vmName, parameters) {
    await client.virtualMachines.reimage("rg", vmName, { parameters, updateIntervalInMs: intervalMs });
  };
}
