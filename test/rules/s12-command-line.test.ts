import { describe, expect, test } from "vitest";
import { azure, idOf, posted, run } from "../cli/run.js";

const SECRET = "Hunter2-Hunter2";
const vm = idOf("web-1");

describe("S12: a secret is no argument", () => {
  test.each([
    ["--admin-password", SECRET],
    [`--admin-password=${SECRET}`],
    ["--adminPassword", SECRET],
    ["--password", SECRET],
    [`--pwd=${SECRET}`],
    ["-p", SECRET],
    ["--token", SECRET],
    ["--access-token", SECRET],
    ["--custom-data-text", SECRET],
  ])("S12: %s is refused before anything is sent, and not quoted", async (...argv) => {
    const { arm, at } = await azure();
    const { code, out, err } = await run([vm, "-y", ...argv, ...at]);
    expect(code).toBe(2);
    expect(arm.requests).toEqual([]);
    expect(out + err).not.toContain(SECRET);
  });

  test.each(["--admin-password", "--password", "--token"])("S12: %s is explained", async (option) => {
    const { err } = await run([vm, "-y", option, SECRET]);
    expect(err).toMatch(/every user of this machine can read it/);
    expect(err).toMatch(
      option === "--token" ? /AZURE_ACCESS_TOKEN/ : /--admin-password-stdin or --admin-password-env NAME/,
    );
  });

  test("S12: one that stands where a VM is expected is not quoted", async () => {
    const { arm, at } = await azure();
    const { code, out, err } = await run([vm, "-y", "--admin-password-stdin", SECRET, ...at], { stdin: SECRET });
    expect([code, arm.requests]).toEqual([2, []]);
    expect(out + err).not.toContain(SECRET);
  });
});

describe("S12: it asks before it destroys", () => {
  test("S12: where nobody can be asked it wants --yes, and sends nothing, not even a look", async () => {
    const { arm, at } = await azure();
    expect(await run([vm, ...at])).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
    expect(await run(["--ids", "-", ...at], { stdin: vm })).toMatchObject({ code: 2 });
    expect(arm.requests).toEqual([]);
  });

  test("S12: what is simulated wipes nothing: it asks on a terminal, and wants no --yes elsewhere", async () => {
    expect(await run([vm, "--simulate"])).toMatchObject({ code: 0, err: expect.not.stringContaining("[y/N]") });
    const stdin = "n\n";
    const asked = await run([vm, "--simulate"], { terminal: true, stdin });
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining("[y/N]") });
  });

  test.each([
    ["--endpoint", "https://arm.example"],
    ["--cloud", "usgov"],
    ["--resume", "-"],
  ])("S12: --simulate opens no way to a real Azure: beside %s it is refused", async (...real) => {
    const { code, err } = await run(["--simulate", ...(real[0] === "--resume" ? [] : [vm]), ...real]);
    expect([code, err]).toEqual([2, expect.stringContaining("--simulate")]);
  });

  test.each(["n\n", "\n", "Y E S\n", "2\n"])(
    "S12: on a terminal only y or yes is a yes, and %j is none",
    async (stdin) => {
      const { arm, at } = await azure();
      expect(await run([vm, ...at], { terminal: true, stdin })).toMatchObject({ code: 1 });
      expect(posted(arm)).toEqual([]);
    },
  );

  test("S12: of many only their number is a yes", async () => {
    const { arm, at } = await azure();
    for (const stdin of ["y\n", "yes\n", "1\n", "22\n"]) {
      expect(await run([vm, idOf("b"), ...at], { terminal: true, stdin })).toMatchObject({ code: 1 });
    }
    expect(posted(arm)).toEqual([]);
  });

  test("S12: what it asks names the VM, and that there is no way back", async () => {
    const { at } = await azure();
    const { err } = await run([vm, ...at], { terminal: true, stdin: "n\n" });
    expect(err).toMatch(/wipes the OS disk .* cannot be undone or canceled:\n {2}web-1 \(rg, /);
  });

  test("S12: a VM is POSTed after a yes, not before", async () => {
    const { arm, at } = await azure();
    const before: number[] = [];
    const onText = (text: string) => text.includes("[y/N]") && before.push(posted(arm).length);
    expect(await run([vm, ...at], { terminal: true, stdin: "y\n", onText })).toMatchObject({ code: 0 });
    expect([before, posted(arm)]).toEqual([[0], ["web-1"]]);
  });
});
