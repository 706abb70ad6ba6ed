import { GatewayError } from '../../base/gateway-error.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { MediaPart, MediaSource, OpaquePart, TextPart } from '../canonical/request.ts';
import { isVideoPage } from '../links.ts';
import { dropped } from '../loss.ts';
import { labelOfLost, lossesOfDocument, lossOfMedia, type MediaPlace } from '../lost-media.ts';
import { isTextType } from '../media-type.ts';
import { type Encoding, writeCacheMark } from './encoding.ts';
import { takesLink } from './rules.ts';
import { audioFormatOf } from './vocabulary.ts';
import type { WirePart } from './wire.ts';

/** The parts of a message as the dialect writes them. */
export function encodeParts(
  parts: readonly (TextPart | MediaPart | OpaquePart)[],
  encoding: Encoding,
): readonly JsonObject[] {
  return parts.map((part): JsonObject => {
    if (part.type === 'opaque') return part.raw;
    const wire: WirePart = part.type === 'text' ? { type: 'text', text: part.text } : encodeMedia(part, encoding);
    return { ...wire, ...writeCacheMark(part.cache, encoding) };
  });
}

/** Parts as one text, since not every server takes a list; a list where something but plain text is in it. */
export function joinContent(parts: readonly JsonObject[], encoding: Encoding): Json {
  const isPlain = (part: JsonObject) => part.type === 'text' && Object.keys(part).length === 2;
  if (!parts.every(isPlain) || (encoding.official && parts.length > 1)) return parts;
  return parts.map((part) => part.text).join('\n\n');
}

/** A picture, sound, film or document. Throws `translation-refused` for one that only another provider can open. */
export function encodeMedia(part: MediaPart, encoding: Encoding, place: MediaPlace = 'turn'): WirePart {
  const { source } = part;
  if (source.type === 'text') {
    encoding.losses.push(...lossesOfDocument(part, true));
    return { type: 'text', text: documentText(part, source.text) };
  }
  if (source.type === 'file') return encodeFileId(source, encoding);
  if (encoding.quirks.media === false && !isTextDocument(part)) return leaveOut(part, encoding, place);
  switch (part.kind) {
    case 'image':
      return encodeImage(part, source, encoding);
    case 'audio':
      return encodeAudio(source) ?? leaveOut(part, encoding, place);
    case 'video':
      return encodeVideo(part, source, encoding) ?? leaveOut(part, encoding, place);
    case 'document':
      return encodeDocument(part, source, encoding);
    default:
      return part.kind satisfies never;
  }
}

type DataOrLink = Extract<MediaSource, { type: 'base64' | 'url' }>;

function encodeImage(part: MediaPart, source: DataOrLink, encoding: Encoding): WirePart {
  if (source.type === 'url' && !takesLink(part, encoding)) {
    throw refuse('This upstream takes images only as data, not as links.');
  }
  const detail = part.detail === undefined ? {} : { detail: part.detail };
  return { type: 'image_url', image_url: { url: urlOf(source), ...detail } };
}

function encodeAudio(source: DataOrLink): WirePart | undefined {
  const format = source.type === 'base64' ? audioFormatOf(source.mimeType) : undefined;
  if (source.type !== 'base64' || format === undefined) return undefined;
  return { type: 'input_audio', input_audio: { data: source.data, format } };
}

/** OpenAI takes no video, and nobody but its own vendor what is a page of one. */
function encodeVideo({ clip }: MediaPart, source: DataOrLink, encoding: Encoding): WirePart | undefined {
  if (encoding.official || (source.type === 'url' && isVideoPage(source.url))) return undefined;
  if (clip !== undefined) encoding.losses.push(dropped('videoMetadata', 'The target shows the model the whole video.'));
  return { type: 'video_url', video_url: { url: urlOf(source) } };
}

function encodeDocument(part: MediaPart, source: DataOrLink, encoding: Encoding): WirePart {
  encoding.losses.push(...lossesOfDocument(part, source.type === 'base64' && isTextType(source.mimeType)));
  if (source.type === 'base64' && isTextType(source.mimeType)) {
    return { type: 'text', text: documentText(part, Buffer.from(source.data, 'base64').toString('utf8')) };
  }
  if (source.type === 'url' && !takesLink(part, encoding)) {
    throw refuse('This upstream takes documents only as data, not as links.');
  }
  if (encoding.quirks.documents === false) throw refuse('This upstream takes no documents but text.');
  return { type: 'file', file: { filename: part.name ?? part.title ?? 'document.pdf', file_data: urlOf(source) } };
}

function encodeFileId(source: Extract<MediaSource, { type: 'file' }>, encoding: Encoding): WirePart {
  if (!encoding.official || !source.dialect.startsWith('openai')) {
    throw refuse('A file that was uploaded to another provider cannot be used here; send its content instead.');
  }
  return { type: 'file', file: { file_id: source.id } };
}

function isTextDocument({ kind, source }: MediaPart): boolean {
  return kind === 'document' && source.type === 'base64' && isTextType(source.mimeType);
}

function documentText(part: MediaPart, text: string): string {
  return [part.title ?? part.name, part.context, text].filter((piece) => piece !== undefined).join('\n\n');
}

/** The link, or the data as a link. */
export function urlOf(source: DataOrLink): string {
  return source.type === 'url' ? source.url : `data:${source.mimeType};base64,${source.data}`;
}

function leaveOut(part: MediaPart, encoding: Encoding, place: MediaPlace): WirePart {
  encoding.losses.push(lossOfMedia(part, place));
  return { type: 'text', text: labelOfLost(part) };
}

function refuse(message: string): GatewayError {
  return new GatewayError('translation-refused', message);
}
