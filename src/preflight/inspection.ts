import type { OsType } from "../index.js";
import { defined, own, ownText, readJson } from "../json.js";
import type { Redact } from "../redact.js";

/** A VM as it was when it was read: plain JSON, to be kept until the reimage has ended. */
export interface Inspection {
  /**
   * What a reimage makes of the OS disk that the VM has now.
   *
   * `kept` and `deleted` are its deleteOption, Detach and Delete; `reset`: it is ephemeral, and loses what was written to it.
   * `unknown`: the answer does not say, or says what this package does not know. A deleteOption that is absent is unknown
   * too, since Microsoft documents different defaults for VMs of different origin.
   */
  readonly oldOsDisk: "kept" | "deleted" | "reset" | "unknown";
  /** Does the answer say that the OS disk is ephemeral? Only then may `tempDisk` be sent. */
  readonly ephemeral: boolean;
  /** Which rule an adminPassword has to keep: the option `osType` of `reimage`. Absent when the answer does not say. */
  readonly osType?: OsType;
  /** The ARM resource id of the managed OS disk. Absent when the answer does not say: an OS disk may be unmanaged. */
  readonly osDiskId?: string;
  /** The Azure region, as the answer writes it. */
  readonly location: string;
  /** The service's word, such as `Succeeded` or `Updating`. Absent when the answer does not say. */
  readonly provisioningState?: string;
}

const OLD_OS_DISK: Readonly<Record<string, Inspection["oldOsDisk"]>> = { detach: "kept", delete: "deleted" };
const OS_TYPES: Readonly<Record<string, OsType>> = { windows: "Windows", linux: "Linux" };

/** Reads the answer to the read of a VM; undefined when it is none: no JSON, or without a location, which every VM has. */
export function readInspection(text: string | undefined, redact: Redact): Inspection | undefined {
  const vm = readJson(text);
  const location = ownText(vm, "location", redact);
  if (!location) return undefined;
  const properties = own(vm, "properties");
  const osDisk = own(own(properties, "storageProfile"), "osDisk");
  const diffDiskSettings = own(osDisk, "diffDiskSettings") ?? undefined;
  const ephemeral = wordOf(diffDiskSettings, "option") === "local";
  // Settings of an ephemeral disk that are not understood leave open what it is.
  const managed = diffDiskSettings === undefined ? find(OLD_OS_DISK, wordOf(osDisk, "deleteOption")) : undefined;
  return defined({
    oldOsDisk: ephemeral ? "reset" : (managed ?? "unknown"),
    ephemeral,
    osType: find(OS_TYPES, wordOf(osDisk, "osType")),
    osDiskId: ownText(own(osDisk, "managedDisk"), "id", redact) || undefined,
    location,
    provisioningState: ownText(properties, "provisioningState", redact) || undefined,
  });
}

/** One of the service's words, which it does not hold to a case. */
function wordOf(value: unknown, key: string): string {
  return ownText(value, key, String)?.toLowerCase() ?? "";
}

function find<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
