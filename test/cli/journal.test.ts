import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lock } from "../../src/cli/lock.js";
import { realmHere } from "../../src/cli/realm.js";
import { createReimageClient, parseVirtualMachineId } from "../../src/index.js";
import { azure, idOf, posted, run, TOKEN } from "./run.js";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-"));
  file = join(folder, "web.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const entries = async () =>
  (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const write = (...lines: object[]) => writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
const intendOf = (name: string) => ({
  verb: "intend",
  intent: { vm: parseVirtualMachineId(idOf(name)), correlationId: "c-1", at: "2026-01-01T00:00:00Z" },
});
const endedOf = (name: string, outcome: string, started: string) => ({
  verb: "ended",
  row: { vm: idOf(name), outcome, started },
});

describe("the journal", () => {
  test("has what was intended, accepted and ended, in that order, and no secret", async () => {
    const { at } = await azure({ durationMs: 10, retryAfterSeconds: null });
    const env = { P: "Hunter2-Hunter2" };
    const ran = await run([idOf("a"), "-y", "--journal", file, "--admin-password-env", "P", ...at], { env });
    expect(ran.code).toBe(0);
    const all = await entries();
    expect(all.map(({ verb }) => verb)).toEqual(["intend", "accepted", "ended"]);
    expect(all[0].intent).toMatchObject({ vm: { vmName: "a" }, correlationId: expect.any(String) });
    expect(all[1].saved).toMatchObject({ version: 1, correlationId: all[0].intent.correlationId });
    expect(all[2].row).toMatchObject({ vm: idOf("a"), outcome: "succeeded" });
    const text = await readFile(file, "utf8");
    for (const secret of [TOKEN, "Hunter2"]) expect(text).not.toContain(secret);
  });

  test("is for its owner's eyes alone, also where it was not before", async () => {
    await writeFile(file, "", { mode: 0o644 });
    const { at } = await azure();
    await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["web.jsonl"]);
  });

  test("is synced before the POST is sent, and before the first look", async () => {
    const at: string[] = [];
    const { open } = await import("node:fs/promises");
    const handle = await open(file, "a+");
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const spy = vi.spyOn(prototype, "datasync");
    spy.mockImplementation(async () => void at.push("synced"));
    try {
      const { arm, at: where } = await azure({
        durationMs: 10,
        retryAfterSeconds: null,
        now() {
          at.push("asked");
          return Date.now();
        },
      });
      await run([idOf("a"), "-y", "--old-disk", "any", "--journal", file, ...where]);
      expect(posted(arm)).toEqual(["a"]);
    } finally {
      spy.mockRestore();
    }
    const order = at.filter((one, i) => one !== at[i - 1]);
    expect(order.slice(0, 4)).toEqual(["synced", "asked", "synced", "asked"]);
  });
});

describe("the same command again", () => {
  test("tells what ended, and sends nothing", async () => {
    const { arm, at } = await azure({ statusHeader: "none", vms: [], refuse: { unknownVm: false } });
    const argv = [idOf("a"), "-y", "--journal", file, ...at];
    await run(argv);
    const again = await run(argv);
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/a +rg +succeeded +\(earlier\)/) });
    expect(posted(arm)).toEqual(["a"]);
  });

  test("does not repeat what was intended and is not known to have arrived: it is unknown", async () => {
    await write(intendOf("a"));
    const { arm, at } = await azure();
    const { code, out, err } = await run([idOf("a"), idOf("b"), "-y", "--journal", file, ...at]);
    expect(posted(arm)).toEqual(["b"]);
    expect(out).toMatch(/a +rg +unknown +\(earlier\) no-answer/);
    expect(err).toContain("was about to be sent when an earlier run ended");
    expect(err).toContain("--correlation-id c-1");
    expect(code).toBe(4);
  });

  test("follows what was accepted, also of VMs that are not named any more", async () => {
    const { arm, at } = await azure({ durationMs: 200, retryAfterSeconds: null });
    const client = createReimageClient({ credential: () => TOKEN, endpoint: at[1] ?? "", allowInsecureLoopback: true });
    const operation = await client.beginReimage(idOf("a"));
    await write(intendOf("a"), { verb: "accepted", saved: operation.toJSON() });
    const { code, out } = await run([idOf("b"), "-y", "--journal", file, "-o", "jsonl", ...at]);
    expect(posted(arm)).toEqual(["a", "b"]);
    expect(out.match(/"outcome":"succeeded"/g)).toHaveLength(2);
    expect(code).toBe(0);
    expect((await entries()).at(-1)).toMatchObject({ verb: "ended" });
  });

  test("sends again what the service had not taken, and only that", async () => {
    await write(
      endedOf("refused", "rejected", "no"),
      endedOf("failed", "failed", "yes"),
      endedOf("lost", "unknown", "maybe"),
    );
    const { arm, at } = await azure();
    const argv = ["refused", "failed", "lost", "new"].map(idOf);
    const { code, out } = await run([...argv, "-y", "--journal", file, ...at]);
    expect(posted(arm).sort()).toEqual(["new", "refused"]);
    expect(out).toMatch(/failed +rg +failed +\(earlier\)/);
    expect(out).toMatch(/lost +rg +unknown +\(earlier\)/);
    expect(code).toBe(4);
  });

  test("goes on where a time limit ended it, by the printed line", async () => {
    const { arm, at } = await azure({ durationMs: 1500, retryAfterSeconds: null });
    const first = await run([idOf("a"), "-y", "--journal", file, "--timeout", "1s", ...at]);
    expect(first.code).toBe(4);
    const [, line = ""] = /the same command again:\n {2}azure-vm-reimage (.+)\n/.exec(first.err) ?? [];
    const again = await run(line.replace("--timeout 1s", "--timeout 1m").split(" "));
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/a +rg +succeeded/) });
    expect(posted(arm)).toEqual(["a"]);
  });

  test("begins in the next run what a time limit has left of the list", async () => {
    const { arm, at } = await azure({ durationMs: 1500, retryAfterSeconds: null });
    const argv = [idOf("a"), idOf("b"), "-y", "--journal", file, "--max-in-flight", "1", ...at];
    const first = await run([...argv, "--timeout", "1s"]);
    expect(first.err).toContain("1 of the list was not begun. The same command again begins them.\n");
    expect(posted(arm)).toEqual(["a"]);
    expect(await run(argv)).toMatchObject({ code: 0, out: expect.stringContaining("2 succeeded") });
    expect(posted(arm)).toEqual(["a", "b"]);
  });
});

describe("a damaged journal", () => {
  test("whose last line broke off goes on before it", async () => {
    await write(endedOf("a", "succeeded", "yes"));
    await appendFile(file, '{"at":"2026-01-01T00:00:00Z","verb":"intend","intent":{"vm":{"subscr');
    const { arm, at } = await azure();
    expect(await run([idOf("a"), idOf("b"), "-y", "--journal", file, ...at])).toMatchObject({ code: 0 });
    expect(posted(arm)).toEqual(["b"]);
    expect((await entries()).map(({ verb }) => verb)).toEqual(["ended", "intend", "ended"]);
  });

  test.each([
    ["an intent", intendOf("a"), "unknown", ["intend"]],
    ["an end", endedOf("a", "succeeded", "yes"), "succeeded", ["ended"]],
  ])("whose last line is whole but for its end counts: %s", async (_, line, outcome, verbs) => {
    await writeFile(file, JSON.stringify({ at: "2026-01-01T00:00:00Z", ...line }));
    const { arm, at } = await azure();
    const { out } = await run([idOf("a"), "-y", "--journal", file, "-o", "jsonl", ...at]);
    expect(JSON.parse(out)).toMatchObject({ outcome });
    expect(posted(arm)).toEqual([]);
    expect((await entries()).slice(0, 1).map(({ verb }) => verb)).toEqual(verbs);
    expect((await readFile(file, "utf8")).endsWith("\n")).toBe(true);
  });

  test.each([
    "not JSON",
    "{}",
    "null",
    '{"verb":"ended","row":{}}',
    JSON.stringify(endedOf("a", "went well", "yes")),
    JSON.stringify(endedOf("a", "succeeded", "perhaps")),
    JSON.stringify({ verb: "ended", row: { ...endedOf("a", "failed", "yes").row, message: 5 } }),
    JSON.stringify({ verb: "ended", row: { ...endedOf("a", "failed", "yes").row, correlationId: {} } }),
    '{"verb":"intend"}',
    '{"verb":"intend","intent":{"vm":{}}}',
  ])("with the line %s is refused, and left as it is", async (line) => {
    await write(endedOf("a", "succeeded", "yes"));
    await appendFile(file, `${line}\n`);
    const before = await readFile(file, "utf8");
    const { arm, at } = await azure();
    const { code, err } = await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect([code, err]).toEqual([2, expect.stringContaining("Line 2 of the journal is none")]);
    expect(arm.requests).toEqual([]);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("with a state that leads elsewhere is told as unknown, and nothing goes there", async () => {
    const { arm, at } = await azure();
    const vm = parseVirtualMachineId(idOf("a"));
    const saved = {
      version: 1,
      vm,
      correlationId: "c",
      status: "running",
      statusKind: "document",
      statusUrl: "https://evil.example/x",
    };
    await write({ verb: "accepted", saved });
    const { code, out } = await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect([code, out]).toEqual([4, expect.stringContaining("untrusted-status-url")]);
    expect(arm.requests).toEqual([]);
  });
});

describe("a file that is no journal", () => {
  test.each(["a line without its end", '{"compilerOptions":{}}', "two\nlines", "\u00ff"])(
    "is refused, and left as it is: %j",
    async (text) => {
      await writeFile(file, text, { mode: 0o644 });
      const { arm, at } = await azure();
      const { code, err } = await run([idOf("a"), "-y", "--journal", file, ...at]);
      expect([code, err]).toEqual([2, expect.stringContaining("Line 1 of the journal is none")]);
      expect(arm.requests).toEqual([]);
      expect(await readFile(file, "utf8")).toBe(text);
      expect((await stat(file)).mode & 0o777).toBe(0o644);
      expect(await readdir(folder)).toEqual(["web.jsonl"]);
    },
  );

  test.each(["/dev/null", tmpdir()])("is refused also where it is no file at all: %s", async (path) => {
    const before = (await stat(path)).mode;
    const { code, err } = await run([idOf("a"), "-y", "--simulate", "--journal", path]);
    expect([code, err]).toEqual([2, "The journal must be a file.\n"]);
    expect((await stat(path)).mode).toBe(before);
  });
});

describe("a journal is about one Azure", () => {
  test("what was simulated is not taken for done", async () => {
    expect(await run([idOf("a"), "-y", "--simulate", "--journal", file])).toMatchObject({ code: 0 });
    const before = await readFile(file, "utf8");
    const { arm, at } = await azure();
    const { code, err } = await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect([code, err]).toEqual([2, expect.stringContaining("is about another Azure")]);
    expect(arm.requests).toEqual([]);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("that of one endpoint is not that of another, and the spelling does not matter", async () => {
    const [one, other] = [await azure(), await azure()];
    await run([idOf("a"), "-y", "--journal", file, ...one.at]);
    expect(await run([idOf("a"), "-y", "--journal", file, ...other.at])).toMatchObject({ code: 2 });
    const again = await run([idOf("a"), "-y", "--journal", file, "--endpoint", `${one.at[1]?.toUpperCase()}/`]);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining("(earlier)") });
    expect([posted(one.arm), posted(other.arm)]).toEqual([["a"], []]);
  });

  test("what could not be followed is not written down as ended: it stays to be resumed", async () => {
    const vm = parseVirtualMachineId(idOf("a"));
    const statusUrl = "https://evil.example/x";
    const saved = { version: 1, vm, correlationId: "c", status: "running", statusKind: "document", statusUrl };
    await write({ verb: "accepted", saved });
    const { at } = await azure();
    expect(await run([idOf("a"), "-y", "--journal", file, ...at])).toMatchObject({ code: 4 });
    expect((await entries()).map(({ verb }) => verb)).toEqual(["accepted"]);
  });
});

test("a dry run reads the journal, also while another run writes it, and neither makes nor changes one", async () => {
  const { arm, at } = await azure();
  const argv = ["a", "b"].map(idOf);
  const dry = () => run([...argv, "--dry-run", "-o", "json", "--journal", file, ...at]);
  expect(JSON.parse((await dry()).out)).toHaveLength(2);
  expect(await readdir(folder)).toEqual([]);
  await write(endedOf("a", "succeeded", "yes"));
  await appendFile(file, '{"at":"2026');
  await writeFile(`${file}.other-host.1.lock`, "");
  const before = await readFile(file, "utf8");
  expect(JSON.parse((await dry()).out)).toMatchObject([{ url: expect.stringContaining("/b/reimage") }]);
  expect(await readFile(file, "utf8")).toBe(before);
  expect(posted(arm)).toEqual([]);
});

test("a dry run says what a run would do by its journal, whatever it prints", async () => {
  const { arm, at } = await azure({ outcome: "hang", retryAfterSeconds: null });
  const client = createReimageClient({ credential: () => TOKEN, endpoint: at[1] ?? "", allowInsecureLoopback: true });
  const saved = (await client.beginReimage(idOf("going"))).toJSON();
  const past = [
    { verb: "accepted", saved },
    intendOf("lost"),
    intendOf("lost-too"),
    endedOf("done", "succeeded", "yes"),
    endedOf("failed", "failed", "yes"),
    endedOf("busy", "rejected", "no"),
  ];
  await write(...past);
  const dry = (...names: string[]) => run([...names.map(idOf), "--dry-run", "-o", "json", "--journal", file, ...at]);
  const told = "By the journal: 1 would be followed, 2 are unknown and would be left alone, 2 ended already";
  const { out, err } = await dry("going", "lost", "lost-too", "done", "failed");
  expect([JSON.parse(out), err]).toEqual([[], `${told}.\n`]);
  expect((await dry("going", "busy", "new")).err).toContain(`${told}, 2 would be begun.\n`);
  await write(intendOf("lost"));
  expect((await dry("lost")).err).toBe("By the journal: 1 is unknown and would be left alone.\n");
  expect(posted(arm)).toEqual(["going"]);
});

test("what an earlier run did is counted apart, so that nobody takes it for done now", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `vm-${i}`);
  await write(...names.map((name) => endedOf(name, "succeeded", "yes")));
  const { arm, at } = await azure();
  const { code, err } = await run([...names.map(idOf), "-y", "--journal", file, ...at]);
  expect([code, err]).toEqual([0, expect.stringContaining("60 of them by an earlier run of this journal")]);
  expect(arm.requests).toEqual([]);
});

test("--no-wait with a journal in which all were accepted prints their states again, and does not wait", async () => {
  const { arm, at } = await azure({ outcome: "hang", retryAfterSeconds: null });
  const argv = [idOf("a"), "-y", "--no-wait", "--journal", file, ...at];
  const first = await run(argv);
  const again = await run(argv);
  expect([again.code, again.out]).toEqual([0, first.out]);
  expect(posted(arm)).toEqual(["a"]);
});

test("a resume state that the journal could not take is kept in a file of its own", async () => {
  const { arm, at } = await azure({ outcome: "hang", retryAfterSeconds: null });
  const { open } = await import("node:fs/promises");
  const handle = await open(file, "a+");
  const spy = vi.spyOn(Object.getPrototypeOf(handle), "datasync");
  await handle.close();
  spy.mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error("no space left"));
  const home = process.cwd();
  process.chdir(folder);
  try {
    const { code, err } = await run([idOf("a"), "-y", "--journal", file, "--old-disk", "any", ...at]);
    expect(code).toBe(4);
    const [, kept = ""] = /To follow:\n {2}azure-vm-reimage --resume (\S+)/.exec(err) ?? [];
    expect(JSON.parse(await readFile(kept, "utf8"))).toMatchObject({ version: 1, vm: { vmName: "a" } });
  } finally {
    process.chdir(home);
    spy.mockRestore();
  }
  expect(posted(arm)).toEqual(["a"]);
});

test("the line that goes on says that it wants its standard input again", async () => {
  const { at } = await azure({ outcome: "hang", retryAfterSeconds: null });
  const { err } = await run(["--ids", "-", "-y", "--journal", file, "--timeout", "1s", ...at], { stdin: idOf("a") });
  expect(err).toContain("the same command again, with the same standard input:\n  azure-vm-reimage --ids - ");
});

describe("two writers", () => {
  test("are two also where one came by a link", async () => {
    await writeFile(file, "");
    const link = join(folder, "link.jsonl");
    await symlink(file, link);
    await symlink(join(folder, "not-yet"), join(folder, "dangling"));
    const { at } = await azure();
    for (const [locked, path] of [
      [file, link],
      [join(folder, "not-yet"), join(folder, "dangling")],
    ] as const) {
      await writeFile(`${locked}.other-host.1.lock`, "");
      expect(await run([idOf("a"), "-y", "--journal", path, ...at])).toMatchObject({ code: 2 });
    }
  });

  /** The name of the lock of a process: here, unless it is said to be elsewhere. */
  const lockOf = async (pid: number | string, elsewhere: { boot?: string; namespace?: string } = {}) => {
    const { boot, namespace } = { ...(await realmHere()), ...elsewhere };
    return `web.jsonl.${hostname().replace(/[^\w.-]/g, "-")}.${boot}-${namespace}.${pid}.lock`;
  };

  test("of one journal are one too many: the second sends nothing", async () => {
    const held = await lock(file);
    // The lock of another process that runs: the parent of this one.
    const other = await lockOf(process.ppid);
    await writeFile(join(folder, other), "");
    await held.release();
    const { arm, at } = await azure();
    const { code, err } = await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect([code, err]).toEqual([2, expect.stringContaining("Another process writes this journal.")]);
    expect(arm.requests).toEqual([]);
    expect(await readdir(folder)).toEqual([other]);
  });

  test("on two machines too, since nothing is known of the other", async () => {
    await writeFile(`${file}.other-host.1.lock`, "");
    await expect(lock(file)).rejects.toThrow(/remove its lock: .*other-host/);
  });

  test("a process that is gone holds nothing", async () => {
    await writeFile(join(folder, await lockOf(99999999)), "");
    const held = await lock(file);
    expect(await readdir(folder)).toEqual([await lockOf(process.pid)]);
    await held.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("a lock from before the machine started holds nothing, whoever has the number of its process now", async () => {
    const old = join(folder, await lockOf(process.ppid, { boot: "d01ab67f" }));
    await writeFile(old, "");
    await utimes(old, 0, 0);
    await (await lock(file)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["in another container", { namespace: "17" }],
    ["on another machine", { boot: "d01ab67f" }],
    ["on another machine, in its own container", { boot: "d01ab67f", namespace: "17" }],
  ])(
    "of the same host name, but %s, are two: that a process with that number does not run here says nothing",
    async (_, elsewhere) => {
      for (const pid of [process.pid, 99999999]) {
        const other = await lockOf(pid, elsewhere);
        await writeFile(join(folder, other), "");
        await expect(lock(file)).rejects.toThrow(other);
        expect(await readdir(folder)).toEqual([other]);
        await rm(join(folder, other));
      }
    },
  );

  test.runIf(process.platform === "linux")(
    "a lock is not taken for older than the machine because a clock was wrong",
    async () => {
      const other = join(folder, await lockOf(process.ppid));
      await writeFile(other, "");
      await utimes(other, 0, 0);
      await expect(lock(file)).rejects.toThrow(other);
    },
  );

  test("a lock with a name that is not ours stands", async () => {
    const odd = `${file}.${hostname().replace(/[^\w.-]/g, "-")}.99999999.lock`;
    await writeFile(odd, "");
    await expect(lock(file)).rejects.toThrow(odd);
  });

  test.runIf(process.platform === "linux")("a process that ended and was not reaped holds nothing", async () => {
    // The shell becomes a program that reaps nobody, before its child ends.
    const parent = spawn("sh", ["-c", "sleep 1 & echo $!; exec sleep 60"]);
    const [line] = await once(parent.stdout, "data");
    const pid = String(line).trim();
    try {
      const isZombie = async () => expect(await readFile(`/proc/${pid}/stat`, "utf8")).toMatch(/\) Z /);
      await vi.waitFor(isZombie, { timeout: 15_000 });
      await writeFile(join(folder, await lockOf(pid)), "");
      await (await lock(file)).release();
      expect(await readdir(folder)).toEqual([]);
    } finally {
      parent.kill();
    }
  });

  test("the lock of another journal does not matter", async () => {
    await writeFile(`${file}2.other-host.1.lock`, "");
    await (await lock(file)).release();
  });
});

test("a VM is not POSTed where its intent cannot be written down", async () => {
  const { arm, at } = await azure();
  const { open } = await import("node:fs/promises");
  const handle = await open(file, "a+");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const spy = vi.spyOn(prototype, "datasync").mockRejectedValueOnce(new Error("no space left"));
  try {
    const { code, out } = await run([idOf("a"), "-y", "--journal", file, "--old-disk", "any", ...at]);
    expect([code, out]).toEqual([1, expect.stringMatching(/not-sent/)]);
  } finally {
    spy.mockRestore();
  }
  expect(posted(arm)).toEqual([]);
  expect((await entries()).map(({ verb }) => verb)).toEqual(["ended"]);
});
