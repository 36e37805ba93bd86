/** How long reimages take, learned from how long they took. */

/** What is known of durations: for each age of {@link AGES} the share of operations that go on beyond it. */
export interface Durations {
  /** How many ends were learned from, so that whoever worked something out can tell when to do it again. */
  readonly ends: number;
  survival(): Float64Array;
  /** An operation was seen running at one age, and again at a later one; in seconds. */
  ran(from: number, to: number): void;
  /** An operation was seen running at one age, and ended between two later ones. */
  ended(seen: number, from: number, to: number): void;
}

/** Ages in seconds: 0, then from 1 s to an hour, each 2.5 % beyond the one before. */
export const AGES: Float64Array = Float64Array.from(
  { length: Math.ceil(Math.log(3600) / Math.log(1.025)) + 2 },
  (_, i) => (i === 0 ? 0 : 1.025 ** (i - 1)),
);

/** The place of an age: the last of {@link AGES} that is not beyond it. */
export function placeOf(age: number): number {
  if (age < 1) return 0;
  const place = Math.floor(Math.log(age) / Math.log(1.025) + 1e-9) + 1;
  return Math.min(place, AGES.length - 1);
}

/** How many operations the prior is worth. */
const BELIEF = 20;

/**
 * What is believed before anything was seen: most take one to three minutes and more of them one than three (75, 76 and 192 s
 * were observed), some take far longer, and hardly one less than a minute.
 */
function prior(age: number): number {
  const early = 0.03 * (1 - Math.min(Math.log(Math.max(age, 1)) / Math.log(60), 1));
  const beyond = Math.max(age - 60, 0);
  return early + 0.87 * Math.exp(-beyond / 45) + 0.1 * Math.exp(-beyond / 300);
}

/**
 * Makes the estimate: at each age the ends that were seen over the operations that had come so far, so that those which still
 * run count for what they have shown (Kaplan and Meier's), begun with a prior.
 */
export function createDurations(): Durations {
  const ended = Float64Array.from(
    AGES,
    (age, i) => BELIEF * (prior(age) - prior(AGES[i + 1] ?? Number.POSITIVE_INFINITY)),
  );
  const atRisk = Float64Array.from(AGES, (age) => BELIEF * prior(age));
  let ends = 0;
  const survival = () => {
    let left = 1;
    return Float64Array.from(AGES, (_, i) => {
      const here = left;
      left *= 1 - Math.min((ended[i] ?? 0) / (atRisk[i] ?? 1), 1);
      return here;
    });
  };

  const ran = (from: number, to: number) => {
    for (let i = placeOf(from); i < placeOf(to); i += 1) atRisk[i] = (atRisk[i] ?? 0) + 1;
  };

  return {
    get ends() {
      return ends;
    },
    survival,
    ran,
    ended(seen, from, to) {
      ends += 1;
      const [first, last] = [placeOf(from), Math.max(placeOf(to), placeOf(from))];
      ran(seen, from);
      // Where between the two it ended is not known: as likely here or there as with all others.
      const left = survival();
      const weights = Array.from({ length: last - first + 1 }, (_, k) => {
        const i = first + k;
        return (left[i] ?? 0) - (left[i + 1] ?? 0) + 1e-9;
      });
      let rest = 1;
      const whole = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, k) => {
        const i = first + k;
        atRisk[i] = (atRisk[i] ?? 0) + Math.max(rest, 0);
        ended[i] = (ended[i] ?? 0) + weight / whole;
        rest -= weight / whole;
      });
    },
  };
}
