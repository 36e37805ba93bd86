// How long the reimages of the model take: 60 to 200 s, skewed to short.

/** The share of reimages that ended by an age, in seconds. */
export function endedBy(seconds: number): number {
  const x = Math.min(Math.max((seconds - 60) / 140, 0), 1);
  return 1 - (1 - x ** 1.3) ** 3.5;
}

/** Draws durations in seconds, the same for the same seed. */
export function drawDurations(count: number, seed: number): number[] {
  const next = dice(seed);
  return Array.from({ length: count }, () => 60 + 140 * (1 - (1 - next()) ** (1 / 3.5)) ** (1 / 1.3));
}

/** Numbers from 0 to 1 (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
