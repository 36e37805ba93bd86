/** Why: what the demo does, apart from how it is shown: four reimages, each with the ending that it is there to show. */
import { virtualMachinesReimageExamples as examples } from "../../generated/operations.js";
import type * as Main from "../../src/index.js";
import type * as Simulation from "../../src/simulator/index.js";
import type { Act, Teller } from "./show.js";

/** The package as it was built. */
export type Package = Pick<typeof Main, "createReimageClient" | "formatVirtualMachineId" | "isReimageError"> &
  Pick<typeof Simulation, "createSimulator">;

/** How long reimages take here, in milliseconds: till after the second poll, and till after the first, with a Retry-After of 1 s. */
const LONG = 1_300;
const SHORT = 900;

const { vmName: _, ...group } = examples.path;
const vms = {
  managed: { ...group, vmName: "managed-vm" },
  ephemeral: { ...group, vmName: "ephemeral-vm" },
  broken: { ...group, vmName: "broken-vm" },
  resumed: { ...group, vmName: "resumed-vm" },
} as const;

/** Performs the four acts. True when all ended as intended. */
export async function perform(built: Package, teller: Teller): Promise<boolean> {
  const { customData } = examples.requests.nonEphemeral.osProfile;
  const arm = built.createSimulator({
    vms: [
      { ...vms.managed, deleteOption: "Detach", customData, durationMs: LONG },
      { ...vms.ephemeral, ephemeral: true, durationMs: SHORT },
      { ...vms.broken, outcome: "failed", durationMs: SHORT },
      { ...vms.resumed, deleteOption: "Delete", durationMs: SHORT },
    ],
    // The page's first sample sends tempDisk to a managed disk, so the simulator has to take it.
    refuse: { tempDisk: false },
    retryAfterSeconds: 1,
  });
  const options: Main.ReimageClientOptions = {
    credential: () => "a-token-of-the-demo",
    fetch: overheard(arm, teller),
  };
  const look = (vm: Main.VirtualMachineId) => arm.vms.get(built.formatVirtualMachineId(vm));

  /** Reimages a VM and tells what became of its OS disk. */
  async function reimage(vm: Main.VirtualMachineId, parameters: Main.ReimageParameters, act: Act): Promise<Disks> {
    const before = look(vm);
    await built.createReimageClient(options).reimage(vm, parameters, { onProgress: act.progress });
    const after = look(vm);
    act.succeeded(toldOf(before, after));
    return { before, after };
  }

  async function replaces(): Promise<boolean> {
    const code = "client.reimage(vm, { tempDisk, exactVersion, osProfile })";
    const act = teller.act("A managed OS disk is replaced", code);
    const { before, after } = await reimage(vms.managed, examples.requests.nonEphemeral, act);
    return after?.keptOsDiskIds[0] === before?.osDiskId;
  }

  async function resets(): Promise<boolean> {
    const act = teller.act("An ephemeral OS disk is reset in place", "client.reimage(vm, { tempDisk: true })");
    const { before, after } = await reimage(vms.ephemeral, examples.requests.tempDisk, act);
    return after?.reimages === 1 && after.osDiskId === before?.osDiskId;
  }

  async function fails(): Promise<boolean> {
    const act = teller.act("The new system does not come up, and the error says so", "client.reimage(vm)");
    const client = built.createReimageClient(options);
    try {
      await client.reimage(vms.broken, undefined, { onProgress: act.progress });
    } catch (error) {
      if (!built.isReimageError(error)) throw error;
      act.failed(error);
      return error.name === "OperationFailedError" && error.code === "OSProvisioningTimedOut";
    }
    act.succeeded("It was meant to fail.");
    return false;
  }

  async function resumes(): Promise<boolean> {
    const code = "saved = JSON.stringify(await client.beginReimage(vm))";
    const act = teller.act("A reimage outlives the process that began it", code);
    const before = look(vms.resumed);
    const saved = JSON.stringify(await built.createReimageClient(options).beginReimage(vms.resumed));
    act.saved(JSON.parse(saved), saved.length);
    act.next("A new client, which knows nothing but that JSON:", "createReimageClient(options).resume(saved).wait()");
    await built.createReimageClient(options).resume(saved).wait({ onProgress: act.progress });
    const after = look(vms.resumed);
    act.succeeded(toldOf(before, after));
    return after?.deletedOsDiskIds[0] === before?.osDiskId;
  }

  teller.setting([
    "const arm = createSimulator({ vms, refuse: { tempDisk: false } });",
    "const options = { credential, fetch: arm.fetch };",
    "const client = createReimageClient(options);",
  ]);
  const acts = [
    { vm: vms.managed, perform: replaces },
    { vm: vms.ephemeral, perform: resets },
    { vm: vms.broken, perform: fails },
    { vm: vms.resumed, perform: resumes },
  ];
  const odd: string[] = [];
  for (const { vm, perform } of acts) {
    const asMeant = await perform().catch((error: unknown) => {
      teller.broke(error);
      return false;
    });
    if (!asMeant) odd.push(vm.vmName);
  }
  teller.closing(acts.length, odd);
  return odd.length === 0;
}

/** A fetch that tells what goes through it. What was sent is told as the simulator wrote it down, secrets masked. */
function overheard(arm: Simulation.Simulator, teller: Teller): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = arm.fetch(input, init);
    const place = arm.requests.length;
    const reply = await answer;
    const request = arm.requests[place];
    if (request) teller.exchange(request, { status: reply.status, headers: [...reply.headers] });
    return reply;
  };
}

interface Disks {
  readonly before: Simulation.SimulatedVm | undefined;
  readonly after: Simulation.SimulatedVm | undefined;
}

/** What became of the OS disk, in a sentence. */
function toldOf(before: Disks["before"], after: Disks["after"]): string {
  if (before?.osDiskId === after?.osDiskId) return "The OS disk is the same one, reset to its initial state.";
  return after?.deleteOption === "Delete"
    ? "The OS disk is new; the old one is deleted, for its deleteOption is Delete."
    : "The OS disk is new; the old one is kept, for its deleteOption is Detach.";
}
