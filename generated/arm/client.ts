// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 587d7265418c8b82f17c52117daaca204a383219928250e0fd62db67b43b775c

import { type ApiRequest, refuse, requestOf } from "../request.js";
import { type NamedHeaders, type RequestOptions, send } from "../send.js";
import { clouds, virtualMachinesGetOperation } from "./operations.js";
import type { ApiError, CloudError, VirtualMachine } from "./schema.js";
import { validateResourceGroupName, validateSubscriptionId, validateVmName } from "./validate.js";

/** The path parameters of VirtualMachines_Get. */
export interface VirtualMachinesGetPath {
  /**
   * Subscription credentials which uniquely identify Microsoft Azure subscription. The subscription ID forms part
   * of the URI for every service call.
   */
  subscriptionId: string;
  /** The name of the resource group. */
  resourceGroupName: string;
  /** The name of the virtual machine. */
  vmName: string;
}

/** What VirtualMachines_Get takes beside its path parameters. */
export type VirtualMachinesGetInit = RequestOptions;

/** Status 200 of VirtualMachines_Get: The virtual machine. */
export interface VirtualMachinesGet200 extends Response {
  readonly ok: true;
  readonly status: 200;
  readonly headers: NamedHeaders<
    "x-ms-request-id" | "x-ms-ratelimit-remaining-subscription-reads" | "x-ms-ratelimit-remaining-resource"
  >;
  json(): Promise<VirtualMachine>;
}

/** Any other status of VirtualMachines_Get: The virtual machine could not be read. Nothing was changed. */
export interface VirtualMachinesGetError extends Response {
  readonly ok: false;
  readonly headers: NamedHeaders<"Retry-After" | "x-ms-request-id">;
  json(): Promise<CloudError | ApiError>;
}

/** An answer of VirtualMachines_Get, its body unread. Its `ok` and `status` tell which one it is. */
export type VirtualMachinesGetResponse = VirtualMachinesGet200 | VirtualMachinesGetError;

/**
 * The request of VirtualMachines_Get, for a sender of your own: what the contract says of it, and nothing else.
 *
 * @throws {TypeError} when a path parameter or the endpoint breaks its rule.
 */
export function virtualMachinesGetRequest(
  path: VirtualMachinesGetPath,
  { endpoint: base = clouds.public }: Pick<VirtualMachinesGetInit, "endpoint"> = {},
): ApiRequest {
  const values = {
    subscriptionId: path.subscriptionId,
    resourceGroupName: path.resourceGroupName,
    vmName: path.vmName,
  };
  refuse([
    ...validateSubscriptionId(values.subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(values.resourceGroupName, "resourceGroupName"),
    ...validateVmName(values.vmName, "vmName"),
  ]);
  return requestOf(virtualMachinesGetOperation, values, base);
}

/**
 * Answers with the virtual machine as it is now. Nothing is changed.
 *
 * One request: nothing is repeated, no redirect is followed, no body is read. Every status is an answer.
 *
 * @throws {TypeError} when a path parameter or the endpoint breaks its rule, before anything is sent.
 */
export async function virtualMachinesGet(
  path: VirtualMachinesGetPath,
  init: VirtualMachinesGetInit = {},
): Promise<VirtualMachinesGetResponse> {
  return (await send(virtualMachinesGetRequest(path, init), init)) as VirtualMachinesGetResponse;
}
