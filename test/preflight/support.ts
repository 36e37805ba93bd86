/** What the tests of the preflight share: VMs as the service tells them, and a look at one without sockets. */
import type { ReimageClientOptions, ReimageEvent } from "../../src/index.js";
import { type Inspection, type InspectOptions, inspect } from "../../src/preflight/index.js";
import { clientFor, ENDPOINT, inProcess, type Say, say, vm } from "../rules/support-s.js";

export const vmPath = `/subscriptions/${vm.subscriptionId}/resourceGroups/rg-one/providers/Microsoft.Compute/virtualMachines/vm-one`;
export const diskId = `/subscriptions/${vm.subscriptionId}/resourceGroups/rg-one/providers/Microsoft.Compute/disks/vm-one_OsDisk_1`;

/** The OS disk of the specification's own sample of the read, with an option that the sample leaves out. */
export const osDisk = {
  osType: "Windows",
  name: "vm-one_OsDisk_1",
  createOption: "FromImage",
  caching: "ReadWrite",
  managedDisk: { storageAccountType: "Premium_LRS", id: diskId },
  diskSizeGB: 30,
  deleteOption: "Detach",
};

/** A VM with this OS disk, in the shape of the specification's sample. */
export function documentOf(disk: unknown = osDisk, properties: object = {}): Record<string, unknown> {
  return {
    name: "vm-one",
    id: vmPath,
    type: "Microsoft.Compute/virtualMachines",
    location: "West US",
    tags: { myTag1: "tagValue1" },
    etag: '"1"',
    properties: {
      vmId: "0f47b100-583c-48e3-a4c0-aefc2c9bbcc1",
      hardwareProfile: { vmSize: "Standard_DS3_v2" },
      storageProfile: { imageReference: { sku: "2016-Datacenter" }, osDisk: disk, dataDisks: [] },
      provisioningState: "Succeeded",
      ...properties,
    },
  };
}

/** Looks at a VM that the service tells so, or not at all. */
export async function lookAt(
  answer: Say | object | string | undefined,
  options: Partial<ReimageClientOptions> = {},
  how?: InspectOptions,
): Promise<Inspection> {
  const service = inProcess(typeof answer === "function" ? (answer as Say) : say(200, answer));
  return inspect(clientFor({ url: ENDPOINT }, { fetch: service.fetch, ...options }), vm, how);
}

/** A client's `onEvent`, and what it was told. */
export function listener(): { readonly events: ReimageEvent[]; readonly onEvent: (event: ReimageEvent) => void } {
  const events: ReimageEvent[] = [];
  return { events, onEvent: (event) => void events.push(event) };
}
