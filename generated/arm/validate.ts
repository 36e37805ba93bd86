// Generated from spec/arm.yaml: do not edit. Change that, then `npm run generate`.
// Its sha256: 587d7265418c8b82f17c52117daaca204a383219928250e0fd62db67b43b775c

/** A rule that a value breaks, and where. It never holds the value. */
export interface Issue {
  /** The way to it, joined by periods: `osProfile.adminPassword`. Empty for the value itself. */
  readonly path: string;
  /** The rule in words. */
  readonly rule: string;
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
  return check(value === "2024-07-01", path, "must be the api-version of the read");
}

/** The issue of a value that breaks a rule, as a list of one; of one that keeps it, an empty list. @internal */
export function check(ok: boolean, path: string, rule: string): Issue[] {
  return ok ? [] : [{ path, rule }];
}

/** Counts code points, as JSON Schema does. */
function length(text: string): number {
  return [...text].length;
}

/** A pattern is compiled when it is needed: the Unicode classes of a literal would take milliseconds of every start. */
function matches(text: string, pattern: string): boolean {
  return new RegExp(pattern, "u").test(text);
}
