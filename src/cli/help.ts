import { type OptionTable, REIMAGE_OPTIONS, SIMULATE_OPTIONS } from "./options.js";
import { UsageError } from "./usage.js";

const WIDTH = 80;

/** The options of a table under their headings, as the help shows them. */
function optionsOf(table: OptionTable): string {
  return Object.entries(table)
    .map(([heading, options]) => {
      const lines = Object.entries(options).map(([name, { short, value, help }]) => {
        const form = `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;
        return `  ${form.padEnd(32)} ${folded(help, 35)}`;
      });
      return `${heading}:\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

/** A text in lines, all but the first indented. */
function folded(text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    const line = lines[last] ? `${lines[last]} ${word}` : word;
    if (line.length > WIDTH - indent) lines.push(word);
    else lines[last] = line;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

/** Of a SIGTERM npx ends by itself, and the command never hears of it. */
const SUPERVISED = `  npx does not hand SIGTERM on: a supervisor must start
  node_modules/.bin/azure-vm-reimage itself.`;

/** What `azure-vm-reimage --help` prints. */
export const HELP: string = `Reimage Azure virtual machines: wipe their OS disks, and know how it ended.

Usage:
  azure-vm-reimage [reimage] [options] [VM id ...]
  azure-vm-reimage simulate [options]     a simulated Azure on a port;
                                          its options: help simulate

Try it, without an account:

  azure-vm-reimage --simulate

One VM, many, and going on after a crash:

  azure-vm-reimage --subscription 00000000-… -g web -n web-1
  az vm list -g web --query '[].id' -o tsv |
    azure-vm-reimage --ids - --journal web.jsonl --yes
  azure-vm-reimage --resume azure-vm-reimage-….jsonl

${optionsOf(REIMAGE_OPTIONS)}

What happens:
  Up to 50 VMs are looked at first: what becomes of their old OS disks is shown,
  and you are asked. A reimage cannot be undone or canceled. Each VM is asked
  for once, whatever goes wrong. Ctrl-C stops the waiting, not the reimages, and
  prints the command that goes on with them; SIGTERM is as Ctrl-C.
${SUPERVISED}

Who you are:
  AZURE_ACCESS_TOKEN, else az login, else @azure/identity where it is installed
  beside this package.

Exit codes:
  0 all succeeded   1 one failed or was refused, or you said no   2 wrong use
  3 no sign-in
  4 an outcome is unknown, or the time ran out: something is to be resumed, or
    to be looked at   130 interrupted
  Of many VMs the gravest end counts: 130, then 4, 3 and 1.

Environment:
  AZURE_SUBSCRIPTION_ID, AZURE_ACCESS_TOKEN; AZURE_LOG_LEVEL=verbose tells every
  request, without secrets; NO_COLOR, FORCE_COLOR.
`;

/** What `azure-vm-reimage simulate --help` prints. */
export const SIMULATE_HELP: string = `Serve a simulated Azure Resource Manager on this machine, until Ctrl-C.

Usage:
  azure-vm-reimage simulate --port 8080
  AZURE_ACCESS_TOKEN=any azure-vm-reimage --endpoint http://127.0.0.1:8080 \\
    --subscription 00000000-… -g rg -n vm

${optionsOf(SIMULATE_OPTIONS)}

What happens:
  Every VM exists, and ends as --preset says; its name means nothing here, other
  than with --simulate. Answers have a Retry-After of 10 s, later 30 s, unless
  the preset has its own: who heeds it sees an end no sooner, however short
  --duration is.
${SUPERVISED}
`;

const HELPS: ReadonlyMap<string, string> = new Map([
  ["reimage", HELP],
  ["simulate", SIMULATE_HELP],
]);

/**
 * What `azure-vm-reimage help` prints, alone or with the command that it is about.
 *
 * @throws {@link UsageError} when there is no such command
 */
export function helpOn(args: readonly string[]): string {
  const [topic = "reimage", ...more] = args.filter((arg) => arg !== "--help" && arg !== "-h");
  const help = more.length === 0 && HELPS.get(topic);
  if (help) return help;
  throw new UsageError(
    `There is no help on that: only ${[...HELPS.keys()].map((name) => `help ${name}`).join(" and ")}.`,
  );
}
