import type { Credential, TokenCredential } from "../index.js";
import { azureCliCredential } from "../node/index.js";
import type { Io } from "./io.js";

/** Not a dependency: it is used where somebody installed it. A variable, so that nothing looks for it before. */
const IDENTITY: string = "@azure/identity";

/** Whoever is signed in here: the token in AZURE_ACCESS_TOKEN, else the Azure command line, else `@azure/identity`. */
export function findCredential({ env, interrupted }: Pick<Io, "env" | "interrupted">): Credential {
  const given = env.AZURE_ACCESS_TOKEN?.trim();
  return given ? () => given : firstOf([azureCliCredential(), identityCredential()], interrupted);
}

/** How long it is believed that nobody has a token, so that a fleet does not ask for each VM. */
const BELIEVED_MS = 5_000;

/** How long after a failed sign-in the Ctrl-C may come that ended it: a terminal sends it to `az` too, which may die first. */
const LATE_MS = 250;

/**
 * The first credential that gives a token; later tokens come from the same. When none does, the error says why each did not.
 *
 * @param interrupted - waited for, a moment, before a failure is told: whoever asked for the token has left then
 */
export function firstOf(credentials: readonly TokenCredential[], interrupted: AbortSignal): TokenCredential {
  let chosen = credentials;
  let failed: { readonly at: number; readonly error: Error } | undefined;
  return {
    async getToken(scopes, options) {
      if (failed && performance.now() - failed.at < BELIEVED_MS) throw failed.error;
      const reasons: string[] = [];
      for (const credential of chosen) {
        try {
          const token = await credential.getToken(scopes, options);
          chosen = [credential];
          return token;
        } catch (error) {
          options?.abortSignal?.throwIfAborted();
          reasons.push(firstLineOf(error instanceof Error ? error.message : String(error)));
        }
      }
      await abortOf(interrupted, LATE_MS);
      const error = new Error(["AZURE_ACCESS_TOKEN is not set.", ...reasons].join(" "));
      // One that cannot meet a challenge may have a token for all else.
      if (!options?.claims) failed = { at: performance.now(), error };
      throw error;
    },
  };
}

/** A reason in a line: `@azure/identity` lists all that it tried, a page of it. */
function firstLineOf(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/, 1);
  return line.trim().replace(/\s+/g, " ");
}

/** Waits for an abort, so long at most. */
function abortOf(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

function identityCredential(): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      credential ??= load();
      return (await credential).getToken(scopes, options);
    },
  };
}

async function load(): Promise<TokenCredential> {
  try {
    const { DefaultAzureCredential } = await import(IDENTITY);
    return new DefaultAzureCredential();
  } catch {
    throw new Error("@azure/identity is not installed beside this package.");
  }
}
