/** The packed command, as its users have it: in pseudo-terminals, in pipes, and killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import pty from "@lydell/node-pty";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installPacked, type Project } from "../../scripts/check-package/project.js";
import type { Simulator } from "../../src/simulator/index.js";
import { azure, idOf, posted } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let user: Project;
let folder: string;
beforeAll(async () => {
  user = await installPacked(root);
  folder = await mkdtemp(join(tmpdir(), "shell-"));
}, 60_000);
afterAll(async () => {
  user.remove();
  await rm(folder, { recursive: true });
});

const command = () => join(user.folder, "node_modules/.bin/azure-vm-reimage");
/** Nothing of the machine decides what a terminal shows: a CI variable alone makes Node show no colour. */
const { PATH, HOME, NODE_EXTRA_CA_CERTS } = process.env;
const env = { PATH, HOME, NODE_EXTRA_CA_CERTS, AZURE_ACCESS_TOKEN: "any", TERM: "xterm-256color" };

/** Runs the command on a terminal, and types an answer whenever its cue is on the screen. */
function onTerminal(argv: readonly string[], answers: readonly (readonly [cue: RegExp, keys: string])[], more = {}) {
  const left = [...answers];
  const terminal = pty.spawn(command(), [...argv], { cols: 120, rows: 40, cwd: folder, env: { ...env, ...more } });
  let screen = "";
  let fresh = "";
  terminal.onData((text) => {
    screen += text;
    fresh += text;
    const [next] = left;
    if (!next?.[0].test(stripVTControlCharacters(fresh))) return;
    left.shift();
    fresh = "";
    terminal.write(next[1]);
  });
  return new Promise<{ code: number; screen: string; raw: string }>((resolve) =>
    terminal.onExit(({ exitCode }) =>
      resolve({ code: exitCode, screen: stripVTControlCharacters(screen), raw: screen }),
    ),
  );
}

/** Runs the command in pipes. */
function inPipes(argv: readonly string[], stdin = "") {
  const child = spawn(command(), argv, { cwd: folder, env });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    texts.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    texts.err += chunk;
  });
  child.stdin.end(stdin);
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, ...texts })),
  );
  return { child, ended };
}

describe("on a terminal", () => {
  test("it asks, shows a live line in colour, and prints how it ended", async () => {
    const { code, screen, raw } = await onTerminal(["--simulate"], [[/\[y\/N\]/, "y\r"]]);
    expect(code).toBe(0);
    expect(screen).toMatch(/wipes the OS disk of a VM/);
    expect(raw).toContain("\r\u001b[2K0:0");
    expect(raw).toContain("\u001b[32msucceeded\u001b[39m");
    expect(screen).toMatch(/1 succeeded, in 0:\d\d\./);
  });

  test("a no sends nothing, and neither does a wrong number, Ctrl-C or Ctrl-D", async () => {
    const { arm, at } = await azure();
    const one = [idOf("a"), ...at];
    const two = [idOf("a"), idOf("b"), ...at];
    const ends = await Promise.all([
      onTerminal(one, [[/\[y\/N\]/, "n\r"]]),
      onTerminal(two, [[/Type 2/, "3\r"]]),
      onTerminal(one, [[/\[y\/N\]/, "\u0003"]]),
      onTerminal(one, [[/\[y\/N\]/, "\u0004"]]),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([1, 1, 130, 1]);
    for (const { screen } of ends) expect(screen).toContain("Nothing was sent.");
    expect(posted(arm)).toEqual([]);
  });

  test("Ctrl-C while it runs prints the line that goes on with it, and that line does", async () => {
    const { arm, at } = await azure({ durationMs: 4_000, retryAfterSeconds: 1 });
    const first = await onTerminal(
      [idOf("a"), ...at],
      [
        [/\[y\/N\]/, "y\r"],
        [/is accepted/, "\u0003"],
      ],
    );
    expect(first.code).toBe(130);
    const [, path, line = ""] = /The reimage goes on\. To follow:\s+(\S+) (.+)\r\n/.exec(first.screen) ?? [];
    expect(path).toBe(command());
    const second = await inPipes(line.split(" ")).ended;
    expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/a +rg +succeeded/) });
    expect(posted(arm)).toEqual(["a"]);
  });

  test("Ctrl-C that kills the Azure command line too is an interruption, never a failed sign-in", async () => {
    await writeFile(join(folder, "az"), "#!/bin/sh\necho signing in >/dev/tty\nexec sleep 30\n", { mode: 0o755 });
    const { arm, at } = await azure();
    const signedOut = { AZURE_ACCESS_TOKEN: "", PATH: `${folder}:${PATH}` };
    const argv = [idOf("a"), "-y", ...at];
    const cut = (more: readonly string[]) => onTerminal([...argv, ...more], [[/signing in/, "\u0003"]], signedOut);
    for (let i = 0; i < 5; i++) {
      const ends = await Promise.all([cut([]), cut(["--old-disk", "any"])]);
      expect(ends.map(({ code }) => code)).toEqual([130, 130]);
      for (const { screen } of ends) expect(screen).toMatch(/nothing was sent\./i);
    }
    expect(arm.requests).toEqual([]);
  }, 30_000);

  test("NO_COLOR is heeded", async () => {
    const terminal = pty.spawn("/usr/bin/env", ["NO_COLOR=1", command(), "--simulate", "-y"], {
      cols: 120,
      rows: 40,
      cwd: folder,
      env,
    });
    let raw = "";
    terminal.onData((text) => {
      raw += text;
    });
    await new Promise((resolve) => terminal.onExit(resolve));
    expect(raw).toContain("succeeded");
    expect(raw).not.toContain("\u001b[3");
  });
});

describe("in pipes", () => {
  test("it wants --yes where it wipes, and prints plain lines and a table", async () => {
    expect(await inPipes([idOf("a")]).ended).toMatchObject({ code: 2, out: "" });
    const { code, out, err } = await inPipes(["--simulate"]).ended;
    expect(code).toBe(0);
    expect(out).toMatch(
      /^VM +GROUP +OUTCOME +DETAIL\nmyVMName +myResourceGroup +succeeded\n1 succeeded, in 0:\d\d\.\n$/,
    );
    expect(err).toMatch(
      /^myVMName: The old OS disk will be deleted\.\nmyVMName is accepted \(correlation id [\w-]+\)\.\n/,
    );
    expect(stripVTControlCharacters(out + err)).toBe(out + err);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("%s is as Ctrl-C", async (signal) => {
    const { at } = await azure({ outcome: "hang" });
    const { child, ended } = inPipes([idOf("a"), "-y", ...at]);
    child.stderr.on("data", (text) => String(text).includes("is accepted") && child.kill(signal));
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/The reimage goes on\. To follow:\n {2}\S+\/azure-vm-reimage --resume \//);
    const files = (await readdir(folder)).filter((file) => file.endsWith(".jsonl"));
    expect(files.length).toBeGreaterThan(0);
  });

  test.runIf(process.platform === "linux")("results that could not be written are no success", async () => {
    const full = await open("/dev/full", "w");
    const child = spawn(command(), ["--simulate"], { cwd: folder, env, stdio: ["ignore", full.fd, "pipe"] });
    const said = text(child.stderr as NodeJS.ReadableStream);
    expect(await once(child, "close")).toEqual([1, null]);
    expect(await said).toContain("The results could not be written to standard output (ENOSPC).");
    await full.close();
  });

  test("it goes on when nobody reads what it prints", async () => {
    const { arm, at } = await azure();
    const { child, ended } = inPipes([idOf("a"), idOf("b"), "-y", "-o", "jsonl", ...at]);
    child.stdout.destroy();
    child.stderr.destroy();
    expect((await ended).code).toBe(0);
    expect(posted(arm).sort()).toEqual(["a", "b"]);
  });

  test.runIf(existsSync("/dev/full"))("it says so when the results cannot be written", async () => {
    const { at } = await azure();
    const stdout = await open("/dev/full", "w");
    const child = spawn(command(), [idOf("a"), "-y", ...at], {
      cwd: folder,
      env,
      stdio: ["ignore", stdout.fd, "pipe"],
    });
    let err = "";
    child.stderr?.on("data", (chunk) => {
      err += chunk;
    });
    await new Promise((resolve) => child.on("close", resolve));
    await stdout.close();
    expect(err).toContain("The results could not be written to standard output (ENOSPC).");
  });

  test("simulate serves one Azure to other processes, until it is interrupted", async () => {
    const service = inPipes(["simulate", "--duration", "1s"]);
    const at = await new Promise<string>((resolve) =>
      service.child.stdout.on("data", (text) => resolve(/http:\/\/[\d.:]+/.exec(String(text))?.[0] ?? "")),
    );
    const { code, out } = await inPipes([idOf("a"), "-y", "--no-wait", "--endpoint", at]).ended;
    expect([code, JSON.parse(out).vm.vmName]).toEqual([0, "a"]);
    service.child.kill("SIGINT");
    expect((await service.ended).code).toBe(0);
  });
});

test("a fleet of 300 that is killed at several moments POSTs nobody twice, and the same command ends it", {
  timeout: 120_000,
}, async () => {
  // Each POST is acted on, and answered a moment later: so some are always in flight.
  const faults = [{ kind: "delay", ms: 120, on: "reimage", times: Number.POSITIVE_INFINITY }] as const;
  const { arm, at } = await azure({ durationMs: 2_000, retryAfterSeconds: 1, faults });
  const names = Array.from({ length: 300 }, (_, i) => `vm-${i}`);
  const argv = ["--ids", "-", "-y", "--journal", "fleet.jsonl", "-o", "json", ...at];
  const ids = names.map((name) => `${idOf(name)}\n`).join("");
  for (const moment of [20, 150, 215, 240]) {
    const { child, ended } = inPipes(argv, ids);
    await killedAt(child, arm, moment);
    await ended;
  }
  const last = await inPipes(argv, ids).ended;

  const sent = posted(arm);
  expect(sent.length).toBe(new Set(sent).size);
  const journal = (await readFile(join(folder, "fleet.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const of = (verb: string) => journal.filter((entry) => entry.verb === verb);
  const accepted = new Set(of("accepted").map(({ saved }) => saved.vm.vmName));
  const lost = of("intend")
    .map(({ intent }) => intent.vm.vmName)
    .filter((name) => !accepted.has(name));
  const rows: { vm: string; outcome: string }[] = JSON.parse(last.out);
  const outcomes = new Map(rows.map(({ vm, outcome }) => [/[^/]+$/.exec(vm)?.[0], outcome]));
  expect(rows).toHaveLength(300);
  expect(outcomes.size).toBe(300);
  expect(lost.length).toBeGreaterThan(0);
  expect(names.filter((name) => outcomes.get(name) === "unknown").sort()).toEqual(lost.sort());
  expect(names.filter((name) => outcomes.get(name) === "succeeded")).toHaveLength(300 - lost.length);
  expect(last.code).toBe(4);
});

/** Kills a process, the hard way, when so many VMs were POSTed. */
async function killedAt(child: ChildProcess, arm: Simulator, moment: number): Promise<void> {
  while (posted(arm).length < moment && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGKILL");
}
