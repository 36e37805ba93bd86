import { createInterface } from "node:readline/promises";
import type { VirtualMachineId } from "../index.js";
import type { Io } from "./io.js";
import { fateOf, type Looked } from "./look.js";
import { UsageError } from "./usage.js";

const SHOWN = 20;

/** Can somebody be asked here? */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** @throws {@link UsageError} where a question is needed and nobody is there to answer it */
export function requireAnswerable(yes: boolean | undefined, io: Io): void {
  if (yes || canAsk(io)) return;
  throw new UsageError(
    "This wipes OS disks, and there is no terminal to ask on: say --yes, or look first with --dry-run.",
  );
}

/** Says what will happen to which VMs, and asks. False when the answer is no; rejects when it is Ctrl-C. */
export async function ask(vms: readonly VirtualMachineId[], looked: readonly Looked[], io: Io): Promise<boolean> {
  const fates = new Map(looked.map((one) => [one.vm, "found" in one ? ` ${fateOf(one.found.oldOsDisk)}` : ""]));
  const lines = vms.slice(0, SHOWN).map((vm) => {
    const { vmName, resourceGroupName, subscriptionId } = vm;
    return `  ${vmName} (${resourceGroupName}, ${subscriptionId}).${fates.get(vm) ?? ""}`;
  });
  if (vms.length > SHOWN) lines.push(`  and ${vms.length - SHOWN} more`);
  const many = vms.length > 1;
  io.stderr.write(
    `This wipes the OS disk of ${many ? `${vms.length} VMs` : "a VM"}; it cannot be undone or canceled:\n${lines.join("\n")}\n`,
  );
  const wanted = many ? String(vms.length) : "y";
  const answer = await question(many ? `Type ${wanted} to reimage them: ` : "Reimage it? [y/N] ", io);
  return answer.trim().toLowerCase() === wanted;
}

/** The answer to a question; rejects with the reason when it was Ctrl-C or SIGTERM. The end of the input, Ctrl-D, is no answer. */
async function question(text: string, { stdin, stderr, interrupted }: Io): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  // A terminal in raw mode gives Ctrl-C to whoever reads from it.
  lines.on("SIGINT", () => ended.abort(new Error("SIGINT")));
  lines.on("close", () => ended.abort());
  const signal = AbortSignal.any([ended.signal, interrupted]);
  try {
    return await lines.question(text, { signal });
  } catch (error) {
    stderr.write("\n");
    if (signal.reason?.name === "AbortError") return "";
    throw signal.reason ?? error;
  } finally {
    lines.close();
  }
}
