import { asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { MediaPart } from '../canonical/request.ts';
import type { AnswerContext } from '../dialect.ts';
import { joinBase64 } from '../pcm-sound.ts';
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
  return [{ type: 'media', part: audioPart(joinBase64(pieces.data), context) }];
}

/** Sound in the format that the client asked for. */
export function audioPart(data: string, context: AnswerContext): MediaPart {
  const { stream, answerMedia } = context.request;
  // the format that `answer-media.ts` asks for
  const asked = answerMedia?.audio === undefined ? 'wav' : (answerMedia.audio.format ?? 'pcm16');
  const format = stream ? 'pcm16' : asked;
  return { type: 'media', kind: 'audio', source: { type: 'base64', mimeType: mimeTypeOfAudio(format), data } };
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
