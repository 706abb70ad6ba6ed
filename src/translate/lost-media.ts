import type { MediaPart } from './canonical/request.ts';
import { dropped, type Loss } from './loss.ts';

/** Where media stands: said in a turn, or given by a tool. */
export type MediaPlace = 'turn' | 'result';

/** The words that stand for media which a target does not take. */
export function labelOfLost({ kind, name, title, source }: MediaPart): string {
  const label = name ?? title ?? (source.type === 'url' ? source.url : undefined);
  return `[${kind}${label === undefined ? '' : ` ${label}`} left out: it cannot be read here]`;
}

/** The loss of such media. */
export function lossOfMedia({ kind }: MediaPart, place: MediaPlace): Loss {
  return place === 'result'
    ? dropped('result-part', `A result held ${kind}, which the target does not take.`)
    : dropped(`part=${kind}`, 'The target does not take this kind of media.');
}

/** What a document loses where only its content has a place. `isText`: its context stands in its text. */
export function lossesOfDocument({ context, cites }: MediaPart, isText: boolean): readonly Loss[] {
  const losses: Loss[] = [];
  if (context !== undefined && !isText) {
    losses.push(dropped('document.context', 'A document has no place for words about it.'));
  }
  if (cites === true) losses.push(dropped('document.citations', 'The target does not cite documents it is given.'));
  return losses;
}
