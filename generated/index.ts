// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: ccb76088d90be72287e933e6cb405b28cda59039aff311de46d6e0cf89880568

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
