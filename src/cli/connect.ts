import {
  createReimageClient,
  isReimageError,
  type ReimageClient,
  type ReimageClientOptions,
  type VirtualMachineId,
} from "../index.js";
import { findCredential } from "./credential.js";
import type { Io } from "./io.js";
import type { REIMAGE_OPTIONS, Values } from "./options.js";
import { simulatedAzure } from "./simulated.js";
import { UsageError } from "./usage.js";

/** Which Azure the options lead to, by a name that two runs can compare. */
export function placeOf({ cloud = "public", endpoint, simulate }: Values<typeof REIMAGE_OPTIONS>): string {
  if (simulate) return "simulate";
  return endpoint === undefined ? cloud : endpoint.replace(/\/+$/, "").toLowerCase();
}

/**
 * The client that the options ask for: of Azure, or of the simulator in this process.
 *
 * @param own - what the command itself decides
 * @throws {@link UsageError} when an option breaks its rule
 */
export function connect(
  values: Values<typeof REIMAGE_OPTIONS>,
  vms: readonly VirtualMachineId[],
  io: Io,
  own: Partial<ReimageClientOptions>,
): ReimageClient {
  const { cloud, endpoint, scope, simulate } = values;
  if (simulate && (endpoint ?? cloud ?? scope) !== undefined) {
    throw new UsageError("--simulate is in this process: it has no --cloud, --endpoint or --scope.");
  }
  if (endpoint !== undefined && cloud !== undefined) throw new UsageError("--endpoint takes the place of --cloud.");
  const service = simulate
    ? { credential: () => "simulated", fetch: simulatedAzure(vms).fetch }
    : {
        credential: findCredential(io),
        allowInsecureLoopback: true,
        ...(cloud !== undefined && { cloud: cloud as "public" }),
        ...(endpoint !== undefined && { endpoint }),
        ...(scope !== undefined && { scope }),
      };
  try {
    return createReimageClient({ ...service, ...own });
  } catch (error) {
    if (!isReimageError(error) || error.name !== "InvalidInputError") throw error;
    // What a library's caller has to allow, this one has allowed.
    const told = error.issues.map(
      ({ path, rule }) => `--${path} ${rule.replace("loopback with allowInsecureLoopback", "http on loopback")}.`,
    );
    throw new UsageError(told.join(" "));
  }
}
