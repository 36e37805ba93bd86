// Chance that can be had again: what is drawn follows from the names of the dice alone, not from the order of events.
import { type Numbers, numbersFrom } from "../../src/simulator/random.js";

/** A source of choices. */
export interface Dice {
  /** True this often, of 1. */
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  int(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  /** One of the names, by their weights. */
  weigh<N extends string>(weights: Readonly<Record<N, number>>): N;
}

/** Makes the dice that follow from these names. */
export function diceOf(...names: readonly (string | number)[]): Dice {
  const numbers: Numbers = numbersFrom(names.join("\n"));
  const share = () => numbers() / 2 ** 32;
  const int = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));
  return {
    chance: (probability) => share() < probability,
    int,
    pick: <T>(items: readonly T[]) => items[int(0, items.length - 1)] as T,
    weigh: <N extends string>(weights: Readonly<Record<N, number>>) => {
      const entries = Object.entries(weights) as [N, number][];
      let left = share() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      return (entries.at(-1) as [N, number])[0];
    },
  };
}
