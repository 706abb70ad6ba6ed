import { asObject, asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CacheMark, MediaPart, MediaSource, OpaquePart, TextPart } from '../canonical/request.ts';
import { kindOfSent, kindOfType, typeOfData } from '../media-type.ts';
import { optionalString, requiredObject, requiredString, wrongField } from '../request-fields.ts';
import { decodeCacheMark } from './vocabulary.ts';
import { DIALECT } from './wire.ts';

/** A part of a message or of a tool's result. */
export type ContentPart = TextPart | MediaPart | OpaquePart;

/** Decodes the content of a message or result at `at`: a string, or a list of parts. */
export function decodeContent(content: Json | undefined, at: string): readonly ContentPart[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  // some programs send a lone part where a list belongs
  const list = isObject(content) && typeof content.type === 'string' ? [content] : content;
  if (!Array.isArray(list)) throw wrongField(at, 'a string or a list of parts');
  return list.map((part, index) => {
    const path = `${at}[${index}]`;
    return decodePart(requiredObject(part, path), path);
  });
}

/** The texts among parts; what is not text has no place in an instruction. */
export function textsOf(parts: readonly ContentPart[]): readonly TextPart[] {
  return parts.filter((part) => part.type === 'text');
}

type DecodePart = (part: JsonObject, at: string) => ContentPart;

const PARTS: ReadonlyMap<string, DecodePart> = new Map<string, DecodePart>([
  ['input_text', decodeText],
  ['output_text', decodeText],
  ['text', decodeText],
  ['summary_text', decodeText],
  ['refusal', decodeRefusal],
  ['input_image', decodeImage],
  ['image_url', decodeImage],
  ['input_file', decodeFile],
  ['input_audio', decodeAudio],
]);

function decodePart(part: JsonObject, at: string): ContentPart {
  const type = requiredString(part, 'type', `${at}.type`);
  return PARTS.get(type)?.(part, at) ?? { type: 'opaque', dialect: DIALECT, kind: type, raw: part };
}

function decodeText(part: JsonObject, at: string): TextPart {
  return { type: 'text', text: requiredString(part, 'text', `${at}.text`), ...cacheOf(part) };
}

function decodeRefusal(part: JsonObject, at: string): TextPart {
  return { type: 'text', text: optionalString(part, 'refusal', `${at}.refusal`) ?? '', refusal: true };
}

function decodeImage(part: JsonObject, at: string): MediaPart {
  const nested = asObject(part.image_url);
  const detail = optionalString(part, 'detail', `${at}.detail`) ?? asString(nested?.detail);
  const url = asString(nested?.url) ?? optionalString(part, 'image_url', `${at}.image_url`);
  const id = optionalString(part, 'file_id', `${at}.file_id`);
  if (url === undefined && id === undefined) throw wrongField(`${at}.image_url`, 'a link');
  const source: MediaSource = url === undefined ? { type: 'file', id: id!, dialect: DIALECT } : sourceOfUrl(url);
  return {
    type: 'media',
    kind: source.type === 'base64' ? kindOfSent(source.mimeType, 'image') : 'image',
    source,
    ...(detail === undefined ? {} : { detail }),
    ...cacheOf(part),
  };
}

function decodeFile(part: JsonObject, at: string): MediaPart {
  const name = optionalString(part, 'filename', `${at}.filename`);
  const source = sourceOfFile(part, at, name);
  if (source === undefined) throw wrongField(`${at}.file_data`, 'a string');
  const kind = source.type === 'base64' ? kindOfType(source.mimeType) : 'document';
  return { type: 'media', kind, source, ...(name === undefined ? {} : { name }), ...cacheOf(part) };
}

function sourceOfFile(part: JsonObject, at: string, name: string | undefined): MediaSource | undefined {
  const data = optionalString(part, 'file_data', `${at}.file_data`);
  const url = optionalString(part, 'file_url', `${at}.file_url`);
  const id = optionalString(part, 'file_id', `${at}.file_id`);
  if (data !== undefined) {
    const source = sourceOfUrl(data);
    // base64 without its data: head
    return source.type === 'base64'
      ? source
      : { type: 'base64', mimeType: typeOfData(undefined, data, name) ?? 'application/pdf', data };
  }
  if (url !== undefined) return sourceOfUrl(url);
  return id === undefined ? undefined : { type: 'file', id, dialect: DIALECT };
}

function decodeAudio(part: JsonObject, at: string): MediaPart {
  const audio = asObject(part.input_audio) ?? part;
  const data = requiredString(audio, 'data', `${at}.input_audio.data`);
  const mimeType = audio.format === 'mp3' ? 'audio/mpeg' : 'audio/wav';
  return { type: 'media', kind: 'audio', source: { type: 'base64', mimeType, data } };
}

/** The source behind a link: data links are taken apart. */
export function sourceOfUrl(url: string): MediaSource {
  if (!url.startsWith('data:')) return { type: 'url', url };
  const comma = url.indexOf(',');
  const head = url.slice('data:'.length, comma);
  if (comma < 0 || !head.endsWith(';base64')) return { type: 'url', url };
  const data = url.slice(comma + 1);
  const mimeType = typeOfData(head.split(';', 1)[0], data) ?? 'application/octet-stream';
  return { type: 'base64', mimeType, data };
}

function cacheOf(part: JsonObject): { cache?: CacheMark } {
  const cache = decodeCacheMark(part.prompt_cache_breakpoint);
  return cache === undefined ? {} : { cache };
}
