import type { ReimageClient, ReimageParameters, VirtualMachine } from "../index.js";
import { type FleetOptions, settle } from "./options.js";
import { createOutbox } from "./outbox.js";
import { type FleetResult, type FleetTotals, quietly } from "./results.js";
import { createRun } from "./run.js";

/**
 * Reimages many VMs, as fast as the service's token buckets allow, and yields how each ended, as it ends.
 *
 * Begins when it is iterated, and is one run however often that is done. It never throws for a VM. VMs are taken from `vms` when
 * there is room for them; of one that ended nothing is kept but its id. To leave the loop stops everything but the POSTs under way:
 * `onAccepted` has told what to resume. One call paces all that it sends to a subscription; other calls and machines do not know of
 * it and share the service's buckets with it, so let one writer work on a subscription.
 *
 * @param vms - a VM named twice is "invalid" the second time; ids compare without case
 * @param parameters - the same for each VM
 * @throws {@link InvalidInputError} at once when an option breaks its rule
 * @throws what `vms` or `resume` throws, after the results of all that was in hand
 * @example
 * ```ts
 * for await (const result of reimageFleet(client, vms)) console.log(result.vm.vmName, result.outcome);
 * ```
 */
export function reimageFleet(
  client: ReimageClient,
  vms: Iterable<VirtualMachine> | AsyncIterable<VirtualMachine>,
  parameters?: ReimageParameters,
  options: FleetOptions = {},
): AsyncIterable<FleetResult> {
  const settings = settle(client, vms, options);
  const { signal, onProgress } = settings;
  const outcomes: Partial<Record<FleetResult["outcome"], number>> = {};
  let ended = 0;
  let failure: { readonly error: unknown } | undefined;

  const outbox = createOutbox(() => {
    run.taken();
    pull();
  });
  const run = createRun(client, parameters, settings, {
    result(result) {
      ended += 1;
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      outbox.put(result);
    },
    changed(counts) {
      const totals: FleetTotals = { ...counts, ended, outcomes: { ...outcomes } };
      if (onProgress) quietly(() => onProgress(totals));
      pull();
    },
    end() {
      signal?.removeEventListener("abort", abort);
      outbox.close(failure);
    },
  });

  const saved = settings.resume[Symbol.iterator]();
  let source: Iterator<VirtualMachine> | AsyncIterator<VirtualMachine> | undefined;
  let pulling = false;
  /** Takes VMs while there is room for them, saved operations first. */
  const pull = async () => {
    if (pulling || !run.hungry()) return;
    pulling = true;
    // Not while the run is in the middle of something.
    await undefined;
    try {
      while (run.hungry()) {
        const old = saved.next();
        if (!old.done) {
          run.resume(old.value);
          continue;
        }
        source ??= Symbol.asyncIterator in vms ? vms[Symbol.asyncIterator]() : vms[Symbol.iterator]();
        const next = await source.next();
        if (next.done) run.full();
        else if (run.open()) run.add(next.value);
      }
    } catch (error) {
      failure = { error };
      run.full();
    }
    pulling = false;
    run.turn();
  };
  const closeSource = () => quietly(() => source?.return?.());
  const abort = () => {
    try {
      for (let old = saved.next(); !old.done; old = saved.next()) run.resume(old.value);
    } catch (error) {
      failure = { error };
    }
    closeSource();
    run.abort();
  };
  let begun = false;
  const iterator: AsyncIterableIterator<FleetResult, undefined> = {
    next() {
      if (!begun) {
        begun = true;
        signal?.addEventListener("abort", abort);
        if (signal?.aborted) abort();
        else pull();
      }
      return outbox.take();
    },
    async return() {
      begun = true;
      signal?.removeEventListener("abort", abort);
      closeSource();
      outbox.drop();
      await run.leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
