/** Why: which runtimes run the suite, from which packages, and how each is called, is data. */
const system = process.platform === "win32" ? "win" : process.platform;

export interface Program {
  readonly name: string;
  /** What npm brings: a folder in the cache, and exact versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** Where the binary is among them. */
  readonly binary: RegExp;
  /** What it is called with, in a folder with the package, the launchers and the suite. */
  args(host: string): readonly string[];
}

const node = (version: string): Program => ({
  name: `Node ${version}`,
  packages: { [`node-${system}-${process.arch}`]: version },
  binary: /^node-[\w-]+\/(bin\/node|node\.exe)$/,
  args: (host) => ["launch/command-line.mjs", host],
});

export const programs: readonly Program[] = [
  ...["20.19.0", "22.23.3", "24.21.0", "26.10.0"].map(node),
  {
    name: "Bun 1.4.5",
    packages: { bun: "1.4.5" },
    binary: /^@oven\/bun-[\w-]+\/bin\/bun(\.exe)?$/,
    args: (host) => ["launch/command-line.mjs", host],
  },
  {
    name: "Deno 2.9.6",
    packages: { deno: "2.9.6" },
    binary: /^@deno\/[\w-]+\/deno(\.exe)?$/,
    // All that the package needs is the network.
    args: (host) => ["run", `--allow-net=${new URL(host).hostname}`, "launch/command-line.mjs", host],
  },
  {
    name: "workerd 1.20261117.1",
    packages: { workerd: "1.20261117.1" },
    binary: /^@cloudflare\/workerd-[\w-]+\/bin\/workerd(\.exe)?$/,
    args: () => ["test", "launch/worker.capnp"],
  },
];
