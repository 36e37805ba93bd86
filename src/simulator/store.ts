import { type Operation, preempted } from "./operation.js";
import { reimaged, type SimulatedVm, type SimulatedVmInit, updating } from "./vm.js";

/** A VM with how it was declared. */
export interface Holding {
  readonly vm: SimulatedVm;
  readonly init: SimulatedVmInit;
  /** What ARM calls its vmId. */
  readonly uniqueId: string;
}

/** The VMs and the operations on them. What has ended by `now` shows in whatever is read. */
export interface Store {
  /** Adds a VM. */
  add(holding: Holding): Holding;
  /** Finds a VM by its id, in which case makes no difference. */
  find(id: string, now: number): Holding | undefined;
  /** The operation that still runs on a VM. */
  running(vm: SimulatedVm, now: number): Operation | undefined;
  /** Finds an operation, ended or not. */
  operation(id: string): Operation | undefined;
  /** Begins an operation; the one that still runs on the VM is preempted by it. */
  begin(operation: Operation, now: number): void;
  /** All VMs by their ids. */
  all(now: number): ReadonlyMap<string, SimulatedVm>;
}

/**
 * Makes an empty store.
 *
 * @param newDiskName - names the OS disk that a reimage of the VM brings
 */
export function createStore(newDiskName: (vm: SimulatedVm) => string): Store {
  const holdings = new Map<string, Holding>();
  const operations = new Map<string, Operation>();
  const current = new Map<string, string>();
  const keyOf = (id: string) => id.toLowerCase();

  const change = (key: string, vm: SimulatedVm) => {
    const holding = holdings.get(key);
    if (holding) holdings.set(key, { ...holding, vm });
  };

  /** Nothing ticks here: what a clock would have done by now is done when somebody looks. */
  const settle = (key: string, at: number): Operation | undefined => {
    const operation = operations.get(current.get(key) ?? "");
    if (operation === undefined || at < operation.endsAt) return operation;
    current.delete(key);
    const { ending } = operation;
    const vm = holdings.get(key)?.vm;
    if (vm) change(key, reimaged(vm, ending.status === "Succeeded", ending.replacesDisk ? newDiskName(vm) : undefined));
    return undefined;
  };

  const find = (id: string, at: number): Holding | undefined => {
    settle(keyOf(id), at);
    return holdings.get(keyOf(id));
  };

  return {
    add(holding) {
      holdings.set(keyOf(holding.vm.id), holding);
      return holding;
    },
    find,
    running: (vm, at) => settle(keyOf(vm.id), at),
    operation: (id) => operations.get(id),
    begin(operation, at) {
      const key = keyOf(operation.vmId);
      const vm = holdings.get(key)?.vm;
      const earlier = settle(key, at);
      if (vm && earlier) {
        operations.set(earlier.id, preempted(earlier, vm, at));
        settle(key, at);
      }
      operations.set(operation.id, operation);
      current.set(key, operation.id);
      const settled = holdings.get(key)?.vm;
      if (settled) change(key, updating(settled));
    },
    all(at) {
      for (const key of [...current.keys()]) settle(key, at);
      return new Map([...holdings.values()].map(({ vm }) => [vm.id, vm]));
    },
  };
}
