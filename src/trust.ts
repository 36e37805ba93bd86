import { check } from "../generated/validate.js";
import { refuse } from "./errors.js";
import { LONGEST_URL } from "./limits.js";

/** A URL from outside, and whether it may see the token; a trick has none that could be kept. */
export type Judged =
  | { readonly trusted: true; readonly url: string }
  | { readonly trusted: false; readonly url?: string };

/** Why a URL is not followed that must not see the token. */
export const UNTRUSTED = "untrusted-status-url";

/**
 * Decides whether a URL from a header or a saved state may be asked with the token (L9, S2).
 *
 * @param raw - as it came; relative forms resolve against `base`
 * @param base - the URL of the request that brought it, or undefined where only an absolute URL makes sense
 * @param origins - the origins that may see the token
 * @returns undefined for what is no URL
 */
export function judgeUrl(raw: unknown, base: string | undefined, origins: readonly string[]): Judged | undefined {
  const text = typeof raw === "string" ? raw.trim() : "";
  const url = text && URL.canParse(text, base) && new URL(text, base);
  if (!url || url.href.length > LONGEST_URL) return undefined;
  // Another scheme, or user information: `blob:https://host/…` has the origin of its host.
  // Parsers disagree about backslashes, and drop tabs, line breaks and an empty user without a word: what needs them is a trick.
  const trick = !/^https?:\/\/[^/@]+\//.test(url.href) || /[\\\t\r\n]|^[^/]*\/\/+[^/?#]*@/.test(text);
  if (trick) return { trusted: false };
  url.hash = "";
  return { url: url.href, trusted: origins.includes(url.origin) };
}

/**
 * Reads a base URL that is to see the token: https, or http on loopback where that was asked for (S4).
 *
 * @throws {@link InvalidInputError} with the rule that it breaks, at `path`
 */
export function judgeEndpoint(raw: unknown, path: string, insecureLoopback = false): URL {
  const url = judgeUrl(raw, undefined, [])?.url ?? "";
  const loopback = insecureLoopback && /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url);
  const fits = (url.startsWith("https:") || loopback) && !/[?#]/.test(raw as string);
  const rule = "must be https (or loopback with allowInsecureLoopback), no user, query or fragment";
  refuse(check(fits, path, rule));
  return new URL(url);
}
