import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test as one } from "vitest";
import { parseVirtualMachineId } from "../../src/index.js";
import { type PresetName, presets } from "../../src/simulator/index.js";
import { always, closeAll, refusedUrl, startOrigin, status } from "../harness/index.js";
import { azure, idOf, posted, run } from "./run.js";

// Each waits some seconds for a look that is due: all at once.
const test = one.concurrent;
const vm = idOf("web-1");
const quick = { durationMs: 20, retryAfterSeconds: null };

// Resume states are kept in the folder where a command runs.
const home = process.cwd();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ends-"));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
  await closeAll();
});

describe("the exit code", () => {
  test.each<[number, PresetName, RegExp]>([
    [0, "succeedsAtOnce", /web-1 +rg +succeeded\n1 succeeded/],
    [1, "fails", /web-1 +rg +failed +OSProvisioningTimedOut/],
    [1, "preempted", /canceled +OperationPreempted/],
    [1, "busy", /rejected +OperationNotAllowed/],
    [1, "forbidden", /rejected +AuthorizationFailed/],
    [4, "serverError", /unknown +server-error/],
    [4, "lostAnswer", /unknown +no-answer/],
    [4, "wrongOrigin", /unknown +untrusted-status-url/],
  ])("is %i for the scenario %s", async (expected, preset, table) => {
    const { arm, at } = await azure({ ...quick, ...presets[preset] });
    const { code, out } = await run([vm, "-y", "--old-disk", "any", ...at]);
    expect(out).toMatch(table);
    expect(code).toBe(expected);
    expect(posted(arm)).toEqual(["web-1"]);
  });

  test("is 4 for status-gone, and nothing is said to lead on: it would lead to the same", async () => {
    const fault = { kind: "status", on: "status", status: 410 } as const;
    const { at } = await azure({ ...quick, durationMs: 60_000, faults: [fault] });
    const { code, out, err } = await run([vm, "-y", "--old-disk", "any", ...at]);
    expect([code, out]).toEqual([4, expect.stringMatching("unknown +status-gone")]);
    expect(out + err).not.toMatch(/--resume|may go on|To follow/);
    expect(err).toContain("1 cannot be followed from here: look at the VM, and at the activity log.");
  });

  test("is 4 for a status URL that is not trusted; its origin is named, its state kept, and another endpoint can go on", async () => {
    const other = await azure({ ...quick });
    const [, origin = ""] = other.at;
    const { at } = await azure({ ...quick, durationMs: 60_000, faults: [{ kind: "wrong-origin", origin }] });
    const { code, out, err } = await run([vm, "-y", "--old-disk", "any", ...at]);
    expect([code, out]).toEqual([4, expect.stringMatching("unknown +untrusted-status-url")]);
    expect(err).toContain("1 cannot be followed from here: look at the VM, and at the activity log.\n");
    expect(err).toContain(
      `The status is told at ${origin}, which is not trusted: no token was sent there. To follow, with --endpoint and that`,
    );
    expect(err).not.toContain("may go on");
    const [, line = ""] =
      /origin added if it is your endpoint:\n {2}azure-vm-reimage (.+)\nKeep the file like a secret/.exec(err) ?? [];
    const argv = line.split(" ");
    expect(argv).toEqual(["--resume", expect.stringMatching(/^\/.*\.jsonl$/)]);
    expect(other.arm.requests).toEqual([]);

    const astray = await run(argv);
    expect(astray.code).toBe(4);
    expect(astray.err).toContain(
      `There are states of ${origin}: if that is your endpoint, run again with --endpoint ${origin}\n`,
    );
    expect(other.arm.requests).toEqual([]);
    await run([...argv, "--endpoint", origin, "--timeout", "1s"]);
    expect(other.arm.requests.length).toBeGreaterThan(0);
  });

  test("is 4 for a state whose URL plays tricks, and no endpoint is said to make it right", async () => {
    const statusUrl = "https://management.azure.com@evil.example/x";
    const saved = { version: 1, correlationId: "c", status: "running", statusKind: "document", statusUrl };
    const state = { ...saved, vm: parseVirtualMachineId(vm) };
    const { code, err } = await run(["--resume", "-"], { stdin: JSON.stringify(state) });
    expect(code).toBe(4);
    expect(err).toContain("1 cannot be followed from here");
    expect(err).not.toMatch(/--endpoint|evil/);
  });

  test("is 4 when the status is refused: the reimage may go on, and the line that follows it is printed", async () => {
    const fault = { kind: "status", on: "status", status: 403 } as const;
    const { at } = await azure({ ...quick, durationMs: 60_000, faults: [fault] });
    const { code, err } = await run([vm, "-y", "--old-disk", "any", ...at]);
    expect(code).toBe(4);
    expect(err).toContain("The reimage may go on. To follow:\n  azure-vm-reimage --resume ");
  });

  test("is 3 when the token is refused, and nothing was sent but the look", async () => {
    const origin = await startOrigin({ tls: false });
    origin.on(() => true, always(status(401)));
    const { code, err } = await run([vm, "-y", "--endpoint", origin.url]);
    expect(code).toBe(3);
    expect(err).toContain("has no preflight: refused with a new token too: HTTP 401.");
    expect(origin.posts).toEqual([]);
  });

  test("is 1 when nobody is there", async () => {
    const { code, out } = await run([vm, "-y", "--old-disk", "any", "--endpoint", await refusedUrl({ tls: false })]);
    expect([code, out]).toEqual([1, expect.stringMatching(/not-sent/)]);
  });

  test("of many is that of the gravest end", async () => {
    const faults = [
      { kind: "reset", on: "reimage", vmName: "lost" },
      { kind: "status", status: 409, on: "reimage", vmName: "busy" },
    ] as const;
    const { at } = await azure({ statusHeader: "none", faults });
    const end = async (...names: string[]) => (await run([...names.map(idOf), "-y", ...at])).code;
    expect(await end("fine", "busy")).toBe(1);
    expect(await end("fine", "busy2", "lost")).toBe(4);
  });
});

test.each([
  ["fail-1", /failed/, 1],
  ["cancel", /canceled/, 1],
  ["busy", /rejected/, 1],
  ["lost", /unknown/, 4],
])("--simulate: a VM called %s ends so", async (name, table, expected) => {
  const { code, out } = await run([idOf(name), "-y", "--simulate"]);
  expect(out).toMatch(table);
  expect(code).toBe(expected);
});
