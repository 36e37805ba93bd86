import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { virtualMachinesReimageOperation } from "../../generated/index.js";
import { parseVirtualMachineId } from "../../src/index.js";
import { closeAll, refusedUrl, startOrigin, status } from "../harness/index.js";
import { azure, idOf, posted, run, TOKEN } from "./run.js";

const vm = idOf("web-1");
const PASSWORD = "Hunter2-Hunter2";
const quick = { durationMs: 20, retryAfterSeconds: null };

afterAll(closeAll);

let home: string;
let folder: string;
beforeEach(async () => {
  home = process.cwd();
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

describe("what is sent", () => {
  /** The body of the POST that a command sends. */
  const bodyOf = async (argv: readonly string[], setting = {}) => {
    const origin = await startOrigin({ tls: false });
    origin.on(({ method }) => method === "POST", status(200));
    const ran = await run([vm, "-y", "--old-disk", "any", "--endpoint", origin.url, ...argv], setting);
    expect(ran).toMatchObject({ code: 0 });
    expect(origin.posts).toHaveLength(1);
    expect(origin.tokens()).toEqual([TOKEN]);
    return origin.posts[0]?.body.toString();
  };

  test("is no body where nothing is asked for", async () => {
    expect(await bodyOf([])).toBe("");
  });

  test("is what the options say", async () => {
    expect(JSON.parse((await bodyOf(["--temp-disk", "--exact-version", "1.2"])) ?? "")).toEqual({
      tempDisk: true,
      exactVersion: "1.2",
    });
  });

  test("has the password of an environment variable", async () => {
    const body = await bodyOf(["--admin-password-env", "P"], { env: { P: PASSWORD } });
    expect(JSON.parse(body ?? "")).toEqual({ osProfile: { adminPassword: PASSWORD } });
  });

  test.each([PASSWORD, `${PASSWORD}\n`, `${PASSWORD}\r\n`])(
    "has the password of standard input, without its line break: %j",
    async (stdin) => {
      const body = await bodyOf(["--admin-password-stdin"], { stdin });
      expect(JSON.parse(body ?? "")).toEqual({ osProfile: { adminPassword: PASSWORD } });
    },
  );

  test("has a file as customData, in base64", async () => {
    const file = join(folder, "cloud-init");
    await writeFile(file, "#cloud-config\n");
    const body = await bodyOf(["--custom-data", file]);
    expect(JSON.parse(body ?? "")).toEqual({ osProfile: { customData: "I2Nsb3VkLWNvbmZpZwo=" } });
  });

  test("goes to every VM that is named, by whatever way, once", async () => {
    const { arm, at } = await azure();
    const names = ["-g", "rg", "--subscription", "00000000-0000-4000-8000-000000000000", "-n", "a", "-n", "b"];
    const { code } = await run([...names, idOf("c"), "--ids", "-", "-y", ...at], {
      stdin: `# the last two\r\n${idOf("d")}\r\n\n  #${idOf("f")}\n  ${idOf("e")}`,
    });
    expect(code).toBe(0);
    expect(posted(arm).sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("the subscription may come from the environment", async () => {
    const { arm, at } = await azure();
    const env = { AZURE_SUBSCRIPTION_ID: "00000000-0000-4000-8000-000000000000" };
    expect(await run(["-g", "rg", "-n", "a", "-y", ...at], { env })).toMatchObject({ code: 0 });
    expect(posted(arm)).toEqual(["a"]);
  });
});

describe("the old disk", () => {
  const vms = [
    {
      subscriptionId: "00000000-0000-4000-8000-000000000000",
      resourceGroupName: "rg",
      vmName: "kept",
      deleteOption: "Detach",
    },
    {
      subscriptionId: "00000000-0000-4000-8000-000000000000",
      resourceGroupName: "rg",
      vmName: "gone",
      deleteOption: "Delete",
    },
    {
      subscriptionId: "00000000-0000-4000-8000-000000000000",
      resourceGroupName: "rg",
      vmName: "small",
      ephemeral: true,
    },
  ] as const;
  const all = vms.map(({ vmName }) => idOf(vmName));

  test.each([
    ["keep", ["kept"], [/gone +rg +refused/, /--set storageProfile.osDisk.deleteOption=Detach/, /small +rg +refused/]],
    ["delete", ["gone", "small"], [/kept +rg +refused/, /--set storageProfile.osDisk.deleteOption=Delete/]],
    ["any", ["gone", "kept", "small"], []],
  ] as const)(
    "%s: VMs whose disk would meet another fate are left alone, and the line that sets it is shown",
    async (wish, taken, told) => {
      const { arm, at } = await azure({ vms, statusHeader: "none" });
      const { code, out } = await run([...all, "-y", "--old-disk", wish, ...at]);
      expect(posted(arm).sort()).toEqual(taken);
      for (const line of told) expect(out).toMatch(line);
      expect(code).toBe(told.length > 0 ? 1 : 0);
      expect(arm.requests.some(({ method }) => method === "GET")).toBe(wish !== "any");
    },
  );

  test("a VM that cannot be looked at is left alone, unless the look is unwanted", async () => {
    const { arm, at } = await azure({ vms, statusHeader: "none" });
    const { code, out, err } = await run([idOf("kept"), idOf("typo"), "-y", ...at]);
    expect(posted(arm)).toEqual(["kept"]);
    expect([code, out]).toEqual([1, expect.stringMatching(/typo +rg +refused +ResourceNotFound/)]);
    expect(err).toContain("(--old-disk any goes on without a look.)");
  });

  test("nobody is told to go without a look where nobody was reached", async () => {
    const { code, out, err } = await run([vm, "-y", "--endpoint", await refusedUrl({ tls: false })]);
    expect([code, out]).toEqual([1, expect.stringMatching(/web-1 +rg +refused/)]);
    expect(err).not.toContain("--old-disk any");
  });

  test("is looked at again where Azure throttles the look, and every VM gets its wish", async () => {
    const many = Array.from({ length: 40 }, (_, i) => idOf(`vm-${i}`));
    const { arm, at } = await azure({
      statusHeader: "none",
      throttle: { armReads: { capacity: 12, refillPerSecond: 8 } },
    });
    const { code, err } = await run([...many, "-y", "--old-disk", "keep", ...at]);
    expect(arm.requests.some(({ method, status: answer }) => method === "GET" && answer === 429)).toBe(true);
    expect([code, posted(arm).length]).toEqual([0, 40]);
    expect(err.match(/Azure throttles the looks; they go on in 0:01\./g)).toHaveLength(1);
  });

  test("of a VM that cannot be looked at for all its throttling is left alone; that of the others is not", async () => {
    const headers = { "retry-after": "1" };
    const faults = [{ kind: "status", status: 429, on: "read", vmName: "kept", times: 9, headers }] as const;
    const { arm, at } = await azure({ vms, statusHeader: "none", faults });
    const { code, out } = await run([idOf("kept"), idOf("gone"), "-y", ...at]);
    expect(arm.requests.filter(({ method, url }) => method === "GET" && url.includes("/kept"))).toHaveLength(5);
    expect([code, out, posted(arm)]).toEqual([1, expect.stringMatching(/kept +rg +refused/), ["gone"]]);
  }, 20_000);

  test.each([
    ["whose answer is lost", { kind: "reset" }],
    ["that fails in the service", { kind: "status", status: 503 }],
  ] as const)("by a look %s is looked at once more, and no oftener", async (_, fault) => {
    const looks = async (times: number) => {
      const faults = [{ ...fault, on: "read", vmName: "kept", times }] as const;
      const { arm, at } = await azure({ vms, statusHeader: "none", faults });
      const { code } = await run([idOf("kept"), "-y", ...at]);
      return [code, arm.requests.filter(({ method }) => method === "GET").length, posted(arm).length];
    };
    expect(await looks(1)).toEqual([0, 2, 1]);
    expect(await looks(9)).toEqual([1, 2, 0]);
  });

  test("is told whoever is asked, since the log of a night has to hold it", async () => {
    const { at } = await azure({ vms: [{ ...parseVirtualMachineId(vm), deleteOption: "Delete" }] });
    expect((await run([vm, "-y", ...at])).err).toContain("web-1: The old OS disk will be deleted.");
  });

  test("of more than 50 VMs is not looked at unless it decides", async () => {
    const many = Array.from({ length: 51 }, (_, i) => idOf(`vm-${i}`));
    const { arm, at } = await azure({ statusHeader: "none" });
    await run([...many, "-y", ...at]);
    expect(arm.requests.filter(({ method }) => method === "GET")).toEqual([]);
    arm.reset();
    await run([...many, "-y", "--old-disk", "delete", ...at]);
    expect(arm.requests.filter(({ method }) => method === "GET")).toHaveLength(51);
  });

  test("of more than 50 VMs was not looked at: that is said once, whoever is asked, unless it was wished", async () => {
    const told = async (argv: readonly string[], setting = {}) => {
      const many = Array.from({ length: 51 }, (_, i) => idOf(`vm-${i}`));
      const { at } = await azure({ statusHeader: "none" });
      const { err } = await run([...many, ...argv, ...at], setting);
      return err.match(/Whether the old OS disks are kept was not looked at/g)?.length ?? 0;
    };
    expect(await told(["-y"])).toBe(1);
    expect(await told(["--dry-run"])).toBe(1);
    expect(await told([], { terminal: true, stdin: "n\n" })).toBe(1);
    expect(await told(["-y", "--old-disk", "any"])).toBe(0);
    expect(await told(["-y", "--old-disk", "keep"])).toBe(0);
  });
});

describe("the question", () => {
  test("of very many is not lost behind a line for each: who goes on is counted, who does not is told", async () => {
    const many = Array.from({ length: 60 }, (_, i) => idOf(`vm-${i}`));
    const faults = [{ kind: "status", status: 404, on: "read", vmName: "vm-7" }] as const;
    const { arm, at } = await azure({ statusHeader: "none", faults });
    const { code, err } = await run([...many, "--old-disk", "keep", ...at], { terminal: true, stdin: "n\n" });
    expect([code, posted(arm)]).toEqual([1, []]);
    expect(err).toContain("59 VMs: The old OS disk will be kept.\nvm-7: is left alone. ");
    expect(err).toContain("This wipes the OS disk of 59 VMs");
    expect(err.split("\n").length).toBeLessThan(40);
  });

  test("names the VM and the fate of its disk, and takes y for an answer", async () => {
    const { arm, at } = await azure();
    const { code, err } = await run([vm, ...at], { terminal: true, stdin: "y\n" });
    expect(err).toMatch(
      /web-1: .*old OS disk.*\n.*wipes the OS disk of a VM; it cannot be undone or canceled:\n {2}web-1 \(rg, 0{8}-/,
    );
    expect([code, posted(arm)]).toEqual([0, ["web-1"]]);
  });

  test.each(["y\n", "Y\n", "yes\n", " Yes \n"])("takes %j for a yes", async (stdin) => {
    const { arm, at } = await azure();
    expect(await run([vm, ...at], { terminal: true, stdin })).toMatchObject({ code: 0 });
    expect(posted(arm)).toEqual(["web-1"]);
  });

  test.each(["n\n", "\n", "1\n", "yes please\n"])("takes %j for a no", async (stdin) => {
    const { arm, at } = await azure();
    const { code, err } = await run([vm, ...at], { terminal: true, stdin });
    expect(err).toContain("Nothing was sent.");
    expect([code, posted(arm)]).toEqual([1, []]);
  });

  test("of many wants their number", async () => {
    const { arm, at } = await azure();
    const two = [idOf("a"), idOf("b"), ...at];
    expect(await run(two, { terminal: true, stdin: "y\n" })).toMatchObject({ code: 1 });
    expect(posted(arm)).toEqual([]);
    expect(await run(two, { terminal: true, stdin: "2\n" })).toMatchObject({ code: 0 });
    expect(posted(arm).sort()).toEqual(["a", "b"]);
  });

  test.each([
    ["3\n", "3 was typed, 2 was expected.\nNothing was sent.\n"],
    ["yes\n", "yes was typed, 2 was expected.\nNothing was sent.\n"],
    ["\n", "Nothing was typed, 2 was expected.\nNothing was sent.\n"],
  ])("of two says what is wrong with the answer %j", async (stdin, told) => {
    const { at } = await azure();
    const { code, err } = await run([idOf("a"), idOf("b"), ...at], { terminal: true, stdin });
    expect([code, err.endsWith(told)]).toEqual([1, true]);
  });

  test("says that disks were not looked at, where they were not", async () => {
    const { err } = await run([vm, "--old-disk", "any", "--simulate"], { terminal: true, stdin: "n\n" });
    expect(err).toContain("was not looked at");
  });

  test("is over when it is interrupted", async () => {
    const interruption = new AbortController();
    const { arm, at } = await azure();
    const onText = (text: string) => text.includes("[y/N]") && interruption.abort();
    const { code } = await run([vm, ...at], { terminal: true, interrupted: interruption.signal, onText });
    expect([code, posted(arm)]).toEqual([130, []]);
  });
});

describe("a dry run", () => {
  test("shows the very request, without its secrets, and sends nothing but the look", async () => {
    const { arm, at } = await azure();
    const argv = [vm, "--dry-run", "--temp-disk", "--admin-password-env", "P", ...at];
    const { code, out, err } = await run(argv, { env: { P: PASSWORD } });
    expect(code).toBe(0);
    expect(out).toContain(`POST ${at[1]}${vm}/reimage?api-version=${virtualMachinesReimageOperation.apiVersion}\n`);
    expect(out).toContain("authorization: Bearer ***\n");
    expect(JSON.parse(out.slice(out.indexOf("\n\n")))).toEqual({ tempDisk: true, osProfile: { adminPassword: "***" } });
    expect(err).toMatch(/web-1: .*old OS disk/);
    expect(arm.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(out + err).not.toContain(PASSWORD);
    expect(out + err).not.toContain(TOKEN);
  });

  test("has a request of each VM for machines, and leaves out who is refused", async () => {
    const { at } = await azure({ vms: [], statusHeader: "none" });
    const refused = await run([idOf("a"), "--dry-run", "-o", "json", ...at]);
    expect([refused.code, JSON.parse(refused.out)]).toEqual([1, []]);
    const { out } = await run([idOf("a"), idOf("b"), "--dry-run", "-o", "jsonl", "--simulate"]);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).method),
    ).toEqual(["POST", "POST"]);
  });
});

describe("an operation outlives the command", () => {
  const hang = { outcome: "hang", retryAfterSeconds: null } as const;

  test("--no-wait prints its resume state, which --resume follows to the end", async () => {
    const { arm, at } = await azure({ ...quick, durationMs: 300 });
    const begun = await run([vm, "-y", "--no-wait", ...at]);
    expect(begun.code).toBe(0);
    expect(JSON.parse(begun.out)).toMatchObject({ version: 1, status: "running", vm: { vmName: "web-1" } });
    const ended = await run(["--resume", "-", ...at], { stdin: begun.out });
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/web-1 +rg +succeeded/) });
    expect(posted(arm)).toEqual(["web-1"]);
  });

  test("--no-wait of many ends when all were accepted, and tells who was not", async () => {
    const faults = [{ kind: "status", status: 409, on: "reimage", vmName: "busy" }] as const;
    const { at } = await azure({ ...hang, faults });
    const { code, out } = await run([
      ..."ab".split("").map(idOf),
      idOf("busy"),
      "-y",
      "--no-wait",
      "-o",
      "json",
      ...at,
    ]);
    const ends = JSON.parse(out).map(({ vm, outcome, resume }: Record<string, string>) => [
      vm?.slice(-4),
      outcome,
      typeof resume,
    ]);
    expect(ends.sort()).toEqual(
      [
        ["/busy".slice(-4), "rejected", "undefined"],
        ["es/a", "accepted", "object"],
        ["es/b", "accepted", "object"],
      ].sort(),
    );
    expect(code).toBe(1);
  });

  test("--no-wait tells on standard error how many ended how, whatever it prints", async () => {
    const faults = [{ kind: "status", status: 409, on: "reimage", vmName: "busy" }] as const;
    for (const format of ["table", "json", "jsonl"]) {
      const { at } = await azure({ ...hang, faults });
      const argv = [idOf("a"), idOf("busy"), "-y", "--no-wait", "-o", format, ...at];
      const { err } = await run(argv);
      expect(err).toMatch(/^1 (accepted, 1 rejected|rejected, 1 accepted), in 0:0\d\.$/m);
    }
  });

  test("what -o jsonl printed can be resumed too", async () => {
    const { at } = await azure({ ...quick, durationMs: 300 });
    const { out } = await run([vm, idOf("b"), "-y", "--no-wait", "-o", "jsonl", ...at]);
    const ended = await run(["--resume", "-", "-o", "jsonl", ...at], { stdin: out });
    expect(
      ended.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(["succeeded", "succeeded"]);
  });

  test("a time limit ends the waiting with 4, and the command that is printed goes on", async () => {
    process.chdir(folder);
    const { arm, at } = await azure({ ...quick, durationMs: 1500 });
    const { code, out, err } = await run([vm, "-y", "--timeout", "1s", ...at]);
    expect([code, out]).toEqual([
      4,
      expect.stringMatching(/web-1 +rg +timeout +.*met the end of --timeout\. It may go on: --resume follows it\./),
    ]);
    expect(out + err).not.toContain("by the caller");
    const [, line = ""] = /To follow:\n {2}azure-vm-reimage (.+)\n/.exec(err) ?? [];
    const [file = ""] = await readdir(folder);
    expect(line.split(" ")).toEqual(["--resume", resolve(file), ...at]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await run(line.split(" "))).toMatchObject({ code: 0 });
    expect(posted(arm)).toEqual(["web-1"]);
  });

  test("of a list that a time limit or Ctrl-C cut short every VM has its row, and what was not begun is counted", async () => {
    process.chdir(folder);
    const names = ["a", "b", "c", "d"];
    for (const [outcome, code, more] of [
      ["timeout", 4, ["--timeout", "1s"]],
      ["aborted", 130, []],
    ] as const) {
      const { arm, at } = await azure(hang);
      const interruption = new AbortController();
      if (outcome === "aborted") setTimeout(() => interruption.abort(new Error("SIGINT")), 500);
      const argv = [...names.map(idOf), "-y", "--max-in-flight", "1", "-o", "json", ...more, ...at];
      const ran = await run(argv, { interrupted: interruption.signal });
      expect(posted(arm)).toEqual(["a"]);
      expect(ran.code).toBe(code);
      const rows = JSON.parse(ran.out) as { vm: string; outcome: string; started: string }[];
      expect(rows.map(({ vm, outcome, started }) => [vm.at(-1), outcome, started])).toEqual([
        ["a", outcome, "yes"],
        ...["b", "c", "d"].map((name) => [name, outcome, "no"]),
      ]);
      expect(ran.err).toContain("3 of the list were not begun.\n");
    }
  });

  test("Ctrl-C ends the waiting with 130; what was being sent is heard to its end, what was not is not sent", async () => {
    process.chdir(folder);
    const interruption = new AbortController();
    const faults = [{ kind: "delay", ms: 300, on: "reimage" }] as const;
    const { arm, at } = await azure({ ...hang, faults });
    setTimeout(() => interruption.abort(new Error("SIGINT")), 150);
    const argv = [vm, idOf("b"), "-y", "--old-disk", "any", "--max-in-flight", "1", "-o", "json", ...at];
    const { code, out, err } = await run(argv, { interrupted: interruption.signal });
    expect(code).toBe(130);
    expect(posted(arm)).toEqual(["web-1"]);
    expect(JSON.parse(out)[0]).toMatchObject({ outcome: "aborted", started: "yes", resume: { version: 1 } });
    expect(err).toContain("The reimage goes on. To follow:\n  azure-vm-reimage --resume ");
    const [file = ""] = await readdir(folder);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(JSON.parse(out)[0].resume);
  });

  test("a second Ctrl-C gives up the answer that is still to come, and keeps the state of what was accepted", async () => {
    process.chdir(folder);
    const first = new AbortController();
    const second = new AbortController();
    const faults = [{ kind: "delay", ms: 5_000, on: "reimage", vmName: "slow" }] as const;
    const { arm, at } = await azure({ ...hang, faults });
    setTimeout(() => first.abort(new Error("SIGINT")), 400);
    setTimeout(() => second.abort(new Error("SIGINT")), 600);
    const journal = ["--journal", "j.jsonl"];
    const argv = [vm, idOf("slow"), "-y", "--old-disk", "any", "-o", "json", ...journal, ...at];
    const begunAt = Date.now();
    const { code, out } = await run(argv, { interrupted: first.signal, hurried: second.signal });
    expect(Date.now() - begunAt).toBeLessThan(4_000);
    expect(code).toBe(130);
    const rows: { vm: string; started: string; resume?: object }[] = JSON.parse(out);
    expect(rows.map((row) => [row.vm, row.started, row.resume !== undefined]).sort()).toEqual([
      [idOf("slow"), "maybe", false],
      [vm, "yes", true],
    ]);
    expect(posted(arm).sort()).toEqual(["slow", "web-1"]);
    const again = await run([...argv, "--timeout", "1s"]);
    expect([again.code, posted(arm).length]).toEqual([4, 2]);
    expect(again.out).toMatch(/"outcome": "unknown",[^}]*"started": "maybe"/);
  });
});

test("no secret is printed, also with AZURE_LOG_LEVEL=verbose", async () => {
  const { arm, at } = await azure({
    ...quick,
    faults: [{ kind: "status", status: 409, error: { code: "X", message: `not ${PASSWORD}` }, on: "reimage" }],
  });
  const file = join(folder, "custom");
  await writeFile(file, "custom-secret-text");
  const argv = [vm, "-y", "--admin-password-env", "P", "--custom-data", file, "-o", "json", ...at];
  const env = { P: PASSWORD, AZURE_LOG_LEVEL: "verbose" };
  const { out, err } = await run(argv, { env });
  expect(posted(arm)).toEqual(["web-1"]);
  expect(err).toContain('"type":"request"');
  const text = out + err;
  for (const secret of [PASSWORD, TOKEN, "custom-secret-text", Buffer.from("custom-secret-text").toString("base64")]) {
    expect(text).not.toContain(secret);
  }
});

test("standard output has the results alone", async () => {
  const { at } = await azure();
  const { out } = await run([vm, "-y", "-o", "json", ...at]);
  expect(JSON.parse(out)).toEqual([
    { vm, outcome: "succeeded", started: "yes", correlationId: expect.any(String), requestId: expect.any(String) },
  ]);
});
