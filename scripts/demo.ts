// The README's first command: builds the package, then has its command line reimage VMs of the embedded simulator before the
// reader's eyes. Exits 0 when every scene ended as it was meant to.
import { stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { prepare } from "./demo/prepare.js";
import { type Play, play, scenes } from "./demo/scenes.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const OPENING = `
azure-vm-reimage: reimage Azure virtual machines, safely, and know how it ended.
All of this is simulated, in this process: no account, no network, seconds instead of minutes.
`;

const CLOSING = `
Every scene ended as it was meant to. Use it: README.md. Prove it: npm test.
Try it yourself: node dist/src/cli/bin.js --simulate
`;

/** Prepares, plays the scenes, and answers with the exit code. */
export async function main(_: readonly string[], perform: Play = play): Promise<number> {
  const say = (text: string) => void stdout.write(`${text}\n`);
  say(OPENING);
  if (!(await prepare(root, say))) return 1;
  for (const scene of scenes) {
    say(
      `\n${styleText("bold", scene.title, { stream: stdout })}\n${styleText("dim", scene.shown, { stream: stdout })}\n`,
    );
    const code = await perform(root, scene);
    if (code === scene.exitCode) continue;
    say(`\nThat was not to happen: it ended with ${code}, not with ${scene.exitCode}.`);
    return 1;
  }
  say(CLOSING);
  return 0;
}
