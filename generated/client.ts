// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 370658a3427ef711a9e4cc86ef994d71c73958f742cade1e301b52abbe2e47d7

import createClient from "openapi-fetch";
import { endpoint, virtualMachinesReimageOperation } from "./operations.js";
import { assertValid, type NamedHeaders, type RequestOptions, send } from "./request.js";
import type { CloudError, paths, VirtualMachineReimageParameters } from "./schema.js";
import { validateResourceGroupName, validateSubscriptionId, validateVmName } from "./validate.js";

/** Reimage: what its URL names. */
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

/** Reimage: what it takes beside the URL. */
export interface VirtualMachinesReimageInit extends RequestOptions {
  body?: VirtualMachineReimageParameters | undefined;
}

/** OK */
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

/** Accepted */
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

/** Error response describing why the operation failed. */
export interface VirtualMachinesReimageError extends Response {
  readonly ok: false;
  readonly headers: NamedHeaders<
    "Retry-After" | "x-ms-request-id" | "x-ms-correlation-request-id" | "x-ms-routing-request-id"
  >;
  json(): Promise<CloudError>;
}

/** Reimage: its answer, unread. `ok` and `status` tell which one it is. */
export type VirtualMachinesReimageResponse =
  | VirtualMachinesReimage200
  | VirtualMachinesReimage202
  | VirtualMachinesReimageError;

/**
 * Reimage: sends the request once and resolves to the answer, whatever its status.
 *
 * @throws {TypeError} for a path value or an endpoint that breaks its rule; nothing is sent then.
 */
export async function virtualMachinesReimage(
  path: VirtualMachinesReimagePath,
  init: VirtualMachinesReimageInit = {},
): Promise<VirtualMachinesReimageResponse> {
  const { subscriptionId, resourceGroupName, vmName } = path;
  assertValid([
    ...validateSubscriptionId(subscriptionId, "subscriptionId"),
    ...validateResourceGroupName(resourceGroupName, "resourceGroupName"),
    ...validateVmName(vmName, "vmName"),
  ]);
  const operation = virtualMachinesReimageOperation;
  const target = {
    endpoint: init.endpoint ?? endpoint,
    path: operation.path,
    values: { subscriptionId, resourceGroupName, vmName },
  };
  const answer = await send(target, init, (options) =>
    createClient<paths>(options).POST(operation.path, {
      params: { path: { subscriptionId, resourceGroupName, vmName }, query: { "api-version": operation.apiVersion } },
      ...(init.body !== undefined && { body: init.body }),
    }),
  );
  return answer as VirtualMachinesReimageResponse;
}
