import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lock } from "../../src/cli/lock.js";
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
});

describe("a damaged journal", () => {
  test("whose last line broke off goes on before it", async () => {
    await write(endedOf("a", "succeeded", "yes"));
    await appendFile(file, '{"verb":"intend","intent":{"vm":{"subscr');
    const { arm, at } = await azure();
    expect(await run([idOf("a"), idOf("b"), "-y", "--journal", file, ...at])).toMatchObject({ code: 0 });
    expect(posted(arm)).toEqual(["b"]);
    expect((await entries()).map(({ verb }) => verb)).toEqual(["ended", "intend", "ended"]);
  });

  test.each([
    "not JSON",
    "{}",
    "null",
    '{"verb":"ended","row":{}}',
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

describe("two writers", () => {
  const HOST = hostname().replace(/[^\w.-]/g, "-");

  test("of one journal are one too many: the second sends nothing", async () => {
    const held = await lock(file);
    // The lock of another process that runs: the parent of this one.
    await writeFile(`${file}.${HOST}.${process.ppid}.lock`, "");
    await held.release();
    const { arm, at } = await azure();
    const { code, err } = await run([idOf("a"), "-y", "--journal", file, ...at]);
    expect([code, err]).toEqual([2, expect.stringContaining("Another process writes this journal.")]);
    expect(arm.requests).toEqual([]);
    expect(await readdir(folder)).toEqual([`web.jsonl.${HOST}.${process.ppid}.lock`]);
  });

  test("on two machines too, since nothing is known of the other", async () => {
    await writeFile(`${file}.other-host.1.lock`, "");
    await expect(lock(file)).rejects.toThrow(/remove its lock: .*other-host/);
  });

  test("a process that is gone holds nothing", async () => {
    await writeFile(`${file}.${HOST}.99999999.lock`, "");
    const held = await lock(file);
    expect(await readdir(folder)).toEqual([`web.jsonl.${HOST}.${process.pid}.lock`]);
    await held.release();
    expect(await readdir(folder)).toEqual([]);
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
