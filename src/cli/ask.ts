import { createInterface } from "node:readline/promises";
import type { VirtualMachineId } from "../index.js";
import { INTERRUPTED, type Io } from "./io.js";
import { NOT_LOOKED_AT } from "./look.js";
import { harmless } from "./text.js";

const SHOWN = 20;
const YES: readonly string[] = ["y", "yes"];
/** How much of a wrong answer is said again. */
const QUOTED = 20;

/** Can somebody be asked here? */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Says what will happen to which VMs, and asks. Gives the exit code of a no: 1, or that of Ctrl-C; and 0 for a yes.
 *
 * @param looked - whether it was told before what becomes of their old OS disks
 */
export async function ask(vms: readonly VirtualMachineId[], looked: boolean, io: Io): Promise<number> {
  const names = vms.slice(0, SHOWN).map((vm) => `  ${vm.vmName} (${vm.resourceGroupName}, ${vm.subscriptionId})`);
  if (vms.length > SHOWN) names.push(`  and ${vms.length - SHOWN} more`);
  const many = vms.length > 1;
  const lines = [
    `This wipes the OS disk of ${many ? `${vms.length} VMs` : "a VM"}; it cannot be undone or canceled:`,
    ...names,
    ...(looked ? [] : [NOT_LOOKED_AT]),
  ];
  io.stderr.write(`${lines.join("\n")}\n`);
  const wanted = String(vms.length);
  const answer = await question(many ? `Type ${wanted} to reimage them: ` : "Reimage it? [y/N] ", io);
  if (answer === INTERRUPTED) return INTERRUPTED;
  const typed = answer.trim();
  if (many ? typed === wanted : YES.includes(typed.toLowerCase())) return 0;
  if (many)
    io.stderr.write(`${typed ? harmless(typed.slice(0, QUOTED)) : "Nothing"} was typed, ${wanted} was expected.\n`);
  return 1;
}

/** The answer to a question; the end of the input, Ctrl-D, is an empty one. */
async function question(text: string, { stdin, stderr, interrupted }: Io): Promise<string | typeof INTERRUPTED> {
  const lines = createInterface({ input: stdin, output: stderr });
  const ended = new AbortController();
  // A terminal in raw mode gives Ctrl-C to whoever reads from it.
  lines.on("SIGINT", () => ended.abort(INTERRUPTED));
  lines.on("close", () => ended.abort());
  try {
    return await lines.question(text, { signal: AbortSignal.any([ended.signal, interrupted]) });
  } catch {
    stderr.write("\n");
    return interrupted.aborted || ended.signal.reason === INTERRUPTED ? INTERRUPTED : "";
  } finally {
    lines.close();
  }
}
