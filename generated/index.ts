// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 9de859067b6fdb835b7455f5f47e2f6196407f3953494e503501a7644394cb55

export type {
  VirtualMachinesReimage200,
  VirtualMachinesReimage202,
  VirtualMachinesReimageError,
  VirtualMachinesReimageInit,
  VirtualMachinesReimagePath,
  VirtualMachinesReimageResponse,
} from "./client.js";
export { virtualMachinesReimage, virtualMachinesReimageRequest } from "./client.js";
export {
  endpoint,
  secretPaths,
  virtualMachinesReimageExamples,
  virtualMachinesReimageOperation,
} from "./operations.js";
export type { ApiRequest } from "./request.js";
export type {
  ApiError,
  ApiErrorBase,
  CloudError,
  components,
  InnerError,
  LinuxAdminPassword,
  OSProfileProvisioningData,
  operations,
  paths,
  VirtualMachineReimageParameters,
  WindowsAdminPassword,
} from "./schema.js";
export type { NamedHeaders, RequestOptions } from "./send.js";
export type { Issue } from "./validate.js";
export {
  validateApiVersion,
  validateLinuxAdminPassword,
  validateOSProfileProvisioningData,
  validateResourceGroupName,
  validateSubscriptionId,
  validateVirtualMachineReimageParameters,
  validateVmName,
  validateWindowsAdminPassword,
} from "./validate.js";
