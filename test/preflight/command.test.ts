/** The line that has the old disk kept: shown, never run, and safe to be pasted into a shell. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deleteOsDiskCommand, keepOsDiskCommand } from "../../src/preflight/index.js";
import { failure, vm } from "../rules/support-s.js";
import { vmPath } from "./support.js";

/** What a POSIX shell hands to the programs of a line. */
function argumentsIn(line: string): string[] {
  const script = `az() { printf '%s\\0' "$@"; }\n${line}\n`;
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: {} }).split("\0").slice(0, -1);
}

const meant = (id: string) => ["vm", "update", "--ids", id, "--set", "storageProfile.osDisk.deleteOption=Detach"];

test("a VM by its id or its names gives the same line, without quotes where none are needed", () => {
  const line = `az vm update --ids ${vmPath} --set storageProfile.osDisk.deleteOption=Detach`;
  expect([keepOsDiskCommand(vm), keepOsDiskCommand(vmPath)]).toEqual([line, line]);
});

test.each(["vm'; rm", "$(reboot)", "`reboot`", "a!b", "a{b,c}", "~", "(a)", "été", "a'b''c", "-a", "^a$"])(
  "a shell hands on the name %j as it is",
  (name) => {
    const vmName = name.replace(/[;, ]/g, "");
    expect(argumentsIn(keepOsDiskCommand({ ...vm, vmName }))).toEqual(meant(vmPath.replace("vm-one", () => vmName)));
  },
);

test("whatever names there are, a shell hands on the id and nothing else", () => {
  const name = fc
    .string({ unit: fc.constantFrom(...[..."aZ0'`$(){}!~^-_.é"]), minLength: 1, maxLength: 12 })
    .map((inner) => `a${inner}z`);
  fc.assert(
    fc.property(name, fc.stringMatching(/^[\w().-]{0,10}\w$/), (vmName, resourceGroupName) => {
      const id = vmPath.replace("rg-one", () => resourceGroupName).replace("vm-one", () => vmName);
      expect(argumentsIn(keepOsDiskCommand({ ...vm, resourceGroupName, vmName }))).toEqual(meant(id));
    }),
    { numRuns: 60 },
  );
});

test("a name that breaks its rule gives no line", async () => {
  for (const vmName of ["a;b", "a b", "a\nb", "$(a b)", ""])
    expect(await failure(() => keepOsDiskCommand({ ...vm, vmName }))).toMatchObject({ name: "InvalidInputError" });
});

test("the line that has the disk deleted is the same, but for the option", () => {
  const kept = keepOsDiskCommand(vm);
  expect(deleteOsDiskCommand(vm)).toBe(kept.replace("=Detach", "=Delete"));
  expect(kept).toContain("deleteOption=Detach");
});
