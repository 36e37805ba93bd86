// This package.
import { createReimageClient } from "azure-vm-reimage";

export function create({ endpoint, fetch, intervalMs, credential = () => "token" }) {
  const client = createReimageClient({ credential, endpoint, fetch, pollIntervalMs: intervalMs });
  return async function reimage(vmName, parameters) {
    await client.reimage(
      { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName },
      parameters,
    );
  };
}
