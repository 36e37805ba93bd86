import { validateVirtualMachineReimageParameters } from "../../generated/index.js";
import type { ReimageParameters } from "../index.js";
import { readAll, readBytes } from "./input.js";
import type { Io } from "./io.js";
import type { REIMAGE_OPTIONS, Values } from "./options.js";
import { UsageError } from "./usage.js";

/**
 * What the VMs become, checked against the contract; nothing where nothing was said.
 *
 * @throws {@link UsageError} with the rule that it breaks, never with the value
 */
export async function readParameters(
  values: Values<typeof REIMAGE_OPTIONS>,
  io: Io,
): Promise<ReimageParameters | undefined> {
  const { "temp-disk": tempDisk, "exact-version": exactVersion, "custom-data": customDataFile } = values;
  if (exactVersion === "") throw new UsageError("--exact-version is empty.");
  const adminPassword = await readPassword(values, io);
  // A line break that slipped into a secret would lock everybody out: nobody can type it.
  if (adminPassword !== undefined && /\p{Cc}/u.test(adminPassword)) {
    throw new UsageError("The password has a line break or another control character in it.");
  }
  const customData =
    customDataFile === undefined ? undefined : (await readBytes(customDataFile, "--custom-data")).toString("base64");
  const osProfile = {
    ...(adminPassword !== undefined && { adminPassword }),
    ...(customData !== undefined && { customData }),
  };
  const parameters: ReimageParameters = {
    ...(tempDisk && { tempDisk }),
    ...(exactVersion !== undefined && { exactVersion }),
    ...(Object.keys(osProfile).length > 0 && { osProfile }),
  };
  const issues = validateVirtualMachineReimageParameters(parameters);
  if (issues.length > 0) throw new UsageError(`${issues.map(({ path, rule }) => `${path} ${rule}`).join("; ")}.`);
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}

async function readPassword(values: Values<typeof REIMAGE_OPTIONS>, io: Io): Promise<string | undefined> {
  const { "admin-password-env": name, "admin-password-stdin": fromStdin } = values;
  if (name !== undefined && fromStdin) throw new UsageError("The password can come from one place only.");
  if (name !== undefined) {
    const password = io.env[name];
    if (!password) throw new UsageError("The environment variable of --admin-password-env is not set, or empty.");
    return password;
  }
  if (!fromStdin) return undefined;
  if (io.stdin.isTTY) {
    throw new UsageError(
      '--admin-password-stdin wants the password from a pipe or a file, where it is not shown: printf %s "$PASSWORD" | azure-vm-reimage …',
    );
  }
  const [password = ""] = (await readAll(io)).split(/\r?\n/);
  if (!password) throw new UsageError("The first line of standard input, which is to be the password, is empty.");
  return password;
}
