/** Why: what the functions of a generated validate.ts lean on. Each is copied if it is called. */

/** A rule that a value breaks, and where. It never holds the value. */
export interface Issue {
  /** The way to it, joined by periods: `osProfile.adminPassword`. Empty for the value itself. */
  readonly path: string;
  /** The rule in words. */
  readonly rule: string;
}

export type Validator = (value: unknown, path: string) => Issue[];

/** The issue of a value that breaks a rule, as a list of one; of one that keeps it, an empty list. @internal */
export function check(ok: boolean, path: string, rule: string): Issue[] {
  return ok ? [] : [{ path, rule }];
}

/** Looks at own properties alone. One that is undefined is not set; one that is not known goes to `other`. */
export function properties(value: unknown, path: string, known: Record<string, Validator>, other?: Validator): Issue[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const validate = Object.hasOwn(known, name) ? known[name] : other;
    return value[name] === undefined || !validate ? [] : validate(value[name], below(path, name));
  });
}

/** What a property is told that the contract does not know. */
export function unlisted(_: unknown, path: string): Issue[] {
  return check(false, path, "is not a known property");
}

export function required(value: unknown, path: string, names: string[]): Issue[] {
  if (!isObject(value)) return [];
  const missing = names.filter((name) => !Object.hasOwn(value, name) || value[name] === undefined);
  return missing.map((name) => ({ path: below(path, name), rule: "must be set" }));
}

export function items(value: unknown, path: string, validate: Validator): Issue[] {
  if (!Array.isArray(value)) return [];
  return Array.from(value, (item, index) => validate(item, below(path, `${index}`))).flat();
}

/** Counts code points, as JSON Schema does. */
export function length(text: string): number {
  return [...text].length;
}

/** A pattern is compiled when it is needed: the Unicode classes of a literal would take milliseconds of every start. */
export function matches(text: string, pattern: string): boolean {
  return new RegExp(pattern, "u").test(text);
}

export function areUnique(values: readonly unknown[]): boolean {
  return new Set(Array.from(values, canonical)).size === values.length;
}

/** JSON in which the order of properties makes no difference. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** @internal */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name comes from the caller: an odd one is escaped, a long one cut. */
export function below(path: string, name: string): string {
  const shown = /^[\w-]{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64));
  return path ? `${path}.${shown}` : shown;
}
