/** Numbers that look random and are the same in every run. */
export interface Dice {
  /** True so often out of 100 times. */
  chance(percent: number): boolean;
  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number;
  /** The same things in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** Makes dice from a seed (mulberry32). */
export function rollDice(seed: number): Dice {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    chance: (percent) => next() * 100 < percent,
    below: (limit) => Math.floor(next() * limit),
    shuffle: (list) =>
      list
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
