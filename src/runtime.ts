/** What Node and Bun do, and browsers do not: package.json's `browser` has bundlers for them take runtime.browser.ts instead. */

/** Who follows a signal; one listener serves them all, since Node warns of a leak at the eleventh. */
const followers = new WeakMap<EventTarget, Set<() => void>>();

function relay({ target }: Event): void {
  for (const follower of followers.get(target as EventTarget) ?? []) follower();
}

/** Runs a callback when a signal that has not aborted does; returns what takes that back. */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const all = followers.get(signal) ?? new Set();
  followers.set(signal, all.add(run));
  signal.addEventListener("abort", relay, { once: true });
  return () => {
    all.delete(run);
    if (all.size === 0) signal.removeEventListener("abort", relay);
  };
}

/** Codes of runtimes for a connection that never stood, and for a request that they refused to begin. */
const NEVER_CONNECTED =
  /^(ECONN|Connection)REFUSED$|^ENOTFOUND|^EAI_|CERT(_|$)|^UNABLE_TO_|^UND_ERR_(CONNECT_|INVALID_ARG|NOT_)/i;
/** Of TLS, plain text in its place among them. The runtime's fetch tells it of a handshake alone, another may of a connection that stood. */
const NO_TLS = /^ERR_SSL_(WRONG_V|.*(PROTOCOL|HANDSHAKE))/;

/**
 * Did the runtime say that the connection never stood (S1)? Anything less certain counts as sent.
 *
 * @param ofCaller - is it the error of a fetch of the caller's own?
 */
export function neverConnected(error: unknown, ofCaller: boolean, depth = 4): boolean {
  try {
    const { code, syscall, message, cause, errors } = error as Readonly<Record<string, unknown>>;
    if (
      (typeof code === "string" && (NEVER_CONNECTED.test(code) || (!ofCaller && NO_TLS.test(code)))) ||
      syscall === "connect" ||
      /before secure TLS|^bad port$/.test(message as string)
    )
      return true;
    if (Array.isArray(errors) && errors.length > 0)
      return errors.every((one) => neverConnected(one, ofCaller, depth - 1));
    return code === undefined && depth > 0 && neverConnected(cause, ofCaller, depth - 1);
  } catch {
    return false;
  }
}
