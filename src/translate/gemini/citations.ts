import { asNumber, asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import { type Citation, isLink, type LinkCitation } from '../canonical/citation.ts';

/*
 * Sources of an answer. Offsets of this dialect count the bytes of UTF-8 over all the text of an answer.
 * https://ai.google.dev/api/generate-content#GroundingMetadata
 * https://ai.google.dev/api/generate-content#citationmetadata
 */

/** The sources that a candidate names for its whole `text`, with offsets over all of it. */
export function readSources(candidate: JsonObject, text: string): readonly Citation[] {
  const grounding = asObject(candidate.groundingMetadata);
  const recited = asObject(candidate.citationMetadata);
  const bytes = Buffer.from(text, 'utf8');
  return [
    ...(grounding === undefined ? [] : readGrounding(grounding, text, bytes)),
    ...asObjects(recited?.citationSources ?? recited?.citations).map((source) => ({
      ...placeOf(source, text, bytes),
      ...linkOf(source),
    })),
  ];
}

function readGrounding(grounding: JsonObject, text: string, bytes: Buffer): readonly Citation[] {
  const chunks = asObjects(grounding.groundingChunks).map(readChunk);
  const supports = asObjects(grounding.groundingSupports);
  // sources without places are sources of the whole answer
  if (supports.length === 0) return chunks.map((chunk) => ({ start: 0, end: text.length, ...chunk }));
  return supports.flatMap((support) => {
    const place = placeOf(asObject(support.segment) ?? {}, text, bytes);
    const indices = Array.isArray(support.groundingChunkIndices) ? support.groundingChunkIndices : [];
    return indices.flatMap((index) => {
      const chunk = chunks[asNumber(index) ?? -1];
      return chunk === undefined ? [] : [{ ...place, ...chunk }];
    });
  });
}

interface Link {
  readonly url?: string;
  readonly title?: string;
}

function readChunk(chunk: JsonObject): Link {
  const known = ['web', 'retrievedContext', 'maps', 'image'].map((kind) => asObject(chunk[kind]));
  return linkOf(known.find((source) => source !== undefined) ?? {});
}

function linkOf(source: JsonObject): Link {
  const url = asString(source.uri) || asString(source.sourceUri) || undefined;
  const title = asString(source.title) || undefined;
  return { ...(url === undefined ? {} : { url }), ...(title === undefined ? {} : { title }) };
}

/** Where a segment stands. Some servers count from elsewhere; the words of the segment, where they are told, settle it. */
function placeOf(segment: JsonObject, text: string, bytes: Buffer): { readonly start: number; readonly end: number } {
  const start = unitsBefore(bytes, asNumber(segment.startIndex) ?? 0);
  const end = unitsBefore(bytes, asNumber(segment.endIndex) ?? bytes.length);
  const words = asString(segment.text) ?? '';
  if (words === '' || text.slice(start, end) === words) return { start, end: Math.max(start, end) };
  const found = text.indexOf(words);
  return found < 0 ? { start, end: Math.max(start, end) } : { start: found, end: found + words.length };
}

function unitsBefore(bytes: Buffer, offset: number): number {
  return bytes.toString('utf8', 0, Math.max(0, offset)).length;
}

/** A source together with where its text begins in the answer. */
export interface PlacedCitation {
  readonly citation: Citation;
  readonly base: number;
}

/** The field of a candidate that names the sources of its `text`. */
export function writeGrounding(placed: readonly PlacedCitation[], text: string): JsonObject {
  const links = placed.filter((one): one is PlacedCitation & { citation: LinkCitation } => isLink(one.citation));
  if (links.length === 0) return {};
  const urls = [...new Set(links.map(({ citation }) => citation.url))];
  const titleOf = (url: string) => links.find(({ citation }) => citation.url === url && citation.title)?.citation.title;
  return {
    groundingMetadata: {
      groundingChunks: urls.map((url) => ({ web: { uri: url, title: titleOf(url) ?? url } })),
      groundingSupports: links.map(({ citation, base }) => ({
        segment: segmentOf(text, base + citation.start, base + citation.end),
        groundingChunkIndices: [urls.indexOf(citation.url)],
      })),
    },
  };
}

function segmentOf(text: string, start: number, end: number): JsonObject {
  const words = text.slice(start, end);
  const startIndex = Buffer.byteLength(text.slice(0, start), 'utf8');
  return { startIndex, endIndex: startIndex + Buffer.byteLength(words, 'utf8'), text: words };
}
