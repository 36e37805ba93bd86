/// <reference types="node" />
import { createRequire } from "node:module";
import { isReimageError } from "../index.js";
import { HELP, helpOn, SIMULATE_HELP } from "./help.js";
import { INTERRUPTED, Interruption, type Io } from "./io.js";
import { REIMAGE_OPTIONS, readArguments, SIMULATE_OPTIONS } from "./options.js";
import { reimage } from "./reimage.js";
import { simulate } from "./simulate.js";
import { harmless } from "./text.js";
import { USAGE, UsageError } from "./usage.js";

/** The command line: reads the arguments, does what they say, and gives the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`${error.message}\n`);
      return USAGE;
    }
    if (error instanceof Interruption) {
      io.stderr.write("Interrupted; nothing was sent.\n");
      return INTERRUPTED;
    }
    io.stderr.write(
      `${harmless(isReimageError(error) ? error.message : `This was not to happen: ${String(error)}`)}\n`,
    );
    return 1;
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const [command, ...rest] = argv;
  if (command === undefined) {
    io.stderr.write(`Which VMs? Give their ids, or --resource-group and --name; or try it with --simulate.\n\n${HELP}`);
    return USAGE;
  }
  if (command === "help") return say(helpOn(rest), io);
  if (command === "simulate") {
    const read = readArguments(rest, SIMULATE_OPTIONS, "help simulate");
    return read.values.help ? say(SIMULATE_HELP, io) : simulate(read, io);
  }
  if (!/^-|\/|^reimage$/.test(command))
    throw new UsageError(
      "The first argument is no command (reimage, simulate, help), no option and no id of a VM. What there is: azure-vm-reimage --help",
    );
  const args = command === "reimage" ? rest : argv;
  const read = readArguments(args, REIMAGE_OPTIONS, "--help");
  if (read.values.help) return say(HELP, io);
  if (read.values.version)
    return say(`${createRequire(import.meta.url)("azure-vm-reimage/package.json").version}\n`, io);
  return reimage(args, read, io);
}

function say(text: string, { stdout }: Io): number {
  stdout.write(text);
  return 0;
}
