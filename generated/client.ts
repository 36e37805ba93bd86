// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 2de48dedbd89fef6f574b4d134bbe281d155bc6a6e6873a441225620c9640d21

import { endpoint, virtualMachinesReimageOperation } from "./operations.js";
import { type ApiRequest, refuse, requestOf } from "./request.js";
import type { CloudError, VirtualMachineReimageParameters } from "./schema.js";
import { type NamedHeaders, type RequestOptions, send } from "./send.js";
import { validateResourceGroupName, validateSubscriptionId, validateVmName } from "./validate.js";

/** The path parameters of VirtualMachines_Reimage. */
export interface VirtualMachinesReimagePath {
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

/** What VirtualMachines_Reimage takes beside its path parameters. */
export interface VirtualMachinesReimageInit extends RequestOptions {
  /** Parameters supplied to the Reimage Virtual Machine operation. */
  body?: VirtualMachineReimageParameters | undefined;
}

/** Status 200 of VirtualMachines_Reimage: OK */
export interface VirtualMachinesReimage200 extends Response {
  readonly ok: true;
  readonly status: 200;
  readonly headers: NamedHeaders<
    | "x-ms-request-id"
    | "x-ms-correlation-request-id"
    | "x-ms-routing-request-id"
    | "x-ms-ratelimit-remaining-subscription-writes"
    | "x-ms-ratelimit-remaining-resource"
  >;
  json(): Promise<unknown>;
}

/** Status 202 of VirtualMachines_Reimage: Accepted */
export interface VirtualMachinesReimage202 extends Response {
  readonly ok: true;
  readonly status: 202;
  readonly headers: NamedHeaders<
    | "Location"
    | "Azure-AsyncOperation"
    | "Retry-After"
    | "x-ms-request-id"
    | "x-ms-correlation-request-id"
    | "x-ms-routing-request-id"
    | "x-ms-ratelimit-remaining-subscription-writes"
    | "x-ms-ratelimit-remaining-resource"
  >;
  json(): Promise<unknown>;
}

/** Any other status of VirtualMachines_Reimage: Error response describing why the operation failed. */
export interface VirtualMachinesReimageError extends Response {
  readonly ok: false;
  readonly headers: NamedHeaders<
    "Retry-After" | "x-ms-request-id" | "x-ms-correlation-request-id" | "x-ms-routing-request-id"
  >;
  json(): Promise<CloudError>;
}

/** An answer of VirtualMachines_Reimage, its body unread. Its `ok` and `status` tell which one it is. */
export type VirtualMachinesReimageResponse =
  | VirtualMachinesReimage200
  | VirtualMachinesReimage202
  | VirtualMachinesReimageError;

/**
 * The request of VirtualMachines_Reimage, for a sender of your own: what the contract says of it, and nothing
 * else.
 *
 * @throws {TypeError} when a path parameter or the endpoint breaks its rule.
 */
export function virtualMachinesReimageRequest(
  path: VirtualMachinesReimagePath,
  { endpoint: base = endpoint, body }: Pick<VirtualMachinesReimageInit, "endpoint" | "body"> = {},
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
  return requestOf(virtualMachinesReimageOperation, values, base, body);
}

/**
 * Reimages (upgrade the operating system) a virtual machine which don't have a ephemeral OS disk, for virtual
 * machines who have a ephemeral OS disk the virtual machine is reset to initial state. NOTE: The retaining of
 * old OS disk depends on the value of deleteOption of OS disk. If deleteOption is detach, the old OS disk will
 * be preserved after reimage. If deleteOption is delete, the old OS disk will be deleted after reimage. The
 * deleteOption of the OS disk should be updated accordingly before performing the reimage.
 *
 * One request: nothing is repeated, no redirect is followed, no body is read. Every status is an answer.
 *
 * @throws {TypeError} when a path parameter or the endpoint breaks its rule, before anything is sent.
 */
export async function virtualMachinesReimage(
  path: VirtualMachinesReimagePath,
  init: VirtualMachinesReimageInit = {},
): Promise<VirtualMachinesReimageResponse> {
  return (await send(virtualMachinesReimageRequest(path, init), init)) as VirtualMachinesReimageResponse;
}
