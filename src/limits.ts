/** The numbers of the rules: times in milliseconds, sizes in bytes or characters. Without imports, so that bundlers write each where it is used. */

/** The longest time that a timer takes without overflowing (L8). */
export const LONGEST_TIMER: number = 2 ** 31 - 1;
/** The longest Retry-After that is believed (L8). */
export const LONGEST_RETRY_AFTER = 600_000;
/** The back-off after status requests that brought nothing (L11). */
export const FIRST_BACK_OFF = 1_000;
export const LONGEST_BACK_OFF = 30_000;
/** How many answers in a row may be useless before reading is given up (L11). */
export const USELESS_ANSWERS = 5;
/** The longest time for the POST, unless the caller says otherwise (S10). */
export const LONGEST_BEGIN = 300_000;
/** A token is renewed so long before it ends (S5). */
export const RENEW_BEFORE_END = 120_000;
/** The longest status URL that is followed; a signed one is about 3.2 kB (L9). */
export const LONGEST_URL = 8192;
/** The most that is read of a body, after decompression (S9). */
export const BODY_CAP: number = 2 ** 20;
/** Shorter secrets would cut half of every sentence away; SECURITY.md says so (S6). */
export const SHORTEST_SECRET = 4;
/** The longest text that is told (S6). */
export const LONGEST_TEXT = 4096;
