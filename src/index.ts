/** Reimages an Azure virtual machine, safely, and tells how it ended. */
export type { Issue } from "../generated/validate.js";
export type { BeginOptions, ReimageIntent } from "./begin.js";
export { createReimageClient, type ReimageClient } from "./client.js";
export type { ReimageClientOptions } from "./core.js";
export type { Credential, TokenCredential } from "./credential.js";
export {
  AbortedError,
  type AnyReimageError,
  AuthenticationError,
  InvalidInputError,
  isReimageError,
  NotSentError,
  OperationCanceledError,
  OperationFailedError,
  OutcomeUnknownError,
  RequestRejectedError,
  type ServiceFields,
  type Started,
  WaitTimeoutError,
} from "./errors.js";
export type { OsType, ReimageParameters } from "./input.js";
export type { EndedState, OperationState, RunningState, SucceededState, UnknownReason } from "./lro.js";
export type { ReimageOperation, WaitOptions } from "./operation.js";
export type { ServiceError } from "./reply.js";
export type { SerializedOperation } from "./saved.js";
export type { ReimageEvent } from "./send.js";
export { formatVirtualMachineId, parseVirtualMachineId, type VirtualMachine, type VirtualMachineId } from "./vm-id.js";
