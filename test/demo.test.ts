// The README's first command: what it does, what it shows where, and what makes it exit with 1.
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { virtualMachinesReimageExamples, virtualMachinesReimageOperation } from "../generated/operations.js";
import { type Package, perform } from "../scripts/demo/acts.js";
import { type Preparation, prepare } from "../scripts/demo/prepare.js";
import { screenOf } from "../scripts/demo/screen.js";
import { show } from "../scripts/demo/show.js";
import { jsonLines, wrap } from "../scripts/demo/text.js";
import { createReimageClient, formatVirtualMachineId, isReimageError } from "../src/index.js";
import { createSimulator, type SimulatorOptions } from "../src/simulator/index.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built: Package = { createReimageClient, createSimulator, formatVirtualMachineId, isReimageError };

/** Standard output, as a terminal or not, and what was written to it. */
function output(terminal: Partial<WriteStream> = {}) {
  const stream = Object.assign(new PassThrough(), { columns: 80, ...terminal });
  /** All that was written; newer Nodes give a chunk at a time. */
  const written = () => {
    let text = "";
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += String(chunk);
    return text;
  };
  return { stream, written };
}
const tty = { isTTY: true, getColorDepth: WriteStream.prototype.getColorDepth } as const;

/** The acts on a screen, while the clock is made to run fast; the output as it was written. */
async function performed({
  terminal = {},
  package: used = built,
}: {
  terminal?: Partial<WriteStream>;
  package?: Package;
} = {}) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
  try {
    const { stream, written } = output(terminal);
    let over = false;
    const acts = perform(used, show(screenOf(stream, "xterm-256color"))).finally(() => {
      over = true;
    });
    while (!over) await vi.advanceTimersByTimeAsync(10);
    const asMeant = await acts;
    expect(vi.getTimerCount()).toBe(0);
    return { asMeant, text: written() };
  } finally {
    vi.useRealTimers();
  }
}

/** The package, with another simulator than the acts ask for. */
const changed = (change: (options: SimulatorOptions) => SimulatorOptions): Package => ({
  ...built,
  createSimulator: (options = {}) => createSimulator(change(options)),
});

describe("the acts in a pipe", () => {
  test("end as they are meant to, each with its own last word", async () => {
    const { asMeant, text } = await performed();
    expect(asMeant).toBe(true);
    const acts = text.split(/^── \d ── /m).slice(1);
    expect(acts).toHaveLength(4);
    expect(acts[0]).toMatch(/✓ succeeded after 2\.0 s, asked twice\n {4}The OS disk is new; the old one is kept/);
    expect(acts[1]).toMatch(/✓ succeeded after 1\.0 s, asked once\n {4}The OS disk is the same one, reset/);
    expect(acts[2]).toMatch(
      /✗ failed after .*\n +name +OperationFailedError\n +code +OSProvisioningTimedOut\n +started +yes/,
    );
    expect(acts[2]).toMatch(/message {2}Reimage of broken-vm[\s\S]+hint {5}\S/);
    expect(acts[3]).toMatch(/resume\(saved\)\.wait\(\)[\s\S]+✓ succeeded[\s\S]+the old one is deleted/);
    expect(text).toMatch(/All 4 ended as they were meant to, in 5\.[01] s\.\n.*README/);
  });

  test("show what was sent and what came back, in short", async () => {
    const { text } = await performed();
    expect(text).toContain(
      `→ POST …/virtualMachines/managed-vm/reimage?api-version=${virtualMachinesReimageOperation.apiVersion}\n`,
    );
    expect(text).toContain('"osProfile": { "adminPassword": "***", "customData": "***" }');
    expect(text).toContain('    { "tempDisk": true }\n');
    expect(text).toContain("authorization: Bearer ***");
    expect(text).toMatch(/← 202 Accepted\n {4}azure-asyncoperation: …\/operations\/[0-9a-f-]{36}\?…\n/);
    expect(text).toMatch(/location: …\/operations\/[0-9a-f-]{36}\?monitor=true&…\n/);
    expect(text).toMatch(/"statusUrl": "…\/operations\/[0-9a-f-]{36}\?…"/);
    expect(text).toMatch(/ {2}· 1\.0 s {2}InProgress, asking again in 1\.0 s\n/);
  });

  test("show no secret, no signature, no colour and no line beyond 80 columns", async () => {
    const signatures: string[] = [];
    const listening: Package = {
      ...built,
      createSimulator(options) {
        const arm = createSimulator(options);
        const answer = arm.fetch;
        const fetch: typeof answer = async (...args) => {
          const reply = await answer(...args);
          const url = reply.headers.get("azure-asyncoperation");
          if (url !== null)
            signatures.push(...["c", "s", "h", "t"].map((name) => new URL(url).searchParams.get(name) ?? ""));
          return reply;
        };
        // Not a copy: `vms` and `requests` are read as they are at the time.
        return Object.defineProperty(arm, "fetch", { value: fetch });
      },
    };
    const { text } = await performed({ package: listening });
    expect(signatures).toHaveLength(16);
    const { adminPassword, customData } = virtualMachinesReimageExamples.requests.nonEphemeral.osProfile;
    for (const secret of ["a-token-of-the-demo", adminPassword, customData, ...signatures])
      expect(text).not.toContain(secret);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the acts on a terminal", () => {
  beforeEach(() => {
    vi.stubEnv("NO_COLOR", undefined);
    vi.stubEnv("NODE_DISABLE_COLORS", undefined);
    vi.stubEnv("FORCE_COLOR", undefined);
    vi.stubEnv("TERM", "xterm-256color");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const cleared = "\r\u001b[2K";

  test("keep one line alive while they wait, and take it away in the end", async () => {
    const { text } = await performed({ terminal: tty });
    const frames = text.split(cleared);
    expect(frames.some((frame) => /^ {2}\S \d\.\d s {2}Accepted, asking again in 1\.0 s$/.test(frame))).toBe(true);
    expect(frames.some((frame) => /^ {2}\S \d\.\d s {2}InProgress, asking again in 0\.5 s$/.test(frame))).toBe(true);
    const stayed = text.replaceAll(
      new RegExp(`${cleared.replace("[", "\\[")}[^\n]*(?=${cleared.replace("[", "\\[")})`, "g"),
      "",
    );
    expect(stayed).not.toContain("asking again");
    expect(text).not.toContain("·");
  });

  test("are in colour, unless NO_COLOR says otherwise", async () => {
    vi.stubEnv("CI", undefined); // Node takes a terminal of a CI service for one without colours
    expect((await performed({ terminal: tty })).text).toContain("\u001b[32m✓\u001b[39m");
    vi.stubEnv("NO_COLOR", "1");
    expect((await performed({ terminal: tty })).text).not.toContain("\u001b[3");
  });

  test("are in colour in a pipe too where FORCE_COLOR says so, but keep no line alive", async () => {
    vi.stubEnv("FORCE_COLOR", "1");
    const { text } = await performed();
    expect(text).toContain("\u001b[32m✓\u001b[39m");
    expect(text).not.toContain(cleared);
  });

  test("redraw nothing on a terminal that cannot, and cut the line on one that is narrow", () => {
    const dumb = output(tty);
    screenOf(dumb.stream, "dumb")
      .live(() => "here")
      .stop();
    expect(dumb.written()).toBe("");
    const narrow = output({ ...tty, columns: 10 });
    const line = screenOf(narrow.stream, "xterm").live(() => "0123456789");
    line.stop();
    expect(narrow.written()).toBe(`${cleared}012345678${cleared}`);
  });

  test("redraw by the clock until stopped", () => {
    vi.useFakeTimers();
    try {
      const { stream, written } = output(tty);
      let n = 0;
      const line = screenOf(stream, "xterm").live(() => `${++n}`);
      vi.advanceTimersByTime(250);
      line.stop();
      vi.advanceTimersByTime(1000);
      expect(written()).toBe(`${cleared}1${cleared}2${cleared}3${cleared}`);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("an act that ends otherwise", () => {
  const withVm = (name: string, declared: object) =>
    changed((options) => ({
      ...options,
      vms: (options.vms ?? []).map((vm) => (vm.vmName === name ? { ...vm, ...declared } : vm)),
    }));

  test.each([
    ["managed-vm", { outcome: "failed" }],
    ["managed-vm", { deleteOption: "Delete" }],
    ["ephemeral-vm", { outcome: "canceled" }],
    ["ephemeral-vm", { ephemeral: false }],
    ["broken-vm", { outcome: "succeeded" }],
    ["broken-vm", { outcome: { status: "failed", code: "Other" } }],
    ["resumed-vm", { outcome: "failed" }],
    ["resumed-vm", { deleteOption: "Detach" }],
  ] as const)("is named: %s with %j", async (name, declared) => {
    const { asMeant, text } = await performed({ package: withVm(name, declared) });
    expect(asMeant).toBe(false);
    expect(text).toContain(`✗ Not as it was meant to end: ${name}\n`);
    expect(text).toContain("── 4 ──");
  });

  test("is shown with its refusal where the service refuses", async () => {
    const { asMeant, text } = await performed({ package: changed((options) => ({ ...options, refuse: {} })) });
    expect(asMeant).toBe(false);
    expect(text).toContain("← 400 Bad Request");
    expect(text).toMatch(/✗ That was not to happen\.\n {4}RequestRejectedError: /);
  });
});

describe("the preparation", () => {
  const prepared = async (steps: Partial<Preparation> = {}) => {
    const built: string[] = [];
    const { stream, written } = output();
    const preparation = { check: async () => [], build: async (root: string) => void built.push(root), ...steps };
    return { ready: await prepare("/project", show(screenOf(stream)), preparation), text: written(), built };
  };

  test("checks what was generated, then builds", async () => {
    expect(await prepared()).toMatchObject({
      ready: true,
      text: expect.stringMatching(/✓ generated.*\n.*✓ dist\/ is built/),
      built: ["/project"],
    });
  });

  test("stops and says what drifted, and how to mend it", async () => {
    const { ready, text, built } = await prepared({ check: async () => [{ path: "schema.ts", kind: "changed" }] });
    expect(ready).toBe(false);
    expect(text).toBe(
      "  ✗ generated/ is not what spec/ says\n    generated/schema.ts would be changed\n    Mend it with: npm run generate\n",
    );
    expect(built).toEqual([]);
  });

  test("stops and says why a contract cannot be read", async () => {
    const { ready, text } = await prepared({
      check: () => Promise.reject(new Error("spec/openapi.yaml:3:1 error\n    why")),
    });
    expect([ready, text]).toEqual([
      false,
      "  ✗ generated/ is not what spec/ says\n    spec/openapi.yaml:3:1 error\n        why\n",
    ]);
  });

  test("stops and shows the compiler's words when it does not compile", async () => {
    const { ready, text } = await prepared({ build: () => Promise.reject(new Error("src/a.ts(1,1): error TS1: no")) });
    expect([ready, text.replace(/^.*\n/, "")]).toEqual([
      false,
      "  ✗ dist/ cannot be built\n    src/a.ts(1,1): error TS1: no\n",
    ]);
  });
});

describe("text", () => {
  test("is broken at spaces, and within a word where there is no other way", () => {
    expect(wrap("one two  three", 7)).toEqual(["one two", "three"]);
    expect(wrap("a 0123456789", 4)).toEqual(["a", "0123", "4567", "89"]);
    expect(wrap("", 10)).toEqual([]);
  });

  test("of JSON is one line where it fits, else a property a line", () => {
    expect(jsonLines({ a: 1, b: { c: [] } }, 40)).toEqual(['{ "a": 1, "b": { "c": {} } }'.replace("{} }", "{} }")]);
    expect(jsonLines({ name: "a long value", b: { c: true } }, 30)).toEqual([
      "{",
      '  "name": "a long value",',
      '  "b": { "c": true }',
      "}",
    ]);
    expect(jsonLines(null, 3)).toEqual(["null"]);
  });
});

test("the whole of it runs in a pipe and exits with 0", { timeout: 60_000 }, async () => {
  const { FORCE_COLOR: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["scripts/run.mjs", "demo"], {
    cwd: root,
    env,
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/✓ generated\/ is what spec\/ says +\d+\.\d s\n {2}✓ dist\/ is built from it/);
  const [, took] = /All 4 ended as they were meant to, in (\d+\.\d) s\./.exec(stdout) ?? [];
  expect(Number(took)).toBeLessThan(10);
  expect(stripVTControlCharacters(stdout)).toBe(stdout);
});
