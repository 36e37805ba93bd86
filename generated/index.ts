// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 2de48dedbd89fef6f574b4d134bbe281d155bc6a6e6873a441225620c9640d21

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
