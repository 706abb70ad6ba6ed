import type { JsonObject } from '../../base/json.ts';
import type { DialectId } from '../dialect-id.ts';
import { dropped, type Loss } from '../loss.ts';

/** A source that a stretch of a text rests on. Offsets count UTF-16 units from the beginning of the text's own part. */
export interface Citation {
  readonly start: number;
  readonly end: number;
  /** Absent: the source has no address, and only its own dialect can name it. */
  readonly url?: string;
  readonly title?: string;
  /** The form it came in, for its own dialect alone: some prove the source with a text that nobody else can write. */
  readonly own?: { readonly dialect: DialectId; readonly raw: JsonObject };
}

/** A citation with an address, which every dialect with links can name. */
export type LinkCitation = Citation & { readonly url: string };

/** What is lost when a client is not told of a source. */
export const CITATION_LOSS: Loss = dropped(
  'citations',
  'The client cannot be told of the sources that the text rests on.',
);

/** True for a citation with an address. */
export function isLink(citation: Citation): citation is LinkCitation {
  return citation.url !== undefined;
}

/** A citation whose offsets counted from another place, `by` units further back; `undefined` when nothing of it is left. */
export function shiftCitation(citation: Citation, by: number): Citation | undefined {
  const end = citation.end - by;
  if (end < 0 || (end === 0 && citation.start < by)) return undefined;
  return by === 0 ? citation : { ...citation, start: Math.max(0, citation.start - by), end };
}
