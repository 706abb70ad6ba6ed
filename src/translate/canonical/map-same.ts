/** The list with every item through `change`: the same list, not a copy, when every item came back as it was. */
export function mapSame<T>(items: readonly T[], change: (item: T, index: number) => T): readonly T[] {
  for (let at = 0; at < items.length; at++) {
    const changed = change(items[at]!, at);
    if (changed === items[at]) continue;
    const copy = items.slice();
    copy[at] = changed;
    for (let later = at + 1; later < items.length; later++) copy[later] = change(items[later]!, later);
    return copy;
  }
  return items;
}

/** The items that `keep` answers true for: the same list when it keeps them all. */
export function filterSame<T>(items: readonly T[], keep: (item: T) => boolean): readonly T[] {
  return items.every(keep) ? items : items.filter(keep);
}
