/** Checks of what the caller hands in: refused here with the rule it breaks, before anything is sent. */
import { clouds } from "../generated/arm/operations.js";
import type { VirtualMachineReimageParameters } from "../generated/schema.js";
import {
  check,
  type Issue,
  isObject,
  validateLinuxAdminPassword,
  validateVirtualMachineReimageParameters,
  validateWindowsAdminPassword,
} from "../generated/validate.js";
import { refuse } from "./errors.js";
import { copyOf } from "./json.js";
import type { VirtualMachineId } from "./vm-id.js";

/** What the wipe is told; the generated type itself, so that a typo does not compile. */
export type ReimageParameters = VirtualMachineReimageParameters;

/** Which operating system's password rule applies. */
export type OsType = "Windows" | "Linux";

const PASSWORD_RULES: Readonly<Record<OsType, (value: unknown, path: string) => Issue[]>> = {
  Windows: validateWindowsAdminPassword,
  Linux: validateLinuxAdminPassword,
};

/** Does a value fit, and what it must be. */
type Rule = readonly [fits: (value: unknown) => boolean, what: string];

const isFunction = (value: unknown) => typeof value === "function";
const isText = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
const has = (method: string) => (value: unknown) =>
  isFunction((value as Readonly<Record<string, unknown>> | null)?.[method]);
const oneOf = (words: readonly unknown[]): Rule => [(value) => words.includes(value), words.join(" or ")];
const TIME: Rule = [(ms) => Number.isFinite(ms) && (ms as number) > 0, "a number above 0"];
const CALLBACK: Rule = [isFunction, "a function"];
const SWITCH: Rule = oneOf([true, false]);

/** The rule of each option, wherever it is taken. */
const RULES: readonly (readonly [name: string, rule: Rule])[] = Object.entries({
  credential: [(value) => isFunction(value) || has("getToken")(value), "a TokenCredential or a function"],
  cloud: oneOf(Object.keys(clouds)),
  scope: [isText(/^\S+$/), "a word"],
  allowedPollOrigins: [Array.isArray, "a list"],
  fetch: CALLBACK,
  onEvent: CALLBACK,
  pollIntervalMs: TIME,
  requestTimeoutMs: TIME,
  timeoutMs: TIME,
  signal: [has("throwIfAborted"), "an AbortSignal"],
  throttleRetries: [(n) => Number.isInteger(n) && (n as number) >= 0, "a whole number"],
  osType: oneOf(Object.keys(PASSWORD_RULES)),
  validate: SWITCH,
  allowInsecureLoopback: SWITCH,
  headers: [isObject, "an object"],
  correlationId: [isText(/^[!#-[\]-~]{1,128}$/), '1 to 128 printable ASCII, no " or \\'],
  beforeSend: CALLBACK,
  onAccepted: CALLBACK,
  onProgress: CALLBACK,
});

/** The rules that options break. One that is undefined is not set. @internal */
export function optionIssues(options: unknown): Issue[] {
  if (!isObject(options)) return check(false, "options", "must be an object");
  const given = options as Readonly<Record<string, unknown>>;
  return RULES.flatMap(([path, [fits, what]]) =>
    check(given[path] === undefined || fits(given[path]), path, `must be ${what}`),
  );
}

/**
 * Copies the body as its JSON will be sent, and checks the copy against the contract (S8).
 *
 * The caller's object is neither kept nor changed; what is checked is what is sent.
 * @internal
 */
export function checkParameters(
  parameters: unknown,
  vm: VirtualMachineId,
  { osType, validate = true }: { readonly osType?: OsType | undefined; readonly validate?: boolean | undefined },
): ReimageParameters | undefined {
  if (parameters === undefined) return undefined;
  const body = copyOf(parameters) as ReimageParameters;
  refuse(check(body !== undefined, "", "must be JSON"), vm);
  if (!validate) return body;
  refuse(validateVirtualMachineReimageParameters(body), vm);
  const password = body.osProfile?.adminPassword;
  if (osType && password !== undefined) refuse(PASSWORD_RULES[osType](password, "osProfile.adminPassword"), vm);
  return body;
}

/** L15: the caller's headers, an object by {@link optionIssues}, in lower case; the three that only the client may set are refused. @internal */
export function checkHeaders(headers: object = {}, vm: VirtualMachineId): Readonly<Record<string, string>> {
  const given = has("entries")(headers) ? [...(headers as Headers).entries()] : Object.entries(headers);
  const entries = given.map(([name, value]: [string, unknown]) => [String(name).toLowerCase(), value] as const);
  const issues = entries.flatMap(([name, value]) => {
    const named = /^[!#$%&'*+.^`|~\w-]{1,64}$/.test(name);
    const own = /^(authorization|host|content-length)$/.test(name);
    const fits = named && !own && isText(/^[\t\x20-\x7e\x80-\xff]*$/)(value);
    return check(fits, `headers.${named ? name : "?"}`, own ? "must be left out" : "must be an HTTP header");
  });
  refuse(issues, vm);
  return Object.fromEntries(entries) as Record<string, string>;
}
