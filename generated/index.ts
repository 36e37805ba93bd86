// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: c8c937015383166aaeedb4d6f55b8a3c27b64d9b5bc84f84f4d0b99e7a6fdb53

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
