import { InvalidInputError, type Issue } from "../index.js";

/** The issue of an option that breaks its rule, as a list of one; of one that keeps it, an empty list. */
export function check(holds: boolean, path: string, rule: string): Issue[] {
  return holds ? [] : [{ path, rule }];
}

/** Throws {@link InvalidInputError} when there is something to complain about. */
export function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new InvalidInputError(issues);
}

/** Options, or a group of them, are an object; what is in one can be looked at then. */
export function refuseNonObject(value: unknown, path: string): void {
  refuse(check(typeof value === "object" && value !== null && !Array.isArray(value), path, "must be an object"));
}

/** One that is undefined is not given. */
export function checkSignal(signal: AbortSignal | undefined): Issue[] {
  return check(
    signal === undefined || typeof signal?.throwIfAborted === "function",
    "signal",
    "must be an AbortSignal",
  );
}

/** Can it be iterated in one of these ways? A text is no list, though it can be. */
export function checkIterable(value: unknown, path: string, of: string, ...ways: readonly symbol[]): Issue[] {
  const iterates = typeof value === "object" && value !== null && ways.some((way) => way in value);
  return check(iterates, path, `must be an iterable of ${of}`);
}
