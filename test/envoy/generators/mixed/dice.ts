/** Chance that shrinks: numbers drawn beforehand, taken one by one. */
export interface Dice {
  /** A number below `sides`; 0 where the numbers are used up. */
  readonly roll: (sides: number) => number;
  readonly pick: <T>(items: readonly T[]) => T | undefined;
  /** Each item with the chance of one in `sides`. */
  readonly some: <T>(items: readonly T[], sides?: number) => T[];
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

export function makeDice(numbers: readonly number[]): Dice {
  let at = 0;
  const roll = (sides: number): number => (sides > 0 ? (numbers[at++] ?? 0) % sides : 0);
  return {
    roll,
    pick: (items) => items[roll(items.length)],
    some: (items, sides = 2) => items.filter(() => roll(sides) === 1),
    shuffle: (items) =>
      items
        .map((item) => ({ item, order: roll(1000) }))
        .sort((one, other) => one.order - other.order)
        .map(({ item }) => item),
  };
}
