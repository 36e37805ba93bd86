// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 370658a3427ef711a9e4cc86ef994d71c73958f742cade1e301b52abbe2e47d7

export type {
  VirtualMachinesReimage200,
  VirtualMachinesReimage202,
  VirtualMachinesReimageError,
  VirtualMachinesReimageInit,
  VirtualMachinesReimagePath,
  VirtualMachinesReimageResponse,
} from "./client.js";
export { virtualMachinesReimage, virtualMachinesReimageUrl } from "./client.js";
export {
  endpoint,
  secretPaths,
  virtualMachinesReimageExamples,
  virtualMachinesReimageOperation,
} from "./operations.js";
export type { NamedHeaders, RequestOptions } from "./request.js";
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
