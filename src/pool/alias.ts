import type { Target } from './account-state.ts';

/** Where an alias leads. `account` is an id or a name; without it and `provider` the model is looked for as if asked for by name. */
export type AliasTarget = Pick<Target, 'model' | 'provider' | 'account'>;

/** A name or pattern that clients may ask for. */
export interface Alias {
  /** May hold `*`, which stands for any characters or none. */
  readonly name: string;
  /** In the order in which they are tried. */
  readonly targets: readonly AliasTarget[];
  /** True: what a translation cannot carry is an error. */
  readonly strict?: boolean;
}

/** The alias that a name leads to: the one called exactly so, else the pattern with the most literal characters, earlier first. */
export function findAlias(name: string, aliases: readonly Alias[]): Alias | undefined {
  let best: Alias | undefined;
  let bestLength = -1;
  for (const alias of aliases) {
    if (alias.name === name) return alias;
    if (!isPattern(alias)) continue;
    const length = literalLength(alias.name);
    if (length > bestLength && matchesPattern(name, alias.name)) {
      best = alias;
      bestLength = length;
    }
  }
  return best;
}

/** True for an alias whose name stands for many. */
export function isPattern(alias: Alias): boolean {
  return alias.name.includes('*');
}

/** True when the text fits the pattern; `*` in it stands for any characters or none. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [head, ...pieces] = pattern.split('*') as [string, ...string[]];
  const tail = pieces.pop();
  if (tail === undefined) return text === pattern;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

function literalLength(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}
