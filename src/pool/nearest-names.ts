const MAX_LENGTH = 100;

/** The names most like the one asked for, at most three, the nearest first; none that has little in common with it. */
export function nearestNames(asked: string, names: Iterable<string>): readonly string[] {
  const wanted = asked.slice(0, MAX_LENGTH).toLowerCase();
  const near: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = editDistance(wanted, name.slice(0, MAX_LENGTH).toLowerCase());
    if (distance < Math.max(wanted.length, name.length)) near.push({ name, distance });
  }
  near.sort((one, other) => one.distance - other.distance || compareText(one.name, other.name));
  return near.slice(0, 3).map(({ name }) => name);
}

/** How many characters must be put in, taken out or replaced to make one text of the other. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}

/** Orders texts by their code units, the same everywhere. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
