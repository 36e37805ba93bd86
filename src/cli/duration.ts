import { UsageError } from "./usage.js";

const UNITS = { h: 3_600_000, m: 60_000, s: 1_000 } as const;

/**
 * Reads a time such as `45m`, `90s` or `1h30m`, in milliseconds.
 *
 * @throws {@link UsageError} for anything else; a bare number does not say of what
 */
export function readDuration(text: string, option: string): number {
  if (!/^(\d+[hms])+$/.test(text))
    throw new UsageError(`${option} must be a time with its unit, such as 45m, 90s or 1h30m.`);
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS], 0);
  if (!(ms > 0 && Number.isSafeInteger(ms)))
    throw new UsageError(`${option} must be longer than nothing, and end some day.`);
  return ms;
}

/** Writes a time as a clock does: `0:09`, `12:34`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (n: number) => String(n % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes)}:${two(seconds)}`;
}
