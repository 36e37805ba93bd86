import type { VirtualMachineReimageParameters } from "../../generated/schema.js";
import {
  type Issue,
  validateLinuxAdminPassword,
  validateResourceGroupName,
  validateSubscriptionId,
  validateVirtualMachineReimageParameters,
  validateVmName,
  validateWindowsAdminPassword,
} from "../../generated/validate.js";
import type { Refusals } from "./options.js";
import { customDataRefused, tempDiskRefused } from "./refusals.js";
import { json, type Reply, refusal } from "./replies.js";
import type { Incoming } from "./request.js";
import type { Holding } from "./store.js";

/** 400 when a name in the path breaks the contract's rule. */
export function vmRefusal({
  subscriptionId,
  resourceGroupName,
  vmName,
}: Readonly<Record<string, string>>): Reply | undefined {
  if (validateSubscriptionId(subscriptionId).length > 0) {
    const message = `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`;
    return refusal(400, "InvalidSubscriptionId", message);
  }
  return invalid([
    ...validateResourceGroupName(resourceGroupName, "resourceGroupName"),
    ...validateVmName(vmName, "vmName"),
  ]);
}

/** 400 or 415 when the body is none that this VM takes; undefined when it is. */
export function parameterRefusal(request: Incoming, found: Holding, refuse: Required<Refusals>): Reply | undefined {
  if (request.body === "") return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const message = "The content media type is not supported. Only 'application/json' is supported.";
    return refusal(415, "UnsupportedMediaType", message);
  }
  const parameters = parse(request.body);
  if (parameters === undefined) return unreadable("the body is no JSON");
  return invalid(validateVirtualMachineReimageParameters(parameters)) ?? unfit(parameters, found, refuse);
}

/** What the contract allows and the VM does not take. */
function unfit(
  { tempDisk, osProfile = {} }: VirtualMachineReimageParameters,
  { vm, init }: Holding,
  refuse: Required<Refusals>,
): Reply | undefined {
  const { adminPassword, customData } = osProfile;
  if (refuse.tempDisk && tempDisk === true && !vm.ephemeral) return tempDiskRefused();
  if (refuse.customData && customData !== undefined && customData !== init.customData) return customDataRefused();
  if (!refuse.adminPassword || adminPassword === undefined || vm.osType === undefined) return undefined;
  const check = vm.osType === "Windows" ? validateWindowsAdminPassword : validateLinuxAdminPassword;
  return invalid(check(adminPassword, "osProfile.adminPassword"));
}

/** ARM names the first thing wrong; with several, details have them all. The value is never quoted. */
function invalid(issues: readonly Issue[]): Reply | undefined {
  const errors = issues.map(({ path, rule }) => ({
    code: "InvalidParameter",
    message: `The value of parameter ${path} is invalid: ${rule}.`,
    target: path,
  }));
  const [first] = errors;
  if (first === undefined) return undefined;
  if (first.target === "") return unreadable(issues[0]?.rule ?? "");
  return json(400, { error: errors.length > 1 ? { ...first, details: errors } : first });
}

function unreadable(why: string): Reply {
  return refusal(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: ${why}.`,
  );
}

/** The JSON of a body; what it holds is the validator's to say. */
function parse(body: string): VirtualMachineReimageParameters | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
