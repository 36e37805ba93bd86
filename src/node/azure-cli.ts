/// <reference types="node" />
import { type ExecFileException, execFile } from "node:child_process";
import type { TokenCredential } from "../index.js";
import { azCommand } from "./az-command.js";

/** How the Azure command line is asked. */
export interface AzureCliOptions {
  /**
   * The tenant that the token is for, by its id or its domain.
   *
   * @default the tenant of the command line's current account
   */
  readonly tenantId?: string | undefined;
  /**
   * How long the command line may take, in milliseconds.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes a credential of whoever is logged in to the Azure command line: `az account get-access-token`, without a shell. The
 * token is handed to the caller and shown nowhere else.
 *
 * `getToken` rejects with an Error that says what to do when `az` is not installed, nobody is logged in, or it takes too
 * long; and with the signal's reason when it is aborted.
 *
 * @throws {TypeError} from `getToken`, when a scope or a tenant has other characters than those have
 * @example
 * ```ts
 * const client = createReimageClient({ credential: azureCliCredential() });
 * ```
 */
export function azureCliCredential(options: AzureCliOptions = {}): TokenCredential {
  const { tenantId, timeoutMs = 30_000 } = options;
  return {
    async getToken(scopes, { abortSignal, claims } = {}) {
      abortSignal?.throwIfAborted();
      if (claims) throw new Error(`The service wants a token with other claims. ${LOGIN}`);
      const [scope = "", ...more] = typeof scopes === "string" ? [scopes] : scopes;
      if (more.length > 0) throw new TypeError("The Azure command line gives a token for one scope at a time.");
      return readToken(await run(scope, tenantId, timeoutMs, abortSignal));
    },
  };
}

const LOGIN = "Run `az login`, then try again.";

function run(
  scope: string,
  tenantId: string | undefined,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { file, args, options } = azCommand(process, scope, tenantId);
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { ...options, timeout: timeoutMs, killSignal: "SIGKILL", windowsHide: true, ...(signal && { signal }) },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        reject(signal?.aborted ? signal.reason : failure(error, stderr, timeoutMs));
      },
    );
    // It must not wait for an answer that nobody gives.
    child.stdin?.on("error", () => {}).end();
  });
}

/** What to do about it, in words of our own. What `az` printed is not shown: who knows what it holds. */
function failure({ code, killed, signal }: ExecFileException, stderr: string, timeoutMs: number): Error {
  if (killed) return new Error(`The Azure command line did not answer within ${timeoutMs / 1000} s.`);
  if (code === "ENOENT" || /is not recognized/i.test(stderr)) {
    return new Error(
      "The Azure command line is not installed, or `az` is not on the PATH. Install it, then run `az login`.",
    );
  }
  if (/az login|az account set|AADSTS/i.test(stderr)) {
    const [reason = ""] = /AADSTS\d+/.exec(stderr) ?? [];
    return new Error(
      `Nobody is logged in to the Azure command line${reason && `, or not any more (${reason})`}. ${LOGIN}`,
    );
  }
  return new Error(
    `The Azure command line gave no token: \`az account get-access-token\` ended with ${code ?? signal}. Run it to see why.`,
  );
}

/** The token in what `az` printed. What cannot be read is not quoted. */
function readToken(printed: string): { token: string; expiresOnTimestamp: number } {
  const { accessToken, expires_on: expiresAt, expiresOn } = parse(printed);
  // Older versions have the end in local time alone: "2025-01-31 12:00:00.000000".
  const end = expiresAt === undefined ? Date.parse(String(expiresOn).replace(" ", "T")) : Number(expiresAt) * 1000;
  if (typeof accessToken !== "string" || accessToken === "" || !Number.isFinite(end)) {
    throw new Error("The Azure command line printed no token that can be read. Update it, then try again.");
  }
  return { token: accessToken, expiresOnTimestamp: end };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
