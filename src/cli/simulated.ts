import { virtualMachinesReimageExamples } from "../../generated/index.js";
import type { VirtualMachineId } from "../index.js";
import { createSimulator, type Fault, type SimulatedOutcome, type Simulator } from "../simulator/index.js";

/** The VM that is reimaged with `--simulate` where none is named: that of the reference page. */
export const SAMPLE_VM: VirtualMachineId = virtualMachinesReimageExamples.path;

/** What is said beside a question, a dry run and a count that are simulated. */
export const SIMULATED = "Simulated: nothing real is wiped.";

/** What a VM's name may hold to meet another end, so that every end can be seen without an account. */
const OUTCOMES: Readonly<Record<string, SimulatedOutcome>> = { fail: "failed", cancel: "canceled", hang: "hang" };
const FAULTS: Readonly<Record<string, Fault>> = {
  busy: {
    kind: "status",
    status: 409,
    error: { code: "OperationNotAllowed", message: "Another operation is in progress." },
  },
  lost: { kind: "reset", acted: true },
};

/** The names that `--simulate` gives a meaning. */
export const MEANINGS: readonly string[] = [...Object.keys(OUTCOMES), ...Object.keys(FAULTS)];

const meaningOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.entries(table).find(([word]) => name.includes(word))?.[1];

/** The Azure of `--simulate`: it has the VMs that are named, keeps ARM's limits, and is quicker than Azure. */
export function simulatedAzure(vms: readonly VirtualMachineId[]): Simulator {
  const faults = vms.flatMap(({ vmName }) => {
    const fault = meaningOf(FAULTS, vmName);
    return fault ? [{ ...fault, vmName, on: "reimage" as const }] : [];
  });
  return createSimulator({
    vms: vms.map((vm) => ({ ...vm, osType: "Linux", deleteOption: "Delete" })),
    refuse: { tempDisk: false, customData: false },
    outcome: ({ vmName }) => meaningOf(OUTCOMES, vmName) ?? "succeeded",
    // A few are soon through; many take their time, so that there is something to watch.
    durationMs: (random) => 2_000 + (1_500 + 20 * vms.length) * random() ** 2,
    retryAfterSeconds: 1,
    throttle: true,
    faults,
  });
}
