// azureCliCredential: the command line is asked without a shell, and what it prints goes to the caller alone.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createReimageClient } from "../../src/index.js";
import { azCommand } from "../../src/node/az-command.js";
import { azureCliCredential } from "../../src/node/index.js";
import { createSimulator } from "../../src/simulator/index.js";
import { expectNoLeftovers } from "../harness/leftovers.js";
import { vm } from "../simulator/support.js";

const scope = "https://management.azure.com/.default";
const token = "s3cret.token.of-the-command-line";
const printed = (more: object) => JSON.stringify({ accessToken: token, tokenType: "Bearer", ...more });

let folder: string;
const path = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "azure-vm-reimage-az-"));
  process.env.PATH = folder;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

/** Puts an `az` on the PATH that writes its arguments down, prints, and ends; it is a program of Node, so no shell is needed. */
function install({ prints = "", complains = "", code = 0, hangs = false, killedBy = "" } = {}): void {
  const file = join(folder, "az");
  const script = `
    require("node:fs").writeFileSync(${JSON.stringify(join(folder, "args"))}, JSON.stringify(process.argv.slice(2)));
    process.stdout.write(${JSON.stringify(prints)});
    process.stderr.write(${JSON.stringify(complains)});
    process.exitCode = ${code};
    ${hangs ? "setInterval(() => {}, 1000);" : ""}
    ${killedBy ? `process.kill(process.pid, "${killedBy}");` : ""}`;
  writeFileSync(file, `#!${process.execPath}\n${script}`);
  chmodSync(file, 0o755);
}
const args = () => JSON.parse(readFileSync(join(folder, "args"), "utf8"));

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable("it did not reject"),
    (error: Error) => error,
  );

describe("a token", () => {
  test("is asked for its scope, and for a tenant where there is one", async () => {
    install({ prints: printed({ expires_on: 1_900_000_000 }) });
    await azureCliCredential().getToken(scope);
    expect(args()).toEqual(["account", "get-access-token", "--output", "json", "--scope", scope]);
    await azureCliCredential({ tenantId: "contoso.onmicrosoft.com" }).getToken([scope]);
    expect(args().slice(-2)).toEqual(["--tenant", "contoso.onmicrosoft.com"]);
  });

  test("ends when expires_on says, in seconds, whatever the local expiresOn says", async () => {
    install({ prints: printed({ expires_on: 1_900_000_000, expiresOn: "2000-01-01 00:00:00.000000" }) });
    expect(await azureCliCredential().getToken(scope)).toEqual({ token, expiresOnTimestamp: 1_900_000_000_000 });
  });

  test("ends by expiresOn, in local time, where older versions have nothing else", async () => {
    install({ prints: printed({ expiresOn: "2031-01-31 12:34:56.789000" }) });
    const answer = await azureCliCredential().getToken(scope);
    expect(answer?.expiresOnTimestamp).toBe(new Date(2031, 0, 31, 12, 34, 56, 789).getTime());
  });

  test("serves our client", async () => {
    install({ prints: printed({ expires_on: 1_900_000_000 }) });
    const arm = createSimulator({ statusHeader: "none" });
    const client = createReimageClient({ credential: azureCliCredential(), fetch: arm.fetch });
    expect(await client.reimage(vm)).toMatchObject({ status: "succeeded" });
  });

  test.each([
    ["nothing", ""],
    ["no JSON", `not JSON ${token}`],
    ["null", "null"],
    ["no token", '{"expires_on":1900000000}'],
    ["no end", printed({})],
  ])("is refused where the command line prints %s, and what it printed is not quoted", async (_, prints) => {
    install({ prints });
    const error = await failure(azureCliCredential().getToken(scope));
    expect(error.message).toMatch(/printed no token that can be read/);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(token);
  });
});

describe("without a token", () => {
  test("because az is missing, the error says to install it", async () => {
    expect((await failure(azureCliCredential().getToken(scope))).message).toMatch(/is not installed.*az login/);
  });

  test.each([
    ["ERROR: Please run 'az login' to setup account.", /Nobody is logged in.*az login/],
    ["ERROR: AADSTS70043: The refresh token has expired. s3cret", /\(AADSTS70043\).*az login/],
    ["ERROR: the disk is full s3cret", /gave no token: .* ended with 1/],
    ["'az.cmd' is not recognized as an internal or external command", /is not installed/],
  ])("because of %j, the error says what to do, and quotes nothing", async (complains, message) => {
    install({ complains, prints: token, code: 1 });
    const error = await failure(azureCliCredential().getToken(scope));
    expect(error.message).toMatch(message);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("s3cret");
  });

  test("because a signal ended the program, the error says which", async () => {
    install({ hangs: true, killedBy: "SIGINT" });
    const { message } = await failure(azureCliCredential().getToken(scope));
    expect(message).toContain("`az account get-access-token` ended with SIGINT.");
  });

  test("because it takes too long, the error says how long, and the program is ended", async () => {
    install({ hangs: true });
    await expectNoLeftovers(async () => {
      const error = await failure(azureCliCredential({ timeoutMs: 300 }).getToken(scope));
      expect(error.message).toBe("The Azure command line did not answer within 0.3 s.");
    });
  });

  test("because the caller aborts, it rejects with the signal's reason, and the program is ended", async () => {
    install({ hangs: true });
    const reason = { why: "enough" };
    await expectNoLeftovers(async () => {
      const abort = new AbortController();
      const lost = failure(azureCliCredential().getToken(scope, { abortSignal: abort.signal }));
      setTimeout(() => abort.abort(reason), 100);
      expect(await lost).toBe(reason);
    });
    const before = azureCliCredential().getToken(scope, { abortSignal: AbortSignal.abort(reason) });
    expect(await failure(before)).toBe(reason);
  });

  test("because other claims are wanted, the error says to log in", async () => {
    expect((await failure(azureCliCredential().getToken(scope, { claims: "{}" }))).message).toMatch(/claims.*az login/);
  });

  test.each(["", "a b", "a;rm -rf", "$(x)", "a&b", '"', "%PATH%", "--debug", "a\nb", "a|b", "a^b"])(
    "because %j is no scope or tenant, nothing is started",
    async (text) => {
      install({ prints: printed({ expires_on: 1 }) });
      expect(await failure(azureCliCredential().getToken(text))).toBeInstanceOf(TypeError);
      expect(await failure(azureCliCredential({ tenantId: text }).getToken(scope))).toBeInstanceOf(TypeError);
      expect(args).toThrow("ENOENT");
    },
  );

  test("because several scopes are wanted at once, nothing is started", async () => {
    expect(await failure(azureCliCredential().getToken([scope, scope]))).toBeInstanceOf(TypeError);
    expect(await failure(azureCliCredential().getToken([]))).toBeInstanceOf(TypeError);
  });
});

test("on Windows cmd.exe of the system runs az.cmd in its own folder, with one line that it reads as it stands", () => {
  expect(azCommand({ platform: "win32", env: { SystemRoot: "D:\\Win" } }, scope, "tenant-1")).toEqual({
    file: "D:\\Win\\System32\\cmd.exe",
    args: ["/d", "/s", "/c", `"az.cmd account get-access-token --output json --scope ${scope} --tenant tenant-1"`],
    options: { cwd: "D:\\Win\\System32", windowsVerbatimArguments: true },
  });
  expect(azCommand({ platform: "win32", env: {} }, scope).file).toBe("C:\\Windows\\System32\\cmd.exe");
});
