import { asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { Citation } from '../canonical/citation.ts';

/** The sources that a block of `length` cites: this dialect cites with whole blocks. */
export function readCitations(citations: unknown, length: number): readonly Citation[] {
  return asObjects(citations).map((raw) => readCitation(raw, length));
}

/** One of them. A place in a document of the request has no address that others could follow. */
export function readCitation(raw: JsonObject, length: number): Citation {
  const source = asString(raw.url) ?? asString(raw.source);
  const url = source !== undefined && /^https?:/.test(source) ? source : undefined;
  const title = asString(raw.title) || asString(raw.document_title) || undefined;
  return {
    start: 0,
    end: length,
    ...(url === undefined ? {} : { url }),
    ...(title === undefined ? {} : { title }),
    own: { dialect: 'anthropic-messages', raw },
  };
}

/** True for a source that this vendor named itself: each proves itself with a text that nobody else can write. */
export function carriesCitation({ own }: Citation): boolean {
  return own?.dialect === 'anthropic-messages';
}

/** The field that names the sources of a text. */
export function writeCitations(citations: readonly Citation[] | undefined): {
  readonly citations?: readonly JsonObject[];
} {
  const raws = (citations ?? []).filter(carriesCitation).map((citation) => citation.own!.raw);
  return raws.length === 0 ? {} : { citations: raws };
}
