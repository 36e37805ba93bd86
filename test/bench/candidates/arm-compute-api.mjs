// The bare requests of Microsoft's client, by its entry for bundlers, and a loop: that entry has no reimage of its own.
import { createComputeManagement } from "@azure/arm-compute/api";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function create({ endpoint, intervalMs = 10_000, credential = () => "token" }) {
  const getToken = async () => ({ token: await credential(), expiresOnTimestamp: Date.now() + 3_600_000 });
  const subscriptionId = "00000000-0000-4000-8000-000000000000";
  const context = createComputeManagement({ getToken }, subscriptionId, { endpoint });

  return async function reimage(vmName, body) {
    const vm = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${vmName}`;
    const posted = await context
      .path(`${vm}/reimage`)
      .post({ queryParameters: { "api-version": "2024-07-01" }, ...(body && { body }) });
    if (posted.status === "200") return;
    if (posted.status !== "202") throw new Error(posted.status);
    for (;;) {
      await sleep(intervalMs);
      const polled = await context.path(posted.headers["azure-asyncoperation"]).get();
      const { status } = polled.body;
      if (status === "Succeeded") return;
      if (status === "Failed" || status === "Canceled") throw new Error(status);
    }
  };
}
