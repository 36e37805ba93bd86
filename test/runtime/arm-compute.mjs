// Why: whoever tests code on Microsoft's own client with our simulator has to be able to believe it. Run by scripts/runtimes.ts in a
// project of its own, on a Node that @azure/arm-compute and msw 3 take. Prints one JSON line for each thing that it shows.
import { readFileSync } from "node:fs";
import { ComputeManagementClient } from "@azure/arm-compute";
import { createReimageClient } from "azure-vm-reimage";
import { reimageHandlers } from "azure-vm-reimage/msw";
import { serveSimulator } from "azure-vm-reimage/node";
import { createSimulator, presets } from "azure-vm-reimage/simulator";
import { setupServer } from "msw/node";

const [keyFile, certFile] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
const vm = { subscriptionId: "00000000-0000-4000-8000-000000000000", resourceGroupName: "rg", vmName: "vm" };
const id = `/subscriptions/${vm.subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`;
const credential = { getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }) };
// The one that this client is made for.
const apiVersions = ["2026-04-01"];
const hurry = { durationMs: 200, retryAfterSeconds: null, apiVersions };

const doors = {
  async msw(arm) {
    const server = setupServer(...reimageHandlers(arm));
    server.listen({ onUnhandledRequest: "error" });
    return { options: {}, close: () => server.close() };
  },
  async https(arm) {
    const { url, close } = await serveSimulator(arm, { tls });
    return { options: { endpoint: url }, close };
  },
};

const cases = [
  { name: "succeeds", options: presets.succeeds, expected: "succeeded, 1 disk replaced" },
  { name: "fails with the service's code", options: presets.fails, expected: "OSProvisioningTimedOut" },
  { name: "is preempted", options: presets.preempted, expected: "was canceled" },
  {
    name: "refused with 400",
    options: presets.strict,
    parameters: { tempDisk: true },
    expected: "400 InvalidParameter",
  },
  { name: "refused with 404", options: presets.notFound, expected: "404 ResourceNotFound" },
  { name: "refused with 409", options: presets.busy, expected: "409 OperationNotAllowed" },
  { name: "refused with 429 by Compute", options: presets.throttled, expected: "429" },
  { name: "refused with 429 by ARM", options: presets.throttledByArm, expected: "429 SubscriptionRequestsThrottled" },
];

/** Reimages with @azure/arm-compute, which retries what is throttled for minutes unless told not to. */
async function reimage(options, parameters) {
  const client = new ComputeManagementClient(credential, vm.subscriptionId, {
    ...options,
    retryOptions: { maxRetries: 0 },
  });
  await client.virtualMachines.reimage(vm.resourceGroupName, vm.vmName, { parameters, updateIntervalInMs: 50 });
}

for (const [door, open] of Object.entries(doors)) {
  for (const { name, options, parameters, expected } of cases) {
    const arm = createSimulator({ ...options, ...hurry });
    const { options: where, close } = await open(arm);
    const told = await reimage(where, parameters).then(
      () => `succeeded, ${arm.vms.get(id)?.keptOsDiskIds.length} disk replaced`,
      ({ statusCode, code, message }) => [statusCode, code, message].filter(Boolean).join(" "),
    );
    await close();
    console.log(
      JSON.stringify({ what: `@azure/arm-compute through ${door}: ${name}`, ok: told.includes(expected), told }),
    );
  }
}

for (const [door, open] of Object.entries(doors)) {
  const arm = createSimulator(hurry);
  const { options, close } = await open(arm);
  const { status } = await createReimageClient({ credential, pollIntervalMs: 50, ...options }).reimage(vm);
  await close();
  console.log(
    JSON.stringify({
      what: `our client through ${door} (msw 3, Node ${process.versions.node})`,
      ok: status === "succeeded",
      told: status,
    }),
  );
}
