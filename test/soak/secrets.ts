// The secrets of the storm. Each kind has a mark in it that no escaping of text changes, so that any place can be searched
// for all of them at once.

/** A password of an operation's own, with characters that every escaping treats in its own way. */
export const passwordOf = (id: string): string => `SoakPw9!"\\/%${id}`;

/** A customData of an operation's own. */
export const customDataOf = (id: string): string => Buffer.from(`soakcustomdata ${id}`).toString("base64");

/** A token that nobody had before. */
export const tokenOf = (id: string): string => `soaktoken.${id}`;

/** What must not show anywhere: the secrets by their marks, and whatever signs a status URL. */
const MARKS: Readonly<Record<string, RegExp>> = {
  password: /SoakPw9/,
  customData: /soakcustomdata|c29ha2N1c3RvbWRhdGEg/i,
  token: /soaktoken/i,
  signature: /[?&](?:p|t|c|s|h)=(?!\[redacted\])|monitor=true|\bMII[\w-]{16}/,
};

/** What may not even stand in a resume state, the one place with the whole status URL. */
const NEVER_SAVED = ["password", "customData", "token"];

/** The kinds of secrets that show in a text. */
export function secretsShownIn(text: string): string[] {
  return Object.entries(MARKS).flatMap(([kind, mark]) => (mark.test(text) ? kind : []));
}

/** The kinds of secrets that a resume state should not hold. */
export function secretsSavedIn(state: string): string[] {
  return secretsShownIn(state).filter((kind) => NEVER_SAVED.includes(kind));
}
