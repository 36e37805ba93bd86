import { readDuration } from "./duration.js";
import type { OldDisk } from "./look.js";
import type { Arguments, REIMAGE_OPTIONS } from "./options.js";
import type { Format } from "./print.js";
import { UsageError } from "./usage.js";

/** The options whose values are more than text, read. */
export interface Settings {
  readonly format: Format;
  readonly oldDisk: OldDisk | undefined;
  readonly timeoutMs: number | undefined;
  readonly maxInFlight: number | undefined;
  /** What reads standard input, so that nobody can be asked there. */
  readonly readers: readonly string[];
}

const FORMATS: readonly Format[] = ["table", "json", "jsonl"];
const OLD_DISKS: readonly OldDisk[] = ["keep", "delete", "any"];
/** What has a meaning beside `--resume`: the operations are under way already. */
const WITH_RESUME = ["resume", "timeout", "max-in-flight", "output", "cloud", "endpoint", "scope", "yes"];

/**
 * Reads the options, and sees to it that they go together.
 *
 * @throws {@link UsageError}
 */
export function readSettings({ values, positionals }: Arguments<typeof REIMAGE_OPTIONS>): Settings {
  const alien = Object.keys(values).filter((name) => !WITH_RESUME.includes(name));
  if (values.resume !== undefined && alien.length + positionals.length > 0) {
    throw new UsageError(
      `${alien[0] ? `--${alien[0]}` : "A VM"} has no meaning beside --resume, which follows what was begun before.`,
    );
  }
  const readers = [
    values.ids === "-" && "--ids -",
    values.resume === "-" && "--resume -",
    values["admin-password-stdin"] && "--admin-password-stdin",
  ].filter((reader) => typeof reader === "string");
  if (readers.length > 1) throw new UsageError(`${readers.join(" and ")} cannot both read standard input.`);
  const { output = "table", "old-disk": oldDisk, timeout, "max-in-flight": maxInFlight } = values;
  if (maxInFlight !== undefined && !/^[1-9]\d{0,8}$/.test(maxInFlight)) {
    throw new UsageError("--max-in-flight must be a whole number, 1 or more.");
  }
  return {
    format: oneOf(FORMATS, output, "--output"),
    oldDisk: oldDisk === undefined ? undefined : oneOf(OLD_DISKS, oldDisk, "--old-disk"),
    timeoutMs: timeout === undefined ? undefined : readDuration(timeout, "--timeout"),
    maxInFlight: maxInFlight === undefined ? undefined : Number(maxInFlight),
    readers,
  };
}

function oneOf<T extends string>(words: readonly T[], given: string, option: string): T {
  const word = words.find((one) => one === given);
  if (!word) throw new UsageError(`${option} must be ${words.join(" or ")}.`);
  return word;
}
