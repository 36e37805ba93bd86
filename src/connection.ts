/** Codes of runtimes for a connection that never stood, and for a request that they refused to begin. */
const NEVER_CONNECTED =
  /^(ECONN|Connection)REFUSED$|^ENOTFOUND|^EAI_|CERT(_|$)|^UNABLE_TO_|^UND_ERR_(CONNECT_|INVALID_ARG|NOT_)/i;
/** Of TLS, plain text in its place among them. The runtime's fetch tells it of a handshake alone, another may of a connection that stood. */
const NO_TLS = /^ERR_SSL_(WRONG_V|.*(PROTOCOL|HANDSHAKE))/;

/**
 * Did the runtime say that the connection never stood (S1)? Anything less certain counts as sent.
 *
 * Node and Bun say so. Browsers do not: their bundles have connection.browser.ts in place of this, by package.json's `imports`.
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
