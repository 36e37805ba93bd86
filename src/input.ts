/** Checks of what the caller hands in: refused here with the rule it breaks, before anything is sent. */
import type { VirtualMachineReimageParameters } from "../generated/schema.js";
import {
  type Issue,
  validateLinuxAdminPassword,
  validateVirtualMachineReimageParameters,
  validateWindowsAdminPassword,
} from "../generated/validate.js";
import { InvalidInputError } from "./errors.js";
import type { VirtualMachineId } from "./vm-id.js";

/** What the wipe is told; the generated type itself, so that a typo does not compile. */
export type ReimageParameters = VirtualMachineReimageParameters;

/** Which operating system's password rule applies. */
export type OsType = "Windows" | "Linux";

const PASSWORD_RULES: Readonly<Record<OsType, (value: unknown, path: string) => Issue[]>> = {
  Windows: validateWindowsAdminPassword,
  Linux: validateLinuxAdminPassword,
};

/** Throws when there is something to complain about. */
export function refuse(issues: readonly Issue[], vm?: VirtualMachineId): void {
  if (issues.length > 0) throw new InvalidInputError(issues, vm);
}

/**
 * Copies the body as its JSON will be sent, and checks the copy against the contract (S8).
 *
 * The caller's object is neither kept nor changed; what is checked is what is sent.
 */
export function checkParameters(
  parameters: unknown,
  vm: VirtualMachineId,
  osType: OsType | undefined,
  validate: boolean,
): ReimageParameters | undefined {
  if (parameters === undefined) return undefined;
  let body: ReimageParameters;
  try {
    body = JSON.parse(JSON.stringify(parameters));
  } catch {
    throw new InvalidInputError([{ path: "", rule: "must be JSON" }], vm);
  }
  if (!validate) return body;
  refuse(validateVirtualMachineReimageParameters(body), vm);
  const password = body.osProfile?.adminPassword;
  if (osType !== undefined && password !== undefined)
    refuse(PASSWORD_RULES[osType](password, "osProfile.adminPassword"), vm);
  return body;
}

/** L15: the caller's headers in lower case; the three that only the client may set are refused. */
export function checkHeaders(headers: unknown, vm?: VirtualMachineId): Readonly<Record<string, string>> {
  const entries = Object.entries(headers ?? {}).map(
    ([name, value]: [string, unknown]) => [name.toLowerCase(), value] as const,
  );
  refuse(
    entries.flatMap(([name, value]) => {
      const path = `headers.${/^[\w-]{1,64}$/.test(name) ? name : "(name)"}`;
      if (RESERVED.includes(name)) return [{ path, rule: "is set by the client alone" }];
      if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return [{ path, rule: "must have the name of an HTTP header" }];
      return typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
        ? []
        : [{ path, rule: "must be a header value: one line of text" }];
    }),
    vm,
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
const RESERVED: readonly string[] = ["authorization", "host", "content-length"];

/** The rule for a time in milliseconds. */
export function timeIssues(times: Readonly<Record<string, number | undefined>>): Issue[] {
  return Object.entries(times)
    .filter(([, ms]) => ms !== undefined && !(typeof ms === "number" && ms > 0 && Number.isFinite(ms)))
    .map(([path]) => ({ path, rule: "must be a positive number of milliseconds" }));
}

/** The rule for an id that is sent as a header. */
export function correlationIssues(id: unknown): Issue[] {
  if (typeof id === "string" && /^[\x21-\x7e]{1,128}$/.test(id)) return [];
  return [{ path: "correlationId", rule: "must be 1 to 128 printable ASCII characters" }];
}

/** The rule for the number of times that a throttled POST is sent again. */
export function retryIssues(retries: unknown): Issue[] {
  return Number.isInteger(retries) && Number(retries) >= 0
    ? []
    : [{ path: "throttleRetries", rule: "must be 0 or a positive integer" }];
}

/** The rule for the operating system. */
export function osTypeIssues(osType: unknown): Issue[] {
  const known = Object.keys(PASSWORD_RULES);
  return osType === undefined || known.includes(String(osType))
    ? []
    : [{ path: "osType", rule: `must be ${known.join(" or ")}` }];
}
