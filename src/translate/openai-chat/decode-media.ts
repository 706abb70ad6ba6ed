import { asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { MediaPart } from '../canonical/request.ts';
import type { AnswerContext } from '../dialect.ts';
import { readUrl } from './decode-content.ts';
import { mimeTypeOfAudio } from './vocabulary.ts';

/** The sound of a streamed answer: pieces of base64, each of which may stand for itself. */
export interface AudioPieces {
  readonly data: string[];
}

/** Keeps a piece of sound; answers the piece of its transcript. */
export function addAudio(pieces: AudioPieces, audio: JsonObject): string {
  const data = asString(audio.data);
  if (data !== undefined && data !== '') pieces.data.push(data);
  return asString(audio.transcript) ?? '';
}

/** The sound of an answer as one event, when there is any. */
export function audioEvents(pieces: AudioPieces, context: AnswerContext): CanonicalEvent[] {
  if (pieces.data.length === 0) return [];
  const data = Buffer.concat(pieces.data.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
  return [{ type: 'media', part: audioPart(data, context) }];
}

/** Sound in the format that the client asked for. */
export function audioPart(data: string, context: AnswerContext): MediaPart {
  const asked = asString(asObject(context.request.extras['openai-chat']?.audio)?.format) ?? 'wav';
  return { type: 'media', kind: 'audio', source: { type: 'base64', mimeType: mimeTypeOfAudio(asked), data } };
}

/** The images of a message, as OpenRouter gives them. */
export function imageParts(message: JsonObject): MediaPart[] {
  return asObjects(message.images)
    .map((image) => asString(asObject(image.image_url)?.url) ?? asString(image.image_url))
    .filter((url) => url !== undefined)
    .map((url): MediaPart => ({ type: 'media', kind: 'image', source: readUrl(url) }));
}

/** The same in a stream. */
export function imageEvents(delta: JsonObject): CanonicalEvent[] {
  return imageParts(delta).map((part) => ({ type: 'media', part }));
}
