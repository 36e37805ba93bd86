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

/** The issue of a value that does not fit, as a list of one; of one that does, an empty list. */
export function unless(fits: boolean, path: string, rule: string): Issue[] {
  return fits ? [] : [{ path, rule }];
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
  if (osType && password !== undefined) refuse(PASSWORD_RULES[osType](password, "osProfile.adminPassword"), vm);
  return body;
}

/** L15: the caller's headers in lower case; the three that only the client may set are refused. */
export function checkHeaders(headers: unknown, vm?: VirtualMachineId): Readonly<Record<string, string>> {
  refuse(unless(typeof (headers ?? {}) === "object", "headers", "must be a record of names and values"), vm);
  const given = headers instanceof Headers ? Array.from(headers) : Object.entries(headers ?? {});
  const entries = given.map(([name, value]: [string, unknown]) => [name.toLowerCase(), value] as const);
  const issues = entries.flatMap(([name, value]) => {
    const named = /^[!#$%&'*+.^`|~\w-]{1,64}$/.test(name);
    const fits = named && typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
    const path = `headers.${named ? name : "?"}`;
    return [
      ...unless(!/^(authorization|host|content-length)$/.test(name), path, "is set by the client alone"),
      ...unless(fits, path, "must have the name and the value of an HTTP header"),
    ];
  });
  refuse(issues, vm);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The rule for times in milliseconds. */
export function timeIssues(times: Readonly<Record<string, unknown>>): Issue[] {
  return Object.entries(times).flatMap(([path, ms]) =>
    unless(Number.isFinite(ms) && Number(ms) > 0, path, "must be a positive number of milliseconds"),
  );
}

/** The rule for an id that is sent as a header. */
export function correlationIssues(id: unknown): Issue[] {
  return unless(
    typeof id === "string" && /^[\x21-\x7e]{1,128}$/.test(id),
    "correlationId",
    "must be 1 to 128 printable ASCII characters",
  );
}

/** The rule for what is called back: a callback that is none would be lost without a word. */
export function callbackIssues(callbacks: Readonly<Record<string, unknown>>): Issue[] {
  return Object.entries(callbacks).flatMap(([path, callback]) =>
    unless(callback === undefined || typeof callback === "function", path, "must be a function"),
  );
}

/** The rule for a signal. */
export function signalIssues(signal: unknown): Issue[] {
  const fits = signal === undefined || typeof (signal as AbortSignal | null)?.throwIfAborted === "function";
  return unless(fits, "signal", "must be an AbortSignal");
}

/** The rules for how the POST is sent. */
export function beginIssues(throttleRetries: unknown, osType: unknown, validate: unknown): Issue[] {
  return [
    ...unless(typeof validate === "boolean", "validate", "must be true or false"),
    ...unless(
      Number.isInteger(throttleRetries) && Number(throttleRetries) >= 0,
      "throttleRetries",
      "must be a whole number, 0 or more",
    ),
    ...unless(
      osType === undefined || osType === "Windows" || osType === "Linux",
      "osType",
      `must be ${Object.keys(PASSWORD_RULES).join(" or ")}`,
    ),
  ];
}
