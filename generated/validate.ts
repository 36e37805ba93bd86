// Generated from spec/openapi.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 2de48dedbd89fef6f574b4d134bbe281d155bc6a6e6873a441225620c9640d21

/** A rule that a value breaks, and where. It never holds the value. */
export interface Issue {
  /** The way to it, joined by periods: `osProfile.adminPassword`. Empty for the value itself. */
  readonly path: string;
  /** The rule in words. */
  readonly rule: string;
}

/** Lists the rules of VirtualMachineReimageParameters that `value` breaks. */
export function validateVirtualMachineReimageParameters(value: unknown, path = ""): Issue[] {
  return [
    ...check(isObject(value), path, "must be an object"),
    ...properties(
      value,
      path,
      {
        exactVersion: (value, path) => check(typeof value === "string", path, "must be a string"),
        osProfile: validateOSProfileProvisioningData,
        tempDisk: (value, path) => check(typeof value === "boolean", path, "must be true or false"),
      },
      unlisted,
    ),
  ];
}

/** Lists the rules of OSProfileProvisioningData that `value` breaks. */
export function validateOSProfileProvisioningData(value: unknown, path = ""): Issue[] {
  return [
    ...check(isObject(value), path, "must be an object"),
    ...properties(
      value,
      path,
      {
        adminPassword: (value, path) => [
          ...check(
            typeof value === "string" &&
              (validateWindowsAdminPassword(value, path).length === 0 ||
                validateLinuxAdminPassword(value, path).length === 0),
            path,
            "must have 8 to 123 characters for Windows or 6 to 72 for Linux, with three of: lower case, upper case, digit, special",
          ),
          ...check(
            !(
              [
                "abc@123",
                "P@$$w0rd",
                "P@ssw0rd",
                "P@ssword123",
                "Pa$$word",
                "pass@word1",
                "Password!",
                "Password1",
                "Password22",
                "iloveyou!",
              ] as unknown[]
            ).includes(value),
            path,
            "must be none of the passwords that Azure disallows",
          ),
        ],
        customData: (value, path) =>
          check(
            typeof value === "string" &&
              length(value) <= 87380 &&
              matches(value, "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"),
            path,
            "must be base64 of at most 65535 bytes",
          ),
      },
      unlisted,
    ),
  ];
}

/** Lists the rules of WindowsAdminPassword that `value` breaks. */
export function validateWindowsAdminPassword(value: unknown, path = ""): Issue[] {
  return check(
    typeof value === "string" &&
      length(value) >= 8 &&
      length(value) <= 123 &&
      matches(
        value,
        "^(?:(?=[\\s\\S]*\\p{Ll})(?=[\\s\\S]*\\p{Lu})(?=[\\s\\S]*[\\p{Nd}\\W_])|(?=[\\s\\S]*\\p{Nd})(?=[\\s\\S]*[\\W_])(?=[\\s\\S]*[\\p{Ll}\\p{Lu}]))",
      ),
    path,
    "must have 8 to 123 characters for Windows, with three of: lower case, upper case, digit, special",
  );
}

/** Lists the rules of LinuxAdminPassword that `value` breaks. */
export function validateLinuxAdminPassword(value: unknown, path = ""): Issue[] {
  return check(
    typeof value === "string" &&
      length(value) >= 6 &&
      length(value) <= 72 &&
      matches(
        value,
        "^(?:(?=[\\s\\S]*\\p{Ll})(?=[\\s\\S]*\\p{Lu})(?=[\\s\\S]*[\\p{Nd}\\W_])|(?=[\\s\\S]*\\p{Nd})(?=[\\s\\S]*[\\W_])(?=[\\s\\S]*[\\p{Ll}\\p{Lu}]))",
      ),
    path,
    "must have 6 to 72 characters for Linux, with three of: lower case, upper case, digit, special",
  );
}

/** Lists the rules of ResourceGroupName that `value` breaks. */
export function validateResourceGroupName(value: unknown, path = ""): Issue[] {
  return check(
    typeof value === "string" &&
      length(value) >= 1 &&
      length(value) <= 90 &&
      matches(value, "^[\\p{L}\\p{Nd}_.()\\-]*[\\p{L}\\p{Nd}_()\\-]$"),
    path,
    "must have 1 to 90 letters, digits or _-.() and not end in a period",
  );
}

/** Lists the rules of SubscriptionId that `value` breaks. */
export function validateSubscriptionId(value: unknown, path = ""): Issue[] {
  return check(
    typeof value === "string" &&
      matches(value, "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"),
    path,
    "must be a UUID",
  );
}

/** Lists the rules of VmName that `value` breaks. */
export function validateVmName(value: unknown, path = ""): Issue[] {
  return check(
    typeof value === "string" &&
      length(value) >= 1 &&
      length(value) <= 64 &&
      matches(
        value,
        '^(?![_.])[^\\\\/"\\[\\]:|<>+=;,?*@&#%\\s\\p{Cc}\\p{Cs}]*[^\\\\/"\\[\\]:|<>+=;,?*@&#%\\s\\p{Cc}\\p{Cs}.\\-]$',
      ),
    path,
    'must have 1 to 64 characters, none of \\/"[]:|<>+=;,?*@&#% or white space, no _ or . first, no . or - last',
  );
}

/** Lists the rules of ApiVersion that `value` breaks. */
export function validateApiVersion(value: unknown, path = ""): Issue[] {
  return check(value === "2024-03-01", path, "must be the api-version of this contract");
}

/** The issue of a value that breaks a rule, as a list of one; of one that keeps it, an empty list. @internal */
export function check(ok: boolean, path: string, rule: string): Issue[] {
  return ok ? [] : [{ path, rule }];
}

/** Looks at own properties alone. One that is undefined is not set; one that is not known goes to `other`. */
function properties(value: unknown, path: string, known: Record<string, Validator>, other?: Validator): Issue[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const validate = Object.hasOwn(known, name) ? known[name] : other;
    return value[name] === undefined || !validate ? [] : validate(value[name], below(path, name));
  });
}

type Validator = (value: unknown, path: string) => Issue[];

/** What a property is told that the contract does not know. */
function unlisted(_: unknown, path: string): Issue[] {
  return check(false, path, "is not a known property");
}

/** Counts code points, as JSON Schema does. */
function length(text: string): number {
  return [...text].length;
}

/** A pattern is compiled when it is needed: the Unicode classes of a literal would take milliseconds of every start. */
function matches(text: string, pattern: string): boolean {
  return new RegExp(pattern, "u").test(text);
}

/** @internal */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name comes from the caller: an odd one is escaped, a long one cut. */
function below(path: string, name: string): string {
  const shown = /^[\w-]{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64));
  return path ? `${path}.${shown}` : shown;
}
