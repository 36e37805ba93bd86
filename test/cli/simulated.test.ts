/** What `--simulate` says and does that a real run does not. */
import { describe, expect, test } from "vitest";
import { SAMPLE_VM } from "../../src/cli/simulated.js";
import { formatVirtualMachineId } from "../../src/index.js";
import { azure, idOf, run } from "./run.js";

const SIMULATED = "Simulated: nothing real is wiped.\n";

describe("what is simulated says so on standard error", () => {
  test("before the question", async () => {
    const { code, err } = await run(["--simulate"], { terminal: true, stdin: "n\n" });
    expect([code, err]).toEqual([1, expect.stringContaining(`${SIMULATED}This wipes the OS disk`)]);
  });

  test("in a dry run", async () => {
    const { err } = await run(["--simulate", "--dry-run"]);
    expect(err).toContain(SIMULATED);
  });

  test.each(["table", "json", "jsonl"])(
    "beside the closing count, and standard output is as ever: -o %s",
    async (format) => {
      const { out, err } = await run(["--simulate", "--yes", "-o", format]);
      expect(err.endsWith(SIMULATED)).toBe(true);
      expect(out).not.toContain("Simulated");
      if (format !== "table") expect(JSON.parse(out)).toBeTruthy();
    },
  );
});

test("what is not simulated does not say so", async () => {
  const { at } = await azure();
  const dry = await run([idOf("a"), "--dry-run", ...at]);
  const { err } = await run([idOf("a"), ...at], { terminal: true, stdin: "y\n" });
  expect(dry.err + err).not.toContain("Simulated");
});

describe("a VM's name is enough for --simulate", () => {
  const requestsTo = async (...argv: readonly string[]) => {
    const { out } = await run(["--simulate", "--dry-run", "-o", "json", ...argv]);
    return JSON.parse(out).map(({ url }: { readonly url: string }) => url);
  };
  const sample = formatVirtualMachineId({ ...SAMPLE_VM, vmName: "web-fail" });

  test("group and subscription are those of the sample", async () => {
    expect(await requestsTo("-n", "web-fail")).toEqual([expect.stringContaining(sample)]);
    expect((await run(["--simulate", "-n", "web-fail"])).out).toMatch(/web-fail +myResourceGroup +failed/);
  });

  test("what is given counts", async () => {
    const subscriptionId = "11111111-1111-4111-8111-111111111111";
    const { resourceGroupName } = SAMPLE_VM;
    expect(await requestsTo("-n", "a", "-g", "web", "--subscription", subscriptionId)).toEqual([
      expect.stringContaining(formatVirtualMachineId({ vmName: "a", resourceGroupName: "web", subscriptionId })),
    ]);
    expect(await requestsTo("-n", "a", "--subscription", subscriptionId)).toEqual([
      expect.stringContaining(formatVirtualMachineId({ vmName: "a", resourceGroupName, subscriptionId })),
    ]);
  });

  test("a real VM needs both", async () => {
    expect(await run(["-n", "web-fail", "-y"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--name needs"),
    });
  });
});

describe("what is simulated is over with the process", () => {
  const NOTHING = "Nothing to resume: the simulated Azure ended with this process.\n";

  test.each(["table", "jsonl"])("Ctrl-C says so, and nothing else says that it may go on: -o %s", async (format) => {
    const interruption = new AbortController();
    const onText = (text: string) => text.includes("is accepted") && interruption.abort(new Error("SIGINT"));
    const setting = { interrupted: interruption.signal, onText };
    const { code, out, err } = await run(["--simulate", "-n", "hang", "-o", format], setting);
    expect([code, err.endsWith(NOTHING)]).toEqual([130, true]);
    expect(out + err).not.toMatch(/--resume|go on|goes on/);
  });

  test("so does --no-wait, whose states lead nowhere", async () => {
    const { code, err } = await run(["--simulate", "--no-wait"]);
    expect([code, err.endsWith(NOTHING)]).toEqual([0, true]);
  });
});
