import { GatewayError } from '../../base/gateway-error.ts';
import type { MediaPart, OpaquePart, ResultPart, TextPart, UserPart } from '../canonical/request.ts';
import { labelOfLost, lossesOfDocument, lossOfMedia, type MediaPlace } from '../lost-media.ts';
import { type Encoding, writeCacheMark } from './encoding.ts';
import { DIALECT, type WireInputFile, type WireInputImage, type WireInputText } from './wire.ts';

/** A part of a user's message or of a result. */
export type WireInputPart = WireInputText | WireInputImage | WireInputFile | OpaquePart['raw'];

/** Encodes what a user says or shows; tool results are items of their own and are not asked for here. */
export function encodeUserParts(
  parts: readonly Exclude<UserPart, { type: 'tool-result' }>[],
  encoding: Encoding,
): readonly WireInputPart[] {
  return parts.map((part) => encodePart(part, encoding, 'turn'));
}

/** Encodes what a call gave: plain text as a string, anything else as parts. */
export function encodeOutput(
  parts: readonly ResultPart[],
  isError: boolean,
  encoding: Encoding,
): string | readonly WireInputPart[] {
  const texts = parts.filter((part) => part.type === 'text');
  if (texts.length === parts.length) return markError(texts.map((part) => part.text).join('\n'), isError);
  const encoded = parts.map((part) => encodePart(part, encoding, 'result'));
  if (!isError || startsWithError(texts[0]?.text ?? '')) return encoded;
  return [encodeText({ type: 'text', text: 'Error:' }, encoding), ...encoded];
}

function markError(text: string, isError: boolean): string {
  return isError && !startsWithError(text) ? `Error: ${text}` : text;
}

function startsWithError(text: string): boolean {
  return /^\s*error/i.test(text);
}

function encodePart(part: TextPart | MediaPart | OpaquePart, encoding: Encoding, place: MediaPlace): WireInputPart {
  if (part.type === 'text') return encodeText(part, encoding);
  if (part.type === 'opaque') return part.raw;
  return encodeMedia(part, encoding, place);
}

/** Encodes a text of anyone but the assistant. */
export function encodeText(part: TextPart, encoding: Encoding): WireInputText {
  return { type: 'input_text', text: part.text, ...writeCacheMark(part.cache, encoding) };
}

/** Encodes a picture or document; audio and video have no form here and are a loss, with words in their place. */
export function encodeMedia(part: MediaPart, encoding: Encoding, place: MediaPlace = 'turn'): WireInputPart {
  if (part.kind === 'image') return encodeImage(part, encoding);
  if (part.kind === 'document') return encodeDocument(part, encoding);
  encoding.losses.push(lossOfMedia(part, place));
  return { type: 'input_text', text: labelOfLost(part) };
}

function encodeImage(part: MediaPart, encoding: Encoding): WireInputPart {
  const { source } = part;
  if (source.type === 'text') return { type: 'input_text', text: source.text };
  if (source.type === 'url' && encoding.quirks.imageUrls === false) throw refuse('takes images only as data');
  const place =
    source.type === 'base64'
      ? { image_url: dataUrl(source.mimeType, source.data) }
      : source.type === 'url'
        ? { image_url: source.url }
        : { file_id: ownFile(source.id, source.dialect) };
  return { type: 'input_image', ...place, detail: part.detail ?? 'auto', ...writeCacheMark(part.cache, encoding) };
}

function encodeDocument(part: MediaPart, encoding: Encoding): WireInputPart {
  const { source } = part;
  const mark = writeCacheMark(part.cache, encoding);
  encoding.losses.push(...lossesOfDocument(part, source.type === 'text'));
  if (encoding.quirks.documents === false && source.type !== 'text') throw refuse('takes no documents but text');
  switch (source.type) {
    case 'text': {
      const text = [part.title ?? part.name, part.context, source.text].filter(Boolean).join('\n\n');
      return { type: 'input_text', text, ...mark };
    }
    case 'url':
      return { type: 'input_file', file_url: source.url, ...mark };
    case 'file':
      return { type: 'input_file', file_id: ownFile(source.id, source.dialect), ...mark };
    case 'base64': {
      const filename = part.name ?? part.title ?? nameOf(source.mimeType);
      return { type: 'input_file', filename, file_data: dataUrl(source.mimeType, source.data), ...mark };
    }
    default:
      return source satisfies never;
  }
}

function nameOf(mimeType: string): string {
  const ending = mimeType.startsWith('text/plain') ? 'txt' : mimeType.slice(mimeType.lastIndexOf('/') + 1);
  return `document.${ending}`;
}

function dataUrl(mimeType: string, data: string): string {
  return `data:${mimeType};base64,${data}`;
}

function refuse(words: string): GatewayError {
  return new GatewayError('translation-refused', `This upstream ${words}.`);
}

// a file belongs to the account it was uploaded to; the two dialects of OpenAI share theirs
function ownFile(id: string, dialect: string): string {
  if (dialect === DIALECT || dialect === 'openai-chat') return id;
  const message = `The file ${id} was uploaded to another provider; send its content instead.`;
  throw new GatewayError('translation-refused', message);
}
