/** The longest time that a timer takes without overflowing. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Calls back after a time. What no timer holds comes early: to callers who look at the clock again. */
export function startTimer(ms: number, run: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(run, Math.min(Math.max(ms, 1), LONGEST_TIMER));
}
