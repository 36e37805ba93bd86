import { validateResourceGroupName, validateSubscriptionId } from "../../generated/index.js";
import {
  formatVirtualMachineId,
  type Issue,
  isReimageError,
  parseVirtualMachineId,
  type VirtualMachineId,
} from "../index.js";
import { readText } from "./input.js";
import type { Io } from "./io.js";
import type { Arguments, REIMAGE_OPTIONS } from "./options.js";
import { SAMPLE_VM } from "./simulated.js";
import { UsageError } from "./usage.js";

/**
 * The VMs that the arguments name, each once.
 *
 * @throws {@link UsageError} when one is none, or is named twice; what was typed is not quoted, it may be a misplaced secret
 */
export async function readTargets(
  { values, positionals }: Arguments<typeof REIMAGE_OPTIONS>,
  io: Io,
): Promise<VirtualMachineId[]> {
  const { name: names = [], ids } = values;
  // In the simulated Azure it matters to nobody where a VM is.
  const around: Partial<VirtualMachineId> = values.simulate ? SAMPLE_VM : {};
  const resourceGroupName = values["resource-group"] ?? around.resourceGroupName;
  const subscriptionId = values.subscription ?? (io.env.AZURE_SUBSCRIPTION_ID || around.subscriptionId);
  if (values.subscription !== undefined && names.length === 0) {
    throw new UsageError("--subscription needs --name: an id has a subscription of its own.");
  }
  if (names.length > 0 && !(resourceGroupName && subscriptionId)) {
    const missing = [
      ...(resourceGroupName ? [] : ["--resource-group"]),
      ...(subscriptionId ? [] : ["--subscription (or AZURE_SUBSCRIPTION_ID)"]),
    ];
    throw new UsageError(`--name needs ${missing.join(" and ")} beside it.`);
  }
  if (values["resource-group"] && names.length === 0) {
    throw new UsageError(
      "--resource-group needs --name: a whole group is listed by `az vm list -g … --query '[].id' -o tsv`, for --ids -.",
    );
  }
  if (names.length > 0) {
    const subscription = values.subscription === undefined ? "AZURE_SUBSCRIPTION_ID" : "--subscription";
    requireValid(subscription, validateSubscriptionId(subscriptionId));
    requireValid("--resource-group", validateResourceGroupName(resourceGroupName));
  }
  const lines = ids === undefined ? [] : (await readText(ids, "--ids", io)).split("\n");
  const targets = [
    ...names.map((vmName, i) =>
      read(`--name ${i + 1}`, () =>
        parseVirtualMachineId(
          formatVirtualMachineId({
            vmName,
            resourceGroupName: resourceGroupName ?? "",
            subscriptionId: subscriptionId ?? "",
          }),
        ),
      ),
    ),
    ...positionals.map((id, i) => read(`argument ${i + 1}`, () => parseVirtualMachineId(id))),
    ...lines.flatMap((line, i) => {
      const id = line.trim();
      if (id.startsWith("#")) return [];
      const where = `line ${i + 1} of --ids`;
      if (/^[[{"]/.test(id))
        throw new UsageError(`${where} is JSON, not an id: with -o tsv az prints them one a line.`);
      return id ? [read(where, () => parseVirtualMachineId(id))] : [];
    }),
  ];
  if (ids !== undefined && targets.length === 0) throw new UsageError("--ids names no VM: the list is empty.");
  const seen = new Set<string>();
  for (const vm of targets) {
    const key = keyOf(vm);
    if (seen.has(key)) throw new UsageError(`${vm.vmName} (${vm.resourceGroupName}) is named twice.`);
    seen.add(key);
  }
  return targets;
}

/** What VMs are told apart by: their ids, without case. */
export function keyOf(vm: VirtualMachineId): string {
  return formatVirtualMachineId(vm).toLowerCase();
}

/** What stands for several VMs is no mistake of the first. */
function requireValid(option: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw new UsageError(`${option} ${issues.map(({ rule }) => rule).join("; ")}.`);
}

function read(where: string, vm: () => VirtualMachineId): VirtualMachineId {
  try {
    const target = vm();
    // Whoever is asked about it would read another name.
    if (/\p{Bidi_Control}/u.test(target.vmName))
      throw new UsageError(`${where} is no VM: its name turns the writing round.`);
    return target;
  } catch (error) {
    if (!isReimageError(error) || error.name !== "InvalidInputError") throw error;
    const rules = error.issues.map(({ path, rule }) => `${path} ${rule}`).join("; ");
    throw new UsageError(`${where} is no VM: ${rules}.`);
  }
}
