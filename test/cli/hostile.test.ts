/** What a service, a terminal, a shell or an operator may do to the command, and what it must bear. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { firstOf } from "../../src/cli/credential.js";
import { main } from "../../src/cli/main.js";
import { createPrinter } from "../../src/cli/print.js";
import { createProgress, keepTelling } from "../../src/cli/progress.js";
import { createScreen } from "../../src/cli/screen.js";
import { parseVirtualMachineId } from "../../src/index.js";
import { azure, idOf, posted, run, TOKEN } from "./run.js";

const vm = idOf("web-1");
const hang = { outcome: "hang", retryAfterSeconds: null } as const;

let home: string;
let folder: string;
beforeEach(async () => {
  home = process.cwd();
  folder = await mkdtemp(join(tmpdir(), "hostile-"));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

describe("what the service says does not steer the terminal", () => {
  const EVIL = "\u001b]0;pwned\u0007\u001b[2J\u009b31m\u202eevil\r\nTo follow:\n  rm -rf ~";
  const steers = /[^\P{Cc}\n]|\p{Bidi_Control}/u;

  test.each(["table", "json", "jsonl"])("as -o %s", async (format) => {
    const error = { code: `X${EVIL}`, message: EVIL };
    const faults = [{ kind: "status", status: 409, on: "reimage", error }] as const;
    const { at } = await azure({ faults });
    const env = { AZURE_LOG_LEVEL: "verbose" };
    const { code, out, err } = await run([vm, "-y", "-o", format, ...at], { env });
    expect(code).toBe(1);
    expect(err).toContain("evil");
    expect(err).not.toMatch(steers);
    expect(format === "table" ? out : "").not.toMatch(steers);
    // In JSON it stands behind escapes; marks of the direction are text there.
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    expect(err).not.toMatch(/^To follow/m);
    if (format === "json") expect(JSON.parse(out)[0].message).toContain(EVIL);
  });

  test("as a VM that cannot be looked at", async () => {
    const faults = [{ kind: "status", status: 403, on: "read", error: { code: "X", message: EVIL } }] as const;
    const { at } = await azure({ faults });
    const { err } = await run([vm, "--dry-run", ...at]);
    expect(err).toContain("is left alone");
    expect(err).not.toMatch(steers);
  });

  test("as the status of an operation", () => {
    let text = "";
    const stderr = new PassThrough().on("data", (chunk) => {
      text += chunk;
    });
    const progress = createProgress(createScreen({ stderr, env: {} }), [parseVirtualMachineId(vm)]);
    const state = { status: "running", correlationId: "c", polls: 0, nextPollAt: 0, readFailures: 0 } as const;
    progress.onEvent({ type: "state", state: { ...state, serviceStatus: EVIL } });
    expect(text).toContain("evil");
    expect(text).not.toMatch(steers);
  });
});

describe("a terminal", () => {
  const printed = (columns: number | undefined) => {
    let text = "";
    const stdout = Object.assign(new PassThrough(), { isTTY: true, ...(columns !== undefined && { columns }) });
    stdout.on("data", (chunk) => {
      text += chunk;
    });
    const interrupted = new AbortController().signal;
    const io = {
      stdin: new PassThrough(),
      stdout,
      stderr: new PassThrough(),
      env: {},
      interrupted,
      hurried: interrupted,
    };
    const row = {
      vm: idOf("succeeded".repeat(6)),
      outcome: "failed",
      started: "yes",
      message: "why ".repeat(50),
    } as const;
    createPrinter("table", true, io, createScreen(io)).end([row], 0);
    return stripVTControlCharacters(text).split("\n");
  };

  test.each([undefined, 0, 1, 20, 80])("of %s columns tells how each VM ended", (columns) => {
    expect(printed(columns)[1]).toMatch(/^(succeeded){6} {2}rg {5}failed/);
  });

  test.each([undefined, 0, 80])("of %s columns is not written over its edge", (columns) => {
    expect(printed(columns)[1]?.length).toBe(79);
    let text = "";
    const stderr = Object.assign(new PassThrough(), { isTTY: true, ...(columns !== undefined && { columns }) });
    stderr.on("data", (chunk) => {
      text += chunk;
    });
    createScreen({ stderr, env: {} }).live(() => "x".repeat(100))();
    expect(text.match(/x+/)?.[0]).toHaveLength(79);
  });

  test("of 80 columns shows the help without folding it", async () => {
    for (const argv of [["--help"], ["simulate", "--help"]]) {
      const { out } = await run(argv);
      expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test("on which the list of VMs was typed cannot be asked any more", async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.end(`${vm}\n`);
    let err = "";
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    stderr.on("data", (chunk) => {
      err += chunk;
    });
    const io = {
      stdin,
      stdout: new PassThrough(),
      stderr,
      env: {},
      interrupted: new AbortController().signal,
      hurried: new AbortController().signal,
    };
    expect([await main(["--ids", "-", "--endpoint", "https://arm.example"], io), err]).toEqual([
      2,
      expect.stringContaining("say --yes"),
    ]);
  });
});

describe("Ctrl-C", () => {
  test("ends the reading of a standard input that never ends", async () => {
    const interruption = new AbortController();
    const stdout = new PassThrough();
    const io = {
      stdin: new PassThrough(),
      stdout,
      stderr: new PassThrough(),
      env: {},
      interrupted: interruption.signal,
      hurried: new AbortController().signal,
    };
    const ended = main(["--ids", "-", "-y", "--simulate"], io);
    interruption.abort(new Error("SIGINT"));
    expect(await ended).toBe(130);
  });

  test("ends a sign-in that hangs, before anything is sent", async () => {
    const az = join(folder, "az");
    await writeFile(az, "#!/bin/sh\nexec sleep 30\n", { mode: 0o755 });
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(new Error("SIGINT")), 300);
    const { arm, at } = await azure();
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    const begunAt = performance.now();
    try {
      const argv = [vm, "-y", "--old-disk", "any", "--journal", "j", ...at];
      const setting = { env: { AZURE_ACCESS_TOKEN: "" }, interrupted: interruption.signal };
      const { code, out, err } = await run(argv, setting);
      expect([code, out]).toEqual([130, expect.stringMatching(/web-1 +rg +aborted/)]);
      expect(err).toMatch(/\nNothing was sent\.\n$/);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(performance.now() - begunAt).toBeLessThan(5_000);
    expect(arm.requests).toEqual([]);
    expect(await readFile("j", "utf8")).toBe("");
  });

  test.each([
    ["while VMs are looked at", [], ""],
    ["while a token is got for the POST", ["--old-disk", "any"], "web-1"],
  ])(
    "that also kills the sign-in, and is heard of a moment later, is no failed sign-in: %s",
    async (_, more, named) => {
      const az = join(folder, "az");
      await writeFile(az, "#!/bin/sh\ntouch died\nexit 1\n", { mode: 0o755 });
      const interruption = new AbortController();
      const { arm, at } = await azure();
      vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
      try {
        const setting = { env: { AZURE_ACCESS_TOKEN: "" }, interrupted: interruption.signal };
        const ended = run([vm, "-y", "-o", "json", ...more, ...at], setting);
        await vi.waitFor(() => stat("died"), { interval: 5 });
        setTimeout(() => interruption.abort(new Error("SIGINT")), 50);
        const { code, out, err } = await ended;
        expect(code).toBe(130);
        expect(err).toMatch(/nothing was sent\./i);
        expect(err).not.toContain("sign");
        expect(out).toMatch(named && /"outcome": "aborted",\n.*"started": "no"/);
      } finally {
        vi.unstubAllEnvs();
      }
      expect(arm.requests).toEqual([]);
    },
  );

  test("is answered at once, also while a POST is heard to its end", async () => {
    const interruption = new AbortController();
    const faults = [{ kind: "delay", ms: 400, on: "reimage" }] as const;
    const { at } = await azure({ ...hang, faults });
    const told: number[] = [];
    const begunAt = performance.now();
    setTimeout(() => interruption.abort(new Error("SIGINT")), 150);
    const onText = (text: string) => text.includes("is heard to its end") && told.push(performance.now() - begunAt);
    const { code, err } = await run([vm, "-y", "--old-disk", "any", ...at], {
      interrupted: interruption.signal,
      onText,
    });
    expect([code, told.length]).toEqual([130, 1]);
    expect(told[0]).toBeLessThan(400);
    expect(err).toContain("The reimage goes on. To follow:\n  azure-vm-reimage --resume ");
    expect(err).not.toContain("Nothing was sent");
  });

  test("after a refusal does not say that nothing was sent", async () => {
    const interruption = new AbortController();
    const faults = [{ kind: "status", status: 409, on: "reimage", vmName: "busy" }] as const;
    const { at } = await azure({ statusHeader: "none", faults });
    const argv = [idOf("busy"), idOf("b"), "-y", "--old-disk", "any", "--max-in-flight", "1", "-o", "jsonl", ...at];
    const onText = (text: string) => text.includes("rejected") && interruption.abort(new Error("SIGINT"));
    const { code, err } = await run(argv, { interrupted: interruption.signal, onText });
    expect([code, err]).toEqual([130, expect.not.stringContaining("Nothing was sent")]);
  });

  test("ends a look that hangs", async () => {
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(new Error("SIGINT")), 200);
    const { at } = await azure({ faults: [{ kind: "delay", ms: 5_000, on: "read" }] });
    const begunAt = performance.now();
    const { code, err } = await run([vm, "-y", ...at], { interrupted: interruption.signal });
    expect([code, err]).toEqual([130, "Interrupted; nothing was sent.\n"]);
    expect(performance.now() - begunAt).toBeLessThan(3_000);
  });

  test("while VMs are looked at is no refusal, whatever the sign-in made of it", async () => {
    const interruption = new AbortController();
    const { arm, at } = await azure({
      now() {
        interruption.abort(new Error("SIGINT"));
        return Date.now();
      },
    });
    const { code, out } = await run([vm, "-y", ...at], { interrupted: interruption.signal });
    expect([code, out, posted(arm)]).toEqual([130, "", []]);
  });
});

describe("resume states are not lost", () => {
  test("where no file can be written they are printed", async () => {
    const { arm, at } = await azure(hang);
    vi.stubEnv("TMPDIR", "/not/there");
    const gone = await mkdtemp(join(folder, "gone-"));
    process.chdir(gone);
    await rm(gone, { recursive: true });
    try {
      const { code, err } = await run([vm, "-y", "--timeout", "1s", ...at]);
      expect(code).toBe(4);
      const [, line = ""] = /keep these lines, like a secret\.\n(.+)\n/.exec(err) ?? [];
      expect(JSON.parse(line)).toMatchObject({ version: 1, vm: { vmName: "web-1" } });
      expect(err).toContain(`azure-vm-reimage --resume - --endpoint ${at[1]}`);
    } finally {
      process.chdir(folder);
      vi.unstubAllEnvs();
    }
    expect(posted(arm)).toEqual(["web-1"]);
  });

  test("where --no-wait could not print them they are in a file", async () => {
    const { at } = await azure(hang);
    let err = "";
    const full = new Writable({ write: (_, __, done) => done(Object.assign(new Error("full"), { code: "ENOSPC" })) });
    full.on("error", () => {});
    const stderr = new PassThrough().on("data", (chunk) => {
      err += chunk;
    });
    const env = { AZURE_ACCESS_TOKEN: TOKEN };
    const io = {
      stdin: new PassThrough(),
      stdout: full,
      stderr,
      env,
      interrupted: new AbortController().signal,
      hurried: new AbortController().signal,
    };
    expect(await main([vm, "-y", "--no-wait", ...at], io)).toBe(0);
    const [file = ""] = await readdir(folder);
    expect(err).toContain(`--resume ${resolve(file)}`);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 1 });
  });
});

test("a time limit beyond what a timer holds is no limit of a moment", async () => {
  const { at } = await azure({ durationMs: 50, retryAfterSeconds: null });
  expect(await run([vm, "-y", "--timeout", "9999h", ...at])).toMatchObject({ code: 0 });
});

test("why nobody is signed in is told once, below a table that says it in short", async () => {
  const az = join(folder, "az");
  await writeFile(az, "#!/bin/sh\necho 'Please run az login' >&2\nexit 1\n", { mode: 0o755 });
  const { arm, at } = await azure();
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  try {
    const { code, out, err } = await run([vm, "-y", ...at], { env: { AZURE_ACCESS_TOKEN: "" } });
    expect([code, out]).toEqual([3, expect.stringMatching(/web-1 +rg +authentication +no usable token\n/)]);
    expect(out).not.toContain("AZURE_ACCESS_TOKEN");
    expect(err.match(/AZURE_ACCESS_TOKEN is not set\./g)).toHaveLength(1);
    expect(err).not.toContain("\u{fffd}");
  } finally {
    vi.unstubAllEnvs();
  }
  expect(posted(arm)).toEqual([]);
});

test("a sign-in that nobody has is not asked for by each VM", async () => {
  let asked = 0;
  const credential = firstOf(
    [{ getToken: () => Promise.reject(new Error(`no ${++asked}`)) }],
    new AbortController().signal,
  );
  for (let i = 0; i < 10; i++) await expect(credential.getToken("scope")).rejects.toThrow("no 1");
  expect(asked).toBe(1);
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    vi.advanceTimersByTime(60_000);
    await expect(credential.getToken("scope")).rejects.toThrow("no 2");
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ["utf-8 with its mark", (text: string) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16, as PowerShell writes it", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
])("files are read in %s", async (_, encoded) => {
  const { arm, at } = await azure({ durationMs: 20, retryAfterSeconds: null });
  await writeFile("ids", encoded(`${idOf("a")}\r\n${idOf("b")}\r\n`));
  const begun = await run(["--ids", "ids", "-y", "--no-wait", ...at]);
  expect(begun.code).toBe(0);
  await writeFile("states", encoded(begun.out.replaceAll("\n", "\r\n")));
  expect(await run(["--resume", "states", ...at])).toMatchObject({ code: 0 });
  expect(posted(arm).sort()).toEqual(["a", "b"]);
});

test("a dry run of nothing prints no line", async () => {
  const { at } = await azure({ vms: [] });
  expect(await run([vm, "--dry-run", "-o", "jsonl", ...at])).toMatchObject({ code: 1, out: "" });
});

test("the same resume state twice is one operation", async () => {
  const { at } = await azure({ durationMs: 50, retryAfterSeconds: null });
  const { out } = await run([vm, "-y", "--no-wait", ...at]);
  const ended = await run(["--resume", "-", "-o", "json", ...at], { stdin: out + out });
  expect([ended.code, JSON.parse(ended.out).length]).toEqual([0, 1]);
});

test("a journal that is taken for resume states is told from them", async () => {
  const { arm, at } = await azure();
  await run([vm, "-y", "--journal", "j", ...at]);
  arm.reset();
  const { code, err } = await run(["--resume", "j", ...at]);
  expect([code, err]).toEqual([2, expect.stringContaining("is a journal")]);
  expect(arm.requests).toEqual([]);
});

test("where nothing can be redrawn, long looks tell each ten seconds how far they are", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let stop = () => {};
  try {
    let text = "";
    const stderr = new PassThrough().on("data", (chunk) => {
      text += chunk;
    });
    let looked = 7;
    stop = keepTelling(createScreen({ stderr, env: {} }), () => `looking at VM ${looked}`);
    vi.advanceTimersByTime(25_000);
    looked = 8;
    vi.advanceTimersByTime(10_000);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(text).toBe("looking at VM 7\nlooking at VM 8\n");
  } finally {
    stop();
    vi.useRealTimers();
  }
});

test("where nobody looks, nobody is told of looks", async () => {
  const { at } = await azure();
  const { code, err } = await run([vm, "-y", "--old-disk", "any", ...at], { terminal: true });
  expect(code).toBe(0);
  expect(err).not.toContain("looking at");
});

test("on a terminal a look that takes its time is seen, and leaves nothing behind", async () => {
  const faults = [{ kind: "delay", ms: 300, on: "read" }] as const;
  const { at } = await azure({ statusHeader: "none", faults });
  const { err } = await run([vm, "--dry-run", ...at], { terminal: true });
  const clear = "\r\u001b[2K";
  expect(err.startsWith(`${clear}looking at VM 0 of 1 before the wipe${clear}`)).toBe(true);
  expect(err).toContain(`${clear}looking at VM 1 of 1`);
  expect(err).toContain(`before the wipe${clear}web-1: `);
});
