/** A text of the service as a terminal may see it: a line end is a space, and what would steer the terminal, or turn the writing round, is replaced. */
export function harmless(text: string): string {
  return text.replace(/\r\n|[\r\n]/g, " ").replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\u{fffd}");
}

/** JSON that does not steer a terminal, or turn the writing round: `JSON.stringify` leaves such characters beyond ASCII as they are. */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\u007f-\u009f\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
