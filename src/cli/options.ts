/// <reference types="node" />
import { parseArgs } from "node:util";
import { UsageError } from "./usage.js";

/** One option: what `parseArgs` needs to know of it, and what the help says. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** What its value is called; options of type "boolean" have none. */
  readonly value?: string;
  readonly help: string;
}

/** Options by name, under the headings of the help. */
export type OptionTable = Readonly<Record<string, Readonly<Record<string, Option>>>>;

const COMMON = { help: { type: "boolean", short: "h", help: "this text" } } as const;

/** The options of `reimage`. */
export const REIMAGE_OPTIONS = {
  "Which VMs, instead of ids as arguments": {
    "resource-group": { type: "string", short: "g", value: "NAME", help: "the resource group" },
    name: { type: "string", short: "n", multiple: true, value: "NAME", help: "a VM of it; again for more" },
    subscription: { type: "string", value: "ID", help: "the subscription; AZURE_SUBSCRIPTION_ID unless given" },
    ids: {
      type: "string",
      value: "FILE|-",
      help: "a list of ids, one a line; lines that start with # are ignored; - is standard input",
    },
  },
  "What they become": {
    "temp-disk": { type: "boolean", help: "reimage the temporary disk: for VMs with an ephemeral OS disk alone" },
    "exact-version": {
      type: "string",
      value: "VERSION",
      help: "the image version: a decimal number, by Azure's page; not checked here; that of the VM unless given",
    },
    "admin-password-stdin": { type: "boolean", help: "the password is the first line of standard input" },
    "admin-password-env": { type: "string", value: "NAME", help: "the password is in this environment variable" },
    "custom-data": {
      type: "string",
      value: "FILE",
      help: "the VM's customData, not encoded: it must be what it was created with",
    },
  },
  "How it is done": {
    "old-disk": {
      type: "string",
      value: "keep|delete|any",
      help: "refuse a VM whose old OS disk would meet another fate; any: do not look",
    },
    "dry-run": {
      type: "boolean",
      help: "check everything and show the requests; the VMs are read, nothing else is sent",
    },
    yes: { type: "boolean", short: "y", help: "do not ask; needed where nobody can be asked, but for --simulate" },
    "max-in-flight": {
      type: "string",
      value: "N",
      help: "how many VMs are in hand at once, at most; 5000 unless given",
    },
    timeout: {
      type: "string",
      value: "TIME",
      help: "45m, 90s, 1h30m: how long the run as a whole may take from when it begins to send; unless given, each VM is followed for two hours from its acceptance",
    },
    "no-wait": {
      type: "boolean",
      help: "print the resume states when the service accepted all; with more VMs than may be in hand it waits for some to end",
    },
    resume: { type: "string", value: "FILE|-", help: "follow what was begun before, from its resume states" },
    journal: {
      type: "string",
      value: "FILE",
      help: "write down what happens; the same command again goes on after a crash",
    },
    output: {
      type: "string",
      short: "o",
      value: "table|json|jsonl",
      help: "how results are printed; table unless given",
    },
  },
  "Where it is done": {
    cloud: { type: "string", value: "public|usgov|china", help: "the Azure cloud; public unless given" },
    endpoint: { type: "string", value: "URL", help: "another endpoint of the same API; http for this machine alone" },
    scope: { type: "string", value: "SCOPE", help: "the scope of the token, where it is not that of the endpoint" },
    simulate: {
      type: "boolean",
      help: "a simulated Azure in this process: no account, nothing is wiped, and --name is enough to name a VM",
    },
  },
  More: { ...COMMON, version: { type: "boolean", help: "the version of this program" } },
} as const satisfies OptionTable;

/** The options of `simulate`. */
export const SIMULATE_OPTIONS = {
  Options: {
    port: { type: "string", value: "N", help: "the port; any that is free unless given" },
    host: { type: "string", value: "ADDRESS", help: "the address to listen on; 127.0.0.1 unless given" },
    "tls-cert": { type: "string", value: "FILE", help: "the certificate for https, as PEM" },
    "tls-key": { type: "string", value: "FILE", help: "its private key" },
    preset: {
      type: "string",
      value: "NAME",
      help: "how operations end, such as fails, busy, throttledOnce, lostAnswer; succeeds unless given",
    },
    duration: {
      type: "string",
      value: "TIME",
      help: "how long a reimage takes; 90s, or what the preset says, unless given",
    },
    ...COMMON,
  },
} as const satisfies OptionTable;

type OptionsOf<T extends OptionTable> = UnionToIntersection<T[keyof T]>;
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;
type ValueOf<O> = O extends { readonly multiple: true }
  ? readonly string[]
  : O extends { readonly type: "boolean" }
    ? boolean
    : string;

/** What somebody may take for options, and what is to be used instead (S12). */
const SECRETS = [
  [
    /^--?(p|(admin-?)?(password|passwd|pass|pwd))(=|$)/i,
    { name: "A password", instead: "--admin-password-stdin or --admin-password-env NAME" },
  ],
  [/^--?(access-?)?token(=|$)/i, { name: "A token", instead: "the environment variable AZURE_ACCESS_TOKEN" }],
] as const;

/** The options that were given, by their names. */
export type Values<T extends OptionTable> = { readonly [Name in keyof OptionsOf<T>]?: ValueOf<OptionsOf<T>[Name]> };

/** A command's arguments, read. */
export interface Arguments<T extends OptionTable> {
  readonly values: Values<T>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's arguments. What was typed is never quoted: it may be a secret that slipped into the wrong place.
 *
 * @param help - what shows the command's options
 * @throws {@link UsageError}
 */
export function readArguments<T extends OptionTable>(args: readonly string[], table: T, help: string): Arguments<T> {
  for (const [secret, { name, instead }] of SECRETS) {
    if (!args.some((arg) => secret.test(arg))) continue;
    throw new UsageError(
      `${name} is no argument: every user of this machine can read it while the command runs, and the shell keeps it. Use ${instead}.`,
    );
  }
  const options: Readonly<Record<string, Option>> = Object.assign({}, ...Object.values(table));
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
    const twice = names.find((name, i) => names.indexOf(name) !== i && !options[name]?.multiple);
    if (twice) throw new UsageError(`--${twice} was given twice.`);
    return { values: values as Values<T>, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { message } = error as Error;
    const forms = message.match(/--?[a-z][a-z-]*(?=[' =<,])/gi) ?? [];
    const option = forms.find((form) => args.includes(form)) ?? forms[0];
    const code = (error as { readonly code?: string }).code ?? "";
    const told = option && / argument (missing|is ambiguous)/.test(message) ? `${option} needs a value` : undefined;
    const isUnknown = code.includes("UNKNOWN");
    const wrong = isUnknown ? "There is no option" : "Wrong use of option";
    const isOfSimulate = isUnknown && Object.hasOwn(SIMULATE_OPTIONS.Options, option?.slice(2) ?? "");
    const where = isOfSimulate
      ? "It is one of simulate, which comes first: azure-vm-reimage help simulate"
      : `What there is: azure-vm-reimage ${help}`;
    throw new UsageError(`${told ?? `${wrong} ${option ?? "like this"}`}. ${where}`);
  }
}
