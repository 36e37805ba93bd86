import { PassThrough } from "node:stream";
import { afterAll } from "vitest";
import { main } from "../../src/cli/main.js";
import { type ServedSimulator, serveSimulator } from "../../src/node/index.js";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/index.js";

/** What a command is run with, beside its arguments. */
export interface Setting {
  /** What is on standard input. */
  readonly stdin?: string;
  /** Is it run on a terminal? Its answers are typed as `stdin`, then. */
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupted?: AbortSignal;
  readonly hurried?: AbortSignal;
  /** Told of all that is written, as it is written. */
  readonly onText?: (text: string) => void;
}

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, as whoever is signed in by AZURE_ACCESS_TOKEN. */
export async function run(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const { stdin = "", terminal = false, env = {}, onText } = setting;
  const { interrupted = new AbortController().signal, hurried = new AbortController().signal } = setting;
  const texts = { out: "", err: "" };
  const output = (name: "out" | "err") => {
    const stream = new PassThrough();
    stream.on("data", (chunk) => {
      texts[name] += chunk;
      onText?.(String(chunk));
    });
    return Object.assign(stream, terminal && { isTTY: true, columns: 200 });
  };
  const input = Object.assign(new PassThrough(), terminal && { isTTY: true });
  if (terminal) input.write(stdin);
  else input.end(stdin);
  const io = {
    stdin: input,
    stdout: output("out"),
    stderr: output("err"),
    env: { AZURE_ACCESS_TOKEN: TOKEN, ...env },
    interrupted,
    hurried,
  };
  const code = await main(argv, io);
  await new Promise(setImmediate);
  return { code, ...texts };
}

/** The token of whoever is signed in here. */
export const TOKEN = "a-token-of-the-tests";

const served: ServedSimulator[] = [];
afterAll(async () => {
  for (const one of served.splice(0)) await one.close();
});

/** A simulated Azure on a port, and the option that leads there. Its reimages end with the POST unless told otherwise. */
export async function azure(
  options: SimulatorOptions = { statusHeader: "none" },
): Promise<{ readonly arm: Simulator; readonly at: readonly string[] }> {
  const arm = createSimulator(options);
  const service = await serveSimulator(arm);
  served.push(service);
  return { arm, at: ["--endpoint", service.url] };
}

const GROUP = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute";

/** The id of a VM. */
export const idOf = (name: string): string => `${GROUP}/virtualMachines/${name}`;

/** The names of the VMs that were POSTed, in order. */
export const posted = (arm: Simulator): string[] =>
  arm.requests
    .filter(({ method }) => method === "POST")
    .map(({ url }) => /virtualMachines\/([^/]+)\//.exec(url)?.[1] ?? "");
