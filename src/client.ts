import { type BeginOptions, begin } from "./begin.js";
import { createCore, type ReimageClientOptions } from "./core.js";
import { callbackIssues, checkHeaders, type ReimageParameters, refuse, timeIssues } from "./input.js";
import { type SucceededState, trackSaved } from "./lro.js";
import { createOperation, type ReimageOperation, type WaitOptions } from "./operation.js";
import { createRedact } from "./redact.js";
import { deserialize, type SerializedOperation } from "./saved.js";
import { monotonic, quietly } from "./time.js";
import type { VirtualMachine } from "./vm-id.js";

/** Reimages virtual machines. */
export interface ReimageClient {
  /**
   * Starts a reimage, and resolves when the service accepted it.
   *
   * @param parameters - what to tell the service; nothing for its defaults
   * @throws {@link InvalidInputError}, {@link AuthenticationError}, {@link NotSentError}, {@link RequestRejectedError}: the disk
   *   was not touched
   * @throws {@link OutcomeUnknownError}, {@link AbortedError}: look at `started` and `resume`
   */
  beginReimage(vm: VirtualMachine, parameters?: ReimageParameters, options?: BeginOptions): Promise<ReimageOperation>;
  /**
   * Reimages a VM and waits until it succeeded.
   *
   * `timeoutMs` bounds the whole of it.
   *
   * @throws what `beginReimage` and `wait` throw
   */
  reimage(
    vm: VirtualMachine,
    parameters?: ReimageParameters,
    options?: BeginOptions & WaitOptions,
  ): Promise<SucceededState>;
  /**
   * Takes up an operation from its saved state, in this process or another; sends nothing yet.
   *
   * @param saved - what `JSON.stringify(operation)`, `onAccepted` or `error.resume` gave
   * @throws {@link InvalidInputError} when it is no resume state
   * @throws {@link OutcomeUnknownError} when its status URL leads to an origin that must not see the token
   */
  resume(
    saved: string | SerializedOperation,
    options?: { readonly headers?: Readonly<Record<string, string>> },
  ): ReimageOperation;
}

const LONGEST_BEGIN = 300_000;

/**
 * Makes a client for one cloud and one credential. Nothing is sent until it is used.
 *
 * @throws {@link InvalidInputError} when an option breaks its rule
 * @example
 * ```ts
 * const client = createReimageClient({ credential: new DefaultAzureCredential() });
 * await client.reimage("/subscriptions/…/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm");
 * ```
 */
export function createReimageClient(options: ReimageClientOptions): ReimageClient {
  const core = createCore(options);

  const client: ReimageClient = {
    async beginReimage(vm, parameters, options = {}) {
      const { identity, begun, due } = await begin(core, vm, parameters, options);
      const operation = createOperation(core, identity, begun, due);
      quietly(core.onEvent, { type: "state", state: operation.state });
      return operation;
    },
    async reimage(vm, parameters, options = {}) {
      const { timeoutMs = core.timeoutMs } = options;
      refuse([...timeIssues({ timeoutMs }), ...callbackIssues({ onProgress: options.onProgress })]);
      const deadline = monotonic() + timeoutMs;
      const operation = await client.beginReimage(vm, parameters, {
        ...options,
        timeoutMs: Math.min(timeoutMs, LONGEST_BEGIN),
      });
      return operation.wait({ ...options, timeoutMs: Math.max(deadline - monotonic(), 1) });
    },
    resume(saved, options = {}) {
      const { vm, correlationId, at } = deserialize(saved, core.origins);
      const headers = checkHeaders(options.headers, vm);
      const secrets = new Set<string>();
      const identity = { vm, correlationId, headers, redact: createRedact(secrets), secrets };
      return createOperation(core, identity, trackSaved(at, correlationId, Date.now()));
    },
  };
  return client;
}
