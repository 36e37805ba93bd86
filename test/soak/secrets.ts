// The secrets of the storm. Each kind begins and ends with a mark that escaping does not change, so that any place can be
// searched for all of them at once, also for the half of one that a careless cut leaves.
import type { RecordedRequest } from "../harness/record.js";
import { forms } from "../rules/support-s-secrets.js";
import type { Book } from "./books.js";

const HEAD = "soakcustomdata ";
const TAIL = "customdata-tail";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A password of an operation's own, with characters that every escaping treats in its own way. */
export const passwordOf = (id: string): string => `SoakPw9!"\\/%${id}9wPkaoS`;

/** A customData of an operation's own. Base64 takes three bytes at a time: padded, its end looks alike in all of them. */
export const customDataOf = (id: string): string => base64(`${HEAD}${id.padEnd(Math.ceil(id.length / 3) * 3)}${TAIL}`);

/** A token that nobody had before. */
export const tokenOf = (id: string): string => `soaktoken.${id}.nekotkaos`;

/** What must not show anywhere: the secrets by their marks, and whatever signs a status URL. */
const MARKS: Readonly<Record<string, RegExp>> = {
  password: /SoakPw9|9wPkaoS/,
  customData: new RegExp([HEAD.trim(), TAIL, base64(HEAD), base64(TAIL)].join("|")),
  token: /soaktoken|nekotkaos/,
  signature: /[?&][tcsh]=(?!\[redacted\])|\bMII[\w-]{16}/,
};

/** A whole URL loses its whole query; a part of one, or one behind escapes, what signs it. */
const QUERY = /https?:\/\/[^\s"'<>?]+\?(?!\[redacted\])/;

/** What may not even stand in a resume state, the one place with the whole status URL. */
const NEVER_SAVED = ["password", "customData", "token"];

/**
 * The kinds of secrets that show in a text, under whatever escapes.
 *
 * @param signatures - those of one operation, which have no mark
 */
export function secretsShownIn(text: string, signatures: readonly string[] = []): string[] {
  const read = readings(text);
  const shown = Object.entries(MARKS).flatMap(([kind, mark]) => (read.some((one) => mark.test(one)) ? kind : []));
  if (QUERY.test(text)) shown.push("query");
  if (signatures.some((value) => read.some((one) => one.includes(value)))) shown.push("signature alone");
  return shown;
}

/** The kinds of secrets that a resume state should not hold. */
export function secretsSavedIn(state: string): string[] {
  return secretsShownIn(state).filter((kind) => NEVER_SAVED.includes(kind));
}

/** What signs the URL of a resume state, value by value. */
export function signaturesSavedIn(state: string): string[] {
  const { statusUrl = "" } = JSON.parse(state) as { statusUrl?: string };
  return signaturesIn(statusUrl.split("?")[1] ?? "");
}

/** What signs a URL, by its query. */
export function signaturesIn(query: string): string[] {
  const values = new URLSearchParams(query);
  return ["c", "s", "h"].flatMap((name) => values.get(name) ?? []);
}

/**
 * What a careless service writes into its errors: a secret of the request or of the operation's POST, in one form or another.
 *
 * After a resume the client does not know the password any more, and says so; a careless service would still know it.
 */
export function gossip({ dice, password }: Book, { url, headers }: RecordedRequest): string {
  const { authorization = "", "x-soak-life": life = "1." } = headers;
  const [, query = ""] = url.split("?");
  const known = [authorization, authorization.replace(/^Bearer /, ""), url];
  if (query) known.push(`?${query}`, ...signaturesIn(query));
  if (password && life.startsWith("1.")) known.push(password, password);
  const form = forms[dice.pick(Object.keys(forms))] as (secret: string) => string;
  return `You sent ${form(dice.pick(known))} from ${headers["user-agent"]}.`;
}

/** A text as it stands, and without one layer of escapes and another. */
function readings(text: string): string[] {
  const read = [text];
  for (let last = text; read.length < 4 && /\\u[\da-f]{4}|%[\da-f]{2}/i.test(last); read.push(last)) {
    last = last.replace(/\\+u([\da-f]{4})|%([\da-f]{2})/gi, (_, unit, byte) =>
      String.fromCharCode(Number.parseInt(unit ?? byte, 16)),
    );
  }
  return read;
}
