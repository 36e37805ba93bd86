/** Why: what the demo shows is what a user would type, run as a user would run it. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** A command, and how it is meant to end. */
export interface Scene {
  readonly title: string;
  /** The command as the reader sees it. */
  readonly shown: string;
  readonly args: readonly string[];
  /** What is on its standard input. */
  readonly stdin?: string;
  readonly exitCode: number;
}

/** Runs a scene, and gives its exit code. */
export type Play = (root: string, scene: Scene) => Promise<number | null>;

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000000";
const idOf = (name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/${name}`;
const one = ["--simulate", "--subscription", SUBSCRIPTION, "-g", "web", "-n", "web-1"];
/** In the simulator, a VM whose name has "fail" in it fails. */
const fleet = Array.from({ length: 200 }, (_, i) => idOf([50, 100, 150].includes(i) ? `fail-${i}` : `web-${i}`));

/** What is shown, in this order. */
export const scenes: readonly Scene[] = [
  {
    title: "1. Look before the wipe: the very request, and what becomes of the old disk; nothing is reimaged",
    shown: `$ azure-vm-reimage ${one.join(" ")} --dry-run`,
    args: [...one, "--dry-run"],
    exitCode: 0,
  },
  {
    title: "2. One VM, followed to the service's own last word",
    shown: `$ azure-vm-reimage ${one.join(" ")} --yes`,
    args: [...one, "--yes"],
    exitCode: 0,
  },
  {
    title: "3. 200 VMs at the pace that Azure allows; three of them do not come up again, and the exit code says so",
    shown: "$ azure-vm-reimage --simulate --ids - --yes < ids.txt",
    args: ["--simulate", "--ids", "-", "--yes"],
    stdin: fleet.join("\n"),
    exitCode: 1,
  },
];

/** Runs the command that was built, on the reader's own terminal. */
export const play: Play = (root, { args, stdin = "" }) =>
  new Promise((resolve, reject) => {
    const command = join(root, "dist/src/cli/bin.js");
    const child = spawn(process.execPath, [command, ...args], { stdio: ["pipe", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", resolve);
    child.stdin?.end(stdin);
  });
