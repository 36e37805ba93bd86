import {
  formatVirtualMachineId,
  InvalidInputError,
  isReimageError,
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
  /** A VM that an earlier run has POSTed: whoever names it comes second. False when it is none, so that nobody can tell. */
  note(vm: unknown): boolean;
}

/** Makes a register, empty. */
export function createRegister(): Register {
  const seen = new Set<string>();
  const keyOf = (vm: VirtualMachineId) => formatVirtualMachineId(vm).toLowerCase();
  return {
    enter(vm) {
      const id = idOf(vm);
      const key = keyOf(id);
      if (seen.has(key)) throw new InvalidInputError([{ path: "vm", rule: "must be named once" }], id);
      seen.add(key);
      return id;
    },
    note(vm) {
      try {
        seen.add(keyOf(idOf(vm as VirtualMachine)));
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Reads a VM into a copy of its names; one that throws when it is looked at is none. */
function idOf(vm: VirtualMachine): VirtualMachineId {
  try {
    return parseVirtualMachineId(typeof vm === "string" ? vm : formatVirtualMachineId(vm));
  } catch (error) {
    throw isReimageError(error) ? error : new InvalidInputError([{ path: "vm", rule: "must be readable" }]);
  }
}

/** The VM that a saved operation names, be it damaged, or within what a command line or a journal wrote about it. */
export function savedVm(saved: unknown): unknown {
  try {
    const state = typeof saved === "string" ? JSON.parse(saved.trim()) : saved;
    return (state?.saved ?? state?.resume ?? state)?.vm;
  } catch {
    return undefined;
  }
}

/** What to call a VM that could not be read, or names it by its id. */
export function nameOf(vm: unknown): VirtualMachineId {
  try {
    return idOf(vm as VirtualMachine);
  } catch {
    return namesOf(vm);
  }
}

function namesOf(vm: unknown): VirtualMachineId {
  const texts = (typeof vm === "object" && vm !== null ? vm : { vmName: vm }) as Record<string, unknown>;
  const text = (name: string) => {
    try {
      return typeof texts[name] === "string" ? texts[name] : "";
    } catch {
      return "";
    }
  };
  return {
    subscriptionId: text("subscriptionId"),
    resourceGroupName: text("resourceGroupName"),
    vmName: text("vmName"),
  };
}
