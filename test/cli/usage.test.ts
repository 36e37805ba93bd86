import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { HELP, SIMULATE_HELP } from "../../src/cli/help.js";
import { azure, idOf, run } from "./run.js";

const SECRET = "Hunter2-Hunter2";
const vm = idOf("web-1");
const names = ["-g", "rg", "--subscription", "00000000-0000-4000-8000-000000000000"];

test.each<[string, readonly string[], RegExp, { stdin?: string; env?: Record<string, string> }?]>([
  ["a password as an argument", [vm, "-y", "--admin-password", SECRET], /every user of this machine can read it/],
  ["one that is glued on", [vm, "-y", `--admin-password=${SECRET}`], /--admin-password-stdin/],
  ["one under whatever name", [vm, "-y", "--password", SECRET], /A password is no argument/],
  ["one behind an option that has no value", [vm, "-y", "--admin-password-stdin", SECRET], /argument 2 is no VM/],
  ["nobody to be asked, and no --yes", [vm], /no terminal to ask on: say --yes/],
  ["an option that there is not", [vm, "-y", `--pasword=${SECRET}`], /There is no option --pasword/],
  ["an option without its value", [vm, "-y", "--timeout"], /^--timeout needs a value\. What/],
  ["a name that is missing", ["-y", "-n"], /^-n needs a value\. What/],
  ["a name that is missing, in full", ["-y", "--name"], /^--name needs a value\. What/],
  ["a name that is missing before another option", ["-n", "-y"], /^-n needs a value\. What/],
  ["a value for an option that has none", [vm, "-y", `--simulate=${SECRET}`], /Wrong use of option --simulate/],
  ["an option given twice", [vm, "-y", "--timeout", "1m", "--timeout", "2m"], /--timeout was given twice/],
  ["no VM at all", ["-y"], /Which VMs\?/],
  [
    "a name alone",
    ["-n", "a", "-y"],
    /^--name needs --resource-group and --subscription \(or AZURE_SUBSCRIPTION_ID\) beside it\.\n$/,
  ],
  [
    "a name without its subscription",
    ["-g", "rg", "-n", "a", "-y"],
    /^--name needs --subscription \(or AZURE_SUBSCRIPTION_ID\) beside it\.\n$/,
  ],
  [
    "a name without its group",
    ["--subscription", vm.slice(15, 51), "-n", "a", "-y"],
    /^--name needs --resource-group beside it\.\n$/,
  ],
  ["a group without a name", ["-g", "rg", "-y"], /--resource-group needs --name/],
  ["a name that breaks ARM's rules", [...names, "-n", "a*b", "-y"], /--name 1 is no VM: vmName must have 1 to 64/],
  [
    "a name that turns the writing round",
    [...names, "-n", "web\u202e1", "-y"],
    /--name 1 is no VM: its name turns the writing round/,
  ],
  ["an id that does", [idOf("web\u20661"), "-y"], /argument 1 is no VM: its name turns/],
  ["a version that is empty", [vm, "-y", "--exact-version", ""], /--exact-version is empty/],
  [
    "an endpoint without TLS",
    [vm, "-y", "--endpoint", "http://arm.example"],
    /--endpoint must be https \(or http on loopback\), no user/,
  ],
  [
    "something that is no id",
    [SECRET, "-y"],
    /The first argument is no command .* and no id of a VM\. What there is: azure-vm-reimage --help\n/,
  ],
  [
    "a command that there is not",
    ["simulat", "--port", "1"],
    /no command \(reimage, simulate, help\), no option and no id/,
  ],
  [
    "an option of the other command",
    ["--port", "8080", "simulate"],
    /no option --port\. It is one of simulate, which comes first: /,
  ],
  [
    "something that is no id behind a command",
    ["reimage", SECRET, "-y"],
    /argument 1 is no VM: vm must be an ARM resource/,
  ],
  [
    "a subscription that is none",
    ["-g", "rg", "-n", "a", "--subscription", SECRET],
    /^--subscription must be a UUID\.\n$/,
  ],
  [
    "a subscription of the environment that is none",
    ["-g", "rg", "-n", "a"],
    /^AZURE_SUBSCRIPTION_ID must be a UUID\.\n$/,
    { env: { AZURE_SUBSCRIPTION_ID: SECRET } },
  ],
  [
    "a password in a variable that is empty",
    [vm, "-y", "--admin-password-env", "PW"],
    /not set, or empty\./,
    { env: { PW: "" } },
  ],
  [
    "a group that is none",
    ["-g", "rg.", "-n", "a", "--subscription", vm.slice(15, 51)],
    /^--resource-group must have 1 to/,
  ],
  ["no password where it was to be", [vm, "-y", "--admin-password-stdin"], /first line of standard input.* is empty/],
  ["an id that breaks off", [vm.slice(0, 40), "-y"], /argument 1 is no VM: /],
  [
    "a list with a line that is no id",
    ["--ids", "-", "-y"],
    /line 2 of --ids is no VM/,
    { stdin: `${vm}\n${SECRET}\n` },
  ],
  [
    "a VM named twice, whatever the case",
    [vm, vm.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"), "-y"],
    /named twice/,
  ],
  ["a list that is empty", ["--ids", "-", "-y"], /--ids names no VM: the list is empty/, { stdin: "\r\n \n" }],
  ["a list in JSON", ["--ids", "-", "-y"], /line 1 of --ids is JSON.*-o tsv/, { stdin: `["${SECRET}"]` }],
  ["a list in quotes", ["--ids", "-", "-y"], /line 2 of --ids is JSON/, { stdin: `${vm}\n"${SECRET}"\n` }],
  [
    "a subscription beside ids, which have their own",
    [vm, "-y", "--subscription", "11111111-1111-4111-8111-111111111111"],
    /--subscription needs --name/,
  ],
  ["a list that is not there", ["--ids", "not/there", "-y"], /file of --ids cannot be read \(ENOENT\): not\/there\n/],
  ["a file of states that is not there", ["--resume", "not/there"], /file of --resume cannot be read \(ENOENT\): not/],
  ["a list of comments alone", ["--ids", "-", "-y"], /--ids names no VM/, { stdin: `# ${SECRET}\n` }],
  ["a time without a unit", [vm, "-y", "--timeout", "45"], /--timeout must be a time with its unit/],
  ["no time at all", [vm, "-y", "--timeout", "0s"], /--timeout must be longer than nothing/],
  ["a number that is none", [vm, "-y", "--max-in-flight", "0"], /--max-in-flight must be a whole number/],
  ["a format that there is not", [vm, "-y", "-o", "yaml"], /--output must be table or json or jsonl/],
  ["a wish that there is not", [vm, "-y", "--old-disk", "burn"], /--old-disk must be keep or delete or any/],
  ["a cloud that there is not", [vm, "-y", "--cloud", "mooncake"], /--cloud must be public or usgov or china/],
  [
    "a cloud and an endpoint",
    [vm, "-y", "--cloud", "usgov", "--endpoint", "https://arm.example"],
    /takes the place of --cloud/,
  ],
  ["http to another machine", [vm, "-y", "--endpoint", "http://arm.example"], /--endpoint must be https/],
  ["a simulator somewhere else", [vm, "-y", "--simulate", "--cloud", "usgov"], /--simulate is in this process/],
  [
    "two readers of standard input",
    ["--ids", "-", "--admin-password-stdin", "-y"],
    /--ids - and --admin-password-stdin cannot both/,
  ],
  ["a VM beside --resume", [vm, "--resume", "-"], /A VM has no meaning beside --resume/],
  ["a body beside --resume", ["--temp-disk", "--resume", "-"], /--temp-disk has no meaning beside --resume/],
  ["a resume file with nothing in it", ["--resume", "-"], /nothing to resume/],
  ["a resume file of something else", ["--resume", "-"], /holds no resume states/, { stdin: `${SECRET}\n` }],
  [
    "a resume state of another version",
    ["--resume", "-"],
    /Resume state 1 is none: saved must be a whole resume state, version 1/,
    { stdin: '{"version":2}' },
  ],
  [
    "a password from two places",
    [vm, "-y", "--admin-password-env", "P", "--admin-password-stdin"],
    /one place only/,
    { env: { P: SECRET } },
  ],
  ["a password from a variable that is not set", [vm, "-y", "--admin-password-env", "P"], /is not set/],
  [
    "a password that Azure does not take",
    [vm, "-y", "--admin-password-env", "P"],
    /osProfile.adminPassword must have/,
    { env: { P: "abc" } },
  ],
  [
    "a password that ends in a line break",
    [vm, "-y", "--admin-password-env", "P"],
    /line break or another control character/,
    { env: { P: `${SECRET}\n` } },
  ],
  [
    "a body of a file that is not there",
    [vm, "-y", "--custom-data", "not/there"],
    /file of --custom-data cannot be read \(ENOENT\): not\/there\n/,
  ],
  ["a journal in a folder that is not there", [vm, "-y", "--journal", "not/there/j"], /journal cannot be locked/],
])("exit code 2, nothing sent and nothing quoted: %s", async (_, argv, complaint, setting = {}) => {
  const { arm, at } = await azure();
  const elsewhere = argv.some((arg) => ["--cloud", "--endpoint"].includes(arg));
  const { code, out, err } = await run(elsewhere ? argv : [...argv, ...at], setting);
  expect(err).toMatch(complaint);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).not.toContain(SECRET);
  expect(arm.requests).toEqual([]);
});

test("a password is not read from a terminal, where it would be shown", async () => {
  const { code, err } = await run([vm, "-y", "--simulate", "--admin-password-stdin"], { terminal: true });
  expect(code).toBe(2);
  expect(err).toContain("from a pipe or a file");
});

test("without arguments the help is an answer to a mistake, which is told before it", async () => {
  const { code, out, err } = await run([]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^Which VMs\? Give their ids, .*\n\nReimage Azure virtual machines/);
  expect(err).toContain("azure-vm-reimage [reimage] [options] [VM id ...]");
});

test.each([["--help"], ["-h"], ["help"], ["help", "reimage"], ["help", "--help"], ["reimage", "--help"]])(
  "%s prints the help and sends nothing",
  async (...argv) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const option of ["--old-disk", "--journal", "--admin-password-env", "--simulate", "Exit codes:"])
      expect(out).toContain(option);
    expect(out.split("\n").filter((line) => line.length > 110)).toEqual([]);
  },
);

test.each([["--help"], ["simulate", "--help"]])(
  "%s %s says who must start it where SIGTERM counts",
  async (...argv) => {
    const { out } = await run(argv);
    expect(out).toContain(
      "npx does not hand SIGTERM on: a supervisor must start\n  node_modules/.bin/azure-vm-reimage itself.",
    );
  },
);

test("help and README say what a no exits with", async () => {
  const { out } = await run(["--help"]);
  expect(out).toContain("1 one failed or was refused, or you said no");
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toMatch(/^\| 1 \| .*the question was not answered with a yes/m);
});

test("the help does not promise a check of --exact-version, which is not made", async () => {
  const { out } = await run(["--help"]);
  expect(out.replace(/\s+/g, " ")).toContain("a decimal number, by Azure's page; not checked here");
  expect(await run([vm, "--simulate", "--dry-run", "--exact-version", "aaaaaa"])).toMatchObject({ code: 0 });
});

test.each([
  ["simulate", "--help"],
  ["simulate", "-h"],
  ["help", "simulate"],
])("simulate has a help of its own: %s %s", async (...argv) => {
  const { code, out } = await run(argv);
  expect(code).toBe(0);
  expect(out).toContain("--tls-cert");
  expect(out).not.toContain("--old-disk");
});

test.each([
  ["something that there is not", ["help", SECRET]],
  ["two things at once", ["help", "simulate", "reimage"]],
  ["what is no command but a name of objects", ["help", "constructor"]],
  ["an option", ["help", "--journal"]],
])("help on %s is a mistake, that says what there is", async (_, argv) => {
  const err = "There is no help on that: only help reimage and help simulate.\n";
  expect(await run(argv)).toEqual({ code: 2, out: "", err });
});

test("--version is that of the package", async () => {
  const { out } = await run(["--version"]);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("an empty list is not taken for the sample of --simulate", async () => {
  const { code, out, err } = await run(["--ids", "-", "-y", "--simulate"]);
  expect({ code, out, err }).toEqual({ code: 2, out: "", err: "--ids names no VM: the list is empty.\n" });
});

test("the subscription of the environment does no harm to ids", async () => {
  const env = { AZURE_SUBSCRIPTION_ID: "11111111-1111-4111-8111-111111111111" };
  expect(await run([vm, "--dry-run", "--simulate"], { env })).toMatchObject({ code: 0 });
});

test("a mistake in the options of simulate points to its own help", async () => {
  const { code, err } = await run(["simulate", "--yes"]);
  expect([code, err]).toEqual([2, "There is no option --yes. What there is: azure-vm-reimage help simulate\n"]);
});

describe("an example of the help", () => {
  const examples = [HELP, SIMULATE_HELP].flatMap((help) =>
    [...help.matchAll(/^.*azure-vm-reimage (--(?:.*\\\n)?.*)$/gm)].map(([, args = ""]) => args.split(/[\s\\]+/)),
  );

  test("is found", () =>
    expect(examples.map(([first]) => first)).toEqual([
      "--simulate",
      "--subscription",
      "--ids",
      "--resume",
      "--endpoint",
    ]));

  test.each(examples.filter(([first]) => first !== "--resume"))("is a command that works: %s", async (...typed) => {
    const { at } = await azure();
    const args = typed.map((arg) => (arg === "00000000-…" ? "00000000-0000-4000-8000-000000000000" : arg));
    const [first] = args;
    const here = first === "--simulate" ? [] : at;
    const argv = first === "--endpoint" ? args.slice(2) : args;
    const { code, err } = await run([...argv, ...here, "--dry-run"], { stdin: vm });
    expect([code, err]).toEqual([0, expect.stringContaining("old OS disk")]);
  });
});
