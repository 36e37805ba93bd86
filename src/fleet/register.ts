import {
  formatVirtualMachineId,
  InvalidInputError,
  parseVirtualMachineId,
  type VirtualMachine,
  type VirtualMachineId,
} from "../index.js";

/** Every VM that was named so far: the one thing that is kept of those that ended. */
export interface Register {
  /**
   * Reads a VM, and sees to it that it is named once; ids compare without case.
   *
   * @throws {@link InvalidInputError}
   */
  enter(vm: VirtualMachine): VirtualMachineId;
  /** A VM that an earlier run has POSTed: whoever names it comes second. */
  note(vm: VirtualMachineId): void;
}

/** Makes a register, empty. */
export function createRegister(): Register {
  const seen = new Set<string>();
  const keyOf = (vm: VirtualMachineId) => formatVirtualMachineId(vm).toLowerCase();
  return {
    enter(vm) {
      const id = parseVirtualMachineId(typeof vm === "string" ? vm : formatVirtualMachineId(vm));
      const key = keyOf(id);
      if (seen.has(key)) throw new InvalidInputError([{ path: "vm", rule: "must be named once" }], id);
      seen.add(key);
      return id;
    },
    note: (vm) => void seen.add(keyOf(vm)),
  };
}

/** What to call a VM that could not be read. */
export function nameOf(vm: unknown): VirtualMachineId {
  const texts = (typeof vm === "object" && vm !== null ? vm : { vmName: vm }) as Record<string, unknown>;
  const text = (name: string) => (typeof texts[name] === "string" ? texts[name] : "");
  return {
    subscriptionId: text("subscriptionId"),
    resourceGroupName: text("resourceGroupName"),
    vmName: text("vmName"),
  };
}
