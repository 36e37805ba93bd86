// What the tests of the L rules over sockets share: a VM, a client that does not dawdle, and a close look at errors.
import {
  type AnyReimageError,
  createReimageClient,
  isReimageError,
  type ReimageClient,
  type ReimageClientOptions,
} from "../../src/index.js";
import { type Arm, accepted, fakeCredential, startArm } from "../harness/index.js";

export const vm = {
  subscriptionId: "6c8e9a1e-0000-4000-8000-000000000001",
  resourceGroupName: "group-1",
  vmName: "vm-1",
};
export const vmPath = `/subscriptions/${vm.subscriptionId}/resourceGroups/group-1/providers/Microsoft.Compute/virtualMachines/vm-1`;

/** A client of an origin: polls when the service is silent come at once. */
export function clientOf(origin: { url: string }, changes: Partial<ReimageClientOptions> = {}): ReimageClient {
  return createReimageClient({
    credential: fakeCredential(),
    endpoint: origin.url,
    pollIntervalMs: 1,
    requestTimeoutMs: 5000,
    timeoutMs: 10_000,
    ...changes,
  });
}

/** An operation that was accepted with one 202, and the service that runs it. */
export async function begun(answer = accepted({ signed: false }), changes: Partial<ReimageClientOptions> = {}) {
  const arm: Arm = await startArm();
  arm.onPost(answer);
  const client = clientOf(arm, changes);
  return { arm, client, operation: await client.beginReimage(vm) };
}

type Named<N extends AnyReimageError["name"]> = Extract<AnyReimageError, { name: N }>;

/** The error that a promise rejects with, which must be of this name. */
export async function caught<N extends AnyReimageError["name"]>(promise: Promise<unknown>, name: N): Promise<Named<N>> {
  const nothing = Symbol();
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error(`it resolved, though ${name} was expected`);
  if (!isReimageError(error) || error.name !== name) throw error;
  return error as Named<N>;
}

/** The same for a call that throws at once. */
export function thrown<N extends AnyReimageError["name"]>(call: () => unknown, name: N): Named<N> {
  try {
    call();
  } catch (error) {
    if (!isReimageError(error) || error.name !== name) throw error;
    return error as Named<N>;
  }
  throw new Error(`it returned, though ${name} was expected`);
}
