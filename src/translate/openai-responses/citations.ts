import { asNumber, asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import { type Citation, isLink, shiftCitation } from '../canonical/citation.ts';
import type { AssistantPart, TextPart } from '../canonical/request.ts';
import { DIALECT } from './wire.ts';

/** The sources in the annotations of a text. Only those with a link mean something to another dialect. */
export function readAnnotations(annotations: Json | undefined): readonly Citation[] {
  return asObjects(annotations).map(readAnnotation);
}

/** One of them. */
export function readAnnotation(annotation: JsonObject): Citation {
  const start = asNumber(annotation.start_index) ?? asNumber(annotation.index) ?? 0;
  const url = asString(annotation.url);
  const title = asString(annotation.title) || undefined;
  return {
    start,
    end: asNumber(annotation.end_index) ?? start,
    ...(url === undefined ? {} : { url }),
    ...(title === undefined ? {} : { title }),
    own: { dialect: DIALECT, raw: annotation },
  };
}

/** True for a source that this dialect can name: a link, or a file of its own vendor. */
export function carriesCitation(citation: Citation): boolean {
  return isLink(citation) || citation.own?.dialect === DIALECT;
}

/** A source as an annotation; `base` is where its text begins in the part that it stands in. */
export function writeAnnotation(citation: Citation, base: number): readonly JsonObject[] {
  if (!isLink(citation)) return citation.own?.dialect === DIALECT ? [citation.own.raw] : [];
  const { start, end, url, title } = citation;
  return [{ type: 'url_citation', start_index: base + start, end_index: base + end, title: title ?? url, url }];
}

/**
 * The parts of an answer with neighbouring texts as one: a vendor that cites by block cuts its sentences into many, and a client
 * would show each as a message of its own. `refusals`: whether a refusal is another kind of part than a text.
 */
export function joinTexts(parts: readonly AssistantPart[], refusals: boolean): readonly AssistantPart[] {
  const joined: AssistantPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text' && isOpenFor(part, last, refusals))
      joined[joined.length - 1] = join(last, part);
    else joined.push(part);
  }
  return joined.length === parts.length ? parts : joined;
}

function isOpenFor(part: TextPart, last: TextPart, refusals: boolean): boolean {
  return last.seal === undefined && (!refusals || (last.refusal === true) === (part.refusal === true));
}

function join(first: TextPart, second: TextPart): TextPart {
  const moved = (second.citations ?? [])
    .map((citation) => shiftCitation(citation, -first.text.length))
    .filter((citation) => citation !== undefined);
  const citations = [...(first.citations ?? []), ...moved];
  const logprobs = [...(first.logprobs ?? []), ...(second.logprobs ?? [])];
  return {
    ...second,
    text: first.text + second.text,
    ...(citations.length === 0 ? {} : { citations }),
    ...(logprobs.length === 0 ? {} : { logprobs }),
  };
}
