import { asObject, asString, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { CacheMark, MediaPart, MediaSource, OpaquePart, TextPart } from '../canonical/request.ts';
import { missingField, readFields, readObjects, wrongType } from './read-fields.ts';
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
  if (!Array.isArray(list)) throw wrongType(at, 'a string or an array of parts');
  return readObjects(list, at).map(({ value, path }) => decodePart(value, path));
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
  const type = readFields(part, at).string('type');
  if (type === undefined) throw missingField(`${at}.type`);
  return PARTS.get(type)?.(part, at) ?? { type: 'opaque', dialect: DIALECT, kind: type, raw: part };
}

function decodeText(part: JsonObject, at: string): TextPart {
  const text = readFields(part, at).string('text');
  if (text === undefined) throw missingField(`${at}.text`);
  return { type: 'text', text, ...cacheOf(part) };
}

function decodeRefusal(part: JsonObject, at: string): TextPart {
  return { type: 'text', text: readFields(part, at).string('refusal') ?? '', refusal: true };
}

function decodeImage(part: JsonObject, at: string): MediaPart {
  const fields = readFields(part, at);
  const detail = fields.string('detail') ?? asString(asObject(part.image_url)?.detail);
  const url = asString(asObject(part.image_url)?.url) ?? fields.string('image_url');
  const id = fields.string('file_id');
  if (url === undefined && id === undefined) throw missingField(`${at}.image_url`);
  return {
    type: 'media',
    kind: 'image',
    source: url === undefined ? { type: 'file', id: id!, dialect: DIALECT } : sourceOfUrl(url),
    ...(detail === undefined ? {} : { detail }),
    ...cacheOf(part),
  };
}

function decodeFile(part: JsonObject, at: string): MediaPart {
  const fields = readFields(part, at);
  const name = fields.string('filename');
  const source = sourceOfFile(fields.string('file_data'), fields.string('file_url'), fields.string('file_id'), name);
  if (source === undefined) throw missingField(`${at}.file_data`);
  const kind = source.type === 'base64' && source.mimeType.startsWith('image/') ? 'image' : 'document';
  return { type: 'media', kind, source, ...(name === undefined ? {} : { name }), ...cacheOf(part) };
}

function sourceOfFile(
  data: string | undefined,
  url: string | undefined,
  id: string | undefined,
  name: string | undefined,
): MediaSource | undefined {
  if (data !== undefined) {
    const source = sourceOfUrl(data);
    // base64 without its data: head
    return source.type === 'base64' ? source : { type: 'base64', mimeType: mimeTypeOf(name), data };
  }
  if (url !== undefined) return sourceOfUrl(url);
  return id === undefined ? undefined : { type: 'file', id, dialect: DIALECT };
}

function decodeAudio(part: JsonObject, at: string): MediaPart {
  const fields = readFields(asObject(part.input_audio) ?? part, `${at}.input_audio`);
  const data = fields.string('data');
  if (data === undefined) throw missingField(fields.path('data'));
  const mimeType = fields.string('format') === 'mp3' ? 'audio/mpeg' : 'audio/wav';
  return { type: 'media', kind: 'audio', source: { type: 'base64', mimeType, data } };
}

/** The source behind a link: data links are taken apart. */
export function sourceOfUrl(url: string): MediaSource {
  if (!url.startsWith('data:')) return { type: 'url', url };
  const comma = url.indexOf(',');
  const head = url.slice('data:'.length, comma);
  if (comma < 0 || !head.endsWith(';base64')) return { type: 'url', url };
  return { type: 'base64', mimeType: head.split(';', 1)[0] || 'application/octet-stream', data: url.slice(comma + 1) };
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
};

function mimeTypeOf(name: string | undefined): string {
  const ending = name?.slice(name.lastIndexOf('.') + 1).toLowerCase() ?? '';
  return (Object.hasOwn(MIME_TYPES, ending) ? MIME_TYPES[ending] : undefined) ?? 'application/pdf';
}

function cacheOf(part: JsonObject): { cache?: CacheMark } {
  const cache = decodeCacheMark(part.prompt_cache_breakpoint);
  return cache === undefined ? {} : { cache };
}
