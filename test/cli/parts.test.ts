import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { commandLine } from "../../src/cli/command-line.js";
import { findCredential, firstOf } from "../../src/cli/credential.js";
import { clock, readDuration } from "../../src/cli/duration.js";
import { fateOf } from "../../src/cli/look.js";
import { bar, createProgress } from "../../src/cli/progress.js";
import { createScreen } from "../../src/cli/screen.js";
import { MEANINGS } from "../../src/cli/simulated.js";
import { harmless, jsonOf } from "../../src/cli/text.js";
import { parseVirtualMachineId, type TokenCredential } from "../../src/index.js";
import { idOf } from "./run.js";

describe("a time", () => {
  test.each([
    ["90s", 90_000],
    ["45m", 2_700_000],
    ["2h", 7_200_000],
    ["1h30m", 5_400_000],
  ])("%s is %i ms", (text, ms) => expect(readDuration(text, "--timeout")).toBe(ms));

  test.each(["", "45", "1.5h", "-1m", "1d", "m", " 1m", "1m ", "99999999999999999h"])("%j is none", (text) => {
    expect(() => readDuration(text, "--timeout")).toThrow(/--timeout must be/);
  });

  test.each([
    [0, "0:00"],
    [9_400, "0:09"],
    [754_000, "12:34"],
    [3_723_000, "1:02:03"],
  ])("%i ms is shown as %s", (ms, shown) => expect(clock(ms)).toBe(shown));
});

describe("the token", () => {
  const interrupted = new AbortController().signal;
  const gives = (token: string): TokenCredential => ({ getToken: async () => ({ token, expiresOnTimestamp: 0 }) });
  const fails = (message: string): TokenCredential => ({ getToken: () => Promise.reject(new Error(message)) });

  test("is that of AZURE_ACCESS_TOKEN where it is set", async () => {
    const credential = findCredential({ env: { AZURE_ACCESS_TOKEN: " given\n" }, interrupted });
    expect(typeof credential === "function" && (await credential())).toBe("given");
  });

  test("comes from the first that has one, and later from the same", async () => {
    let asked = 0;
    const first: TokenCredential = { getToken: () => Promise.reject(new Error(`no ${++asked}`)) };
    const credential = firstOf([first, gives("second"), gives("third")], interrupted);
    expect(await credential.getToken("scope")).toMatchObject({ token: "second" });
    expect(await credential.getToken("scope")).toMatchObject({ token: "second" });
    expect(asked).toBe(1);
  });

  test("where nobody has one the error says why each has not", async () => {
    await expect(firstOf([fails("No az."), fails("No identity.")], interrupted).getToken("scope")).rejects.toThrow(
      "AZURE_ACCESS_TOKEN is not set. No az. No identity.",
    );
  });

  test("of a reason that is a page the error has the first line, its white space folded", async () => {
    const page = "\n Chain \t failed.\r\nCredentialUnavailableError: one.\nCredentialUnavailableError: two.";
    await expect(firstOf([fails(page), fails("No identity.")], interrupted).getToken("scope")).rejects.toThrow(
      /^AZURE_ACCESS_TOKEN is not set\. Chain failed\. No identity\.$/,
    );
  });

  test("is not looked for elsewhere by who has left", async () => {
    const gone = AbortSignal.abort(new Error("left"));
    await expect(
      firstOf([fails("No az."), gives("late")], interrupted).getToken("scope", { abortSignal: gone }),
    ).rejects.toThrow("left");
  });
});

test("a line end in a text of the service is a space, and what steers a terminal is replaced", () => {
  expect(harmless("one\r\ntwo\nthree\rfour\u001b[2J")).toBe("one two three four\u{fffd}[2J");
  expect(harmless("web\u202e1")).toBe("web\u{fffd}1");
  const told = { name: "web\u202e1", csi: "\u009b2J" };
  expect(jsonOf(told)).toBe('{"name":"web\\u202e1","csi":"\\u009b2J"}');
  expect(JSON.parse(jsonOf(told))).toEqual(told);
});

test("a command line can be pasted into a shell", () => {
  const args = ["--resume", "a b.jsonl", "-n", "it's", "--endpoint", "https://arm.example/x"];
  const line = "azure-vm-reimage --resume 'a b.jsonl' -n 'it'\\''s' --endpoint https://arm.example/x";
  expect(commandLine(args, { env: {} })).toBe(line);
  expect(commandLine(args, { env: { npm_command: "exec" } })).toBe(`npx ${line}`);
});

test.each([
  ["/usr/local/bin/azure-vm-reimage", "/bin:/usr/local/bin", "azure-vm-reimage"],
  ["/home/me/web/node_modules/.bin/azure-vm-reimage", "/bin", "/home/me/web/node_modules/.bin/azure-vm-reimage"],
  ["/home/my web/.bin/azure-vm-reimage", "/bin", "'/home/my web/.bin/azure-vm-reimage'"],
  ["/home/me/dist/src/cli/bin.js", "/home/me/dist/src/cli", "node /home/me/dist/src/cli/bin.js"],
])("a command that was started by %s, with the PATH %s, is started again by %s", (startedBy, PATH, command) => {
  expect(commandLine(["--help"], { env: { PATH }, startedBy })).toBe(`${command} --help`);
  expect(commandLine(["--help"], { env: { PATH, npm_command: "exec" }, startedBy })).toBe(
    "npx azure-vm-reimage --help",
  );
});

describe("progress", () => {
  const totals = { waiting: 0, running: 0, ended: 0, outcomes: {}, throttled: 0 };
  const output = (terminal: object) => {
    let text = "";
    const stream = new PassThrough().on("data", (chunk) => {
      text += chunk;
    });
    return { stderr: Object.assign(stream, terminal), text: () => text };
  };
  const vms = ["a", "b"].map((name) => parseVirtualMachineId(idOf(name)));
  const state = {
    type: "state",
    state: { status: "running", correlationId: "c", polls: 0, nextPollAt: 0, readFailures: 0 },
  } as const;

  test("of many is a bar with number, trouble, rate and time left", () => {
    expect(bar({ ...totals, running: 100, ended: 100, outcomes: { succeeded: 97, failed: 3 } }, 200, 10_000)).toBe(
      "[============>           ]  100/200  3 not succeeded  100 running  10.0/s  0:10 left",
    );
    expect(bar(totals, 200, 0)).toBe("[>                       ]  0/200  0 running");
    expect(bar({ ...totals, ended: 2, outcomes: { succeeded: 2 } }, 2, 1000)).toBe(
      "[========================]  2/2  0 running",
    );
  });

  test("of one is a line that is redrawn on a terminal, and gone in the end", () => {
    const { stderr, text } = output({ isTTY: true, columns: 80 });
    const progress = createProgress(createScreen({ stderr, env: {} }), vms.slice(0, 1));
    progress.onEvent(state);
    progress.stop();
    expect(text()).toBe("\r\u001b[2K0:00  a is asked for\r\u001b[2K");
  });

  test.each([
    { stderr: {}, env: {} },
    { stderr: { isTTY: true }, env: { TERM: "dumb" } },
  ])("of one is a line for each change where nothing can be redrawn: %j", ({ stderr: terminal, env }) => {
    const { stderr, text } = output(terminal);
    const progress = createProgress(createScreen({ stderr, env }), vms.slice(0, 1));
    for (let i = 0; i < 3; i++) progress.onEvent(state);
    progress.onEvent({ ...state, state: { ...state.state, serviceStatus: "InProgress", percentComplete: 40 } });
    progress.stop();
    expect(text()).toBe("a is accepted (correlation id c).\na is InProgress, 40 %.\n");
  });

  test("of nothing is nothing", () => {
    const { stderr, text } = output({ isTTY: true });
    createProgress(createScreen({ stderr, env: {} }), []).stop();
    expect(text()).toBe("");
  });

  test("keeps out of the way of lines that stay", () => {
    const { stderr, text } = output({ isTTY: true, columns: 80 });
    const screen = createScreen({ stderr, env: {} });
    const stop = screen.live(() => "live");
    screen.say("stays");
    stop();
    expect(text()).toBe("\r\u001b[2Klive\r\u001b[2Kstays\n\r\u001b[2Klive\r\u001b[2K");
  });
});

test("the names with a meaning are those that the documentation has", () => {
  expect(MEANINGS).toEqual(["fail", "cancel", "hang", "busy", "lost"]);
});

test("what becomes of an old disk is told as what is to come: the line stands before the question", () => {
  expect((["kept", "deleted", "reset", "unknown"] as const).map(fateOf)).toEqual([
    "The old OS disk will be kept.",
    "The old OS disk will be deleted.",
    "The OS disk is ephemeral, and will be reset.",
    "It is not known what will become of the old OS disk.",
  ]);
});
