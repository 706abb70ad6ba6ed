import { asObject, asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import type { MediaPart, MediaSource, OpaquePart, ReasoningPart, TextPart } from '../canonical/request.ts';
import { kindOfSent, kindOfType, typeOfData } from '../media-type.ts';
import { optionalString, requiredObject, requiredString, wrongField } from '../request-fields.ts';
import { mimeTypeOfAudio, readCacheMark } from './vocabulary.ts';

/** What may stand in the content of a message, whoever wrote it. */
export type ContentPart = TextPart | MediaPart | ReasoningPart | OpaquePart;

/** Decodes `content`: text, a list of parts, or nothing. `path` names it in the client's terms. */
export function decodeContent(content: Json | undefined, path: string): readonly ContentPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongField(path, 'a string or a list of parts');
  return content.map((part: Json, at: number) => decodePart(part, `${path}[${at}]`));
}

function decodePart(value: Json, path: string): ContentPart {
  if (typeof value === 'string') return { type: 'text', text: value };
  const part = requiredObject(value, path);
  const type = part.type ?? (typeof part.text === 'string' ? 'text' : undefined);
  if (typeof type !== 'string') throw wrongField(`${path}.type`, 'a string');
  const decode = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  return decode === undefined
    ? { type: 'opaque', dialect: 'openai-chat', kind: type, raw: part }
    : { ...decode(part, path), ...readCacheMark(part) };
}

const PARTS: { readonly [type: string]: (part: JsonObject, path: string) => ContentPart } = {
  text: (part, path) => ({ type: 'text', text: requiredString(part, 'text', `${path}.text`) }),
  refusal: (part, path) => ({ type: 'text', text: requiredString(part, 'refusal', `${path}.refusal`), refusal: true }),
  image_url: decodeImage,
  input_audio: decodeAudio,
  file: decodeFile,
  video_url: (part, path) => decodeLink(part, 'video_url', 'video', path),
  // Mistral
  document_url: (part, path) => decodeLink(part, 'document_url', 'document', path),
  thinking: (part) => ({ type: 'reasoning', text: readThinking(part.thinking) }),
};

/** The text of Mistral's `thinking`: a string, or a list of text parts. */
export function readThinking(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return asObjects(thinking)
    .map((part) => asString(part.text) ?? '')
    .join('');
}

function decodeImage(part: JsonObject, path: string): MediaPart {
  const detail = asString(asObject(part.image_url)?.detail);
  return { ...decodeLink(part, 'image_url', 'image', path), ...(detail === undefined ? {} : { detail }) };
}

/** A link that is either the field itself or its `url`; data URLs become data. */
function decodeLink(part: JsonObject, field: string, kind: MediaPart['kind'], path: string): MediaPart {
  const url = asString(part[field]) ?? asString(asObject(part[field])?.url);
  if (url === undefined) throw wrongField(`${path}.${field}.url`, 'a string');
  const name = asString(part.document_name);
  const source = readUrl(url);
  const real = source.type === 'base64' ? kindOfSent(source.mimeType, kind) : kind;
  return { type: 'media', kind: real, source, ...(name === undefined ? {} : { name }) };
}

function decodeAudio(part: JsonObject, path: string): MediaPart {
  const audio = requiredObject(part.input_audio, `${path}.input_audio`);
  const data = requiredString(audio, 'data', `${path}.input_audio.data`);
  const format = optionalString(audio, 'format', `${path}.input_audio.format`) ?? 'wav';
  const mimeType = mimeTypeOfAudio(format);
  const source = readUrl(data);
  return { type: 'media', kind: 'audio', source: isLink(source) ? { type: 'base64', mimeType, data } : source };
}

function isLink(source: MediaSource): boolean {
  return source.type === 'url';
}

function decodeFile(part: JsonObject, path: string): MediaPart {
  const file = requiredObject(part.file, `${path}.file`);
  const filename = optionalString(file, 'filename', `${path}.file.filename`);
  const name = filename === undefined ? {} : { name: filename };
  const id = optionalString(file, 'file_id', `${path}.file.file_id`);
  if (id !== undefined) {
    return { type: 'media', kind: 'document', source: { type: 'file', id, dialect: 'openai-chat' }, ...name };
  }
  const data = requiredString(file, 'file_data', `${path}.file.file_data`);
  const source = /^(data|https?):/i.test(data) ? readUrl(data) : bareData(data, filename);
  return { type: 'media', kind: source.type === 'base64' ? kindOfType(source.mimeType) : 'document', source, ...name };
}

function bareData(data: string, name: string | undefined): MediaSource {
  return { type: 'base64', mimeType: typeOfData(undefined, data, name) ?? 'application/pdf', data };
}

/** The source a URL stands for: the data in a data URL, or the link. https://www.rfc-editor.org/rfc/rfc2397 */
export function readUrl(url: string): MediaSource {
  if (!url.startsWith('data:')) return { type: 'url', url };
  const comma = url.indexOf(',');
  if (comma < 0) return { type: 'url', url };
  const [mimeType, ...flags] = url.slice(5, comma).split(';');
  const rest = url.slice(comma + 1);
  const isBase64 = flags.some((flag) => flag.trim().toLowerCase() === 'base64');
  const data = isBase64 ? rest : Buffer.from(decodePercent(rest), 'utf8').toString('base64');
  return { type: 'base64', mimeType: typeOfData(mimeType?.toLowerCase(), data) ?? 'text/plain', data };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
