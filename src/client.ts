import { type BeginOptions, begin } from "./begin.js";
import { type Core, createCore, type ReimageClientOptions } from "./core.js";
import { refuse } from "./errors.js";
import { checkHeaders, optionIssues, type ReimageParameters } from "./input.js";
import { type SucceededState, trackSaved } from "./lro.js";
import { type ReimageOperation, show, takeUp, type WaitOptions, wait } from "./operation.js";
import { deserialize, type SerializedOperation } from "./saved.js";
import { monotonic } from "./time.js";
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
   * `timeoutMs` bounds the whole of it, with `beforeSend` and `onAccepted`; the client's own unless given, and then the POST has
   * five minutes of it.
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
   * @throws {@link InvalidInputError} when it is no resume state: its `started` "no" speaks of this call, not of the reimage
   * @throws {@link OutcomeUnknownError} when its status URL leads to an origin that must not see the token
   */
  resume(
    saved: string | SerializedOperation,
    options?: { readonly headers?: Readonly<Record<string, string>> | undefined },
  ): ReimageOperation;
}

/** The cores of the clients that this copy of the package made. */
const cores = new WeakMap<ReimageClient, Core>();

/** The core of a client, for the entries that are built around it; undefined when this copy of the package did not make it. @internal */
export function coreOf(client: ReimageClient): Core | undefined {
  return cores.get(client);
}

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
    beginReimage: async (vm, parameters, options) => show(await begin(core, vm, parameters, options)),
    async reimage(vm, parameters, options) {
      const deadline = monotonic() + (options?.timeoutMs ?? core.timeoutMs);
      return wait(await begin(core, vm, parameters, options, deadline), options, deadline);
    },
    resume(saved, options = {}) {
      refuse(optionIssues(options));
      const { owner, at } = deserialize(saved, core.origins);
      const headers = checkHeaders(options.headers, owner.vm);
      const identity = { owner, headers, secrets: [] };
      return show(takeUp(core, identity, trackSaved(at, owner.correlationId, Date.now())));
    },
  };
  cores.set(client, core);
  return client;
}
