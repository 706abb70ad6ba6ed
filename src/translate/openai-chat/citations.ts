import { asArray, asNumber, asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import { type Citation, isLink, shiftCitation } from '../canonical/citation.ts';
import type { TextPart } from '../canonical/request.ts';
import type { WireAnnotation } from './wire.ts';

/** The sources in `annotations` of a message or delta; offsets count over the whole message. */
export function readAnnotations(annotations: unknown): readonly Citation[] {
  return asObjects(annotations)
    .map((annotation): Citation | undefined => {
      const link = asObject(annotation.url_citation) ?? annotation;
      const url = asString(link.url);
      const title = asString(link.title) || undefined;
      return {
        start: asNumber(link.start_index) ?? 0,
        end: asNumber(link.end_index) ?? 0,
        ...(url === undefined ? {} : { url }),
        ...(title === undefined ? {} : { title }),
        own: { dialect: 'openai-chat', raw: annotation },
      };
    })
    .filter((citation) => citation !== undefined);
}

/**
 * The sources that Perplexity lists beside its answers, without places: the whole text of `length` rests on them.
 * https://docs.perplexity.ai/api-reference/chat-completions-post
 */
export function readSources(body: JsonObject, length: number): readonly Citation[] {
  const listed = asObjects(body.search_results);
  const titles = new Map(listed.map((result) => [asString(result.url), asString(result.title) || undefined]));
  const urls = asArray(body.citations).filter((url) => typeof url === 'string');
  return urls.map((url) => {
    const title = titles.get(url);
    return { start: 0, end: length, url, ...(title === undefined ? {} : { title }) };
  });
}

/** A source as an annotation; `base` is where its text begins in the message. */
export function writeAnnotation(citation: Citation, base: number): readonly WireAnnotation[] {
  if (!isLink(citation)) return [];
  const { start, end, url, title } = citation;
  const place = { start_index: base + start, end_index: base + end };
  return [{ type: 'url_citation', url_citation: { ...place, title: title ?? url, url } }];
}

/** The annotations of the texts that make up a message. */
export function writeAnnotations(texts: readonly TextPart[]): readonly WireAnnotation[] {
  if (texts.every((part) => part.citations === undefined)) return [];
  let base = 0;
  return texts.flatMap(({ text, citations = [] }) => {
    const written = citations.flatMap((citation) => writeAnnotation(citation, base));
    base += text.length;
    return written;
  });
}

/** Gives each text of a message the sources in its own stretch of it. */
export function citeTexts(texts: readonly TextPart[], citations: readonly Citation[]): readonly TextPart[] {
  let base = 0;
  return texts.map((part) => {
    const begin = base;
    base += part.text.length;
    const own = citations
      .filter(({ start }) => start < base || base === begin)
      .map((citation) => shiftCitation(citation, begin))
      .filter((citation) => citation !== undefined);
    return own.length === 0 ? part : { ...part, citations: own };
  });
}
