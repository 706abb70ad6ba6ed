import type { Json, JsonDraft, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { mapSame } from './canonical/map-same.ts';
import type { CanonicalRequest, MediaPart, Message, ToolResultPart } from './canonical/request.ts';
import { kindOfType } from './media-type.ts';

/** What a link led to, as base64. */
export interface LinkedData {
  readonly mimeType: string;
  readonly data: string;
}

/** What links led to, by their addresses. */
export type LinkedMedia = ReadonlyMap<string, LinkedData>;

/** Media that is a link. */
export type LinkPart = MediaPart & { readonly source: { readonly type: 'url' } };

/** Whether a link can be given to an upstream as it is. */
export type TakesLink = (part: LinkPart) => boolean;

/** Links that only Gemini follows. https://ai.google.dev/gemini-api/docs/video-understanding#youtube */
export function isVideoPage(url: string): boolean {
  return /^https?:\/\/(www\.|m\.)?(youtube\.com|youtu\.be)\//i.test(url);
}

/** The addresses whose content an upstream has to be given as data, each once; `undefined` when there are none. */
export function findLinks(request: CanonicalRequest, takes: TakesLink): readonly string[] | undefined {
  const found = new Set<string>();
  // every translated request passes here, and few have links
  for (const { parts } of request.messages) addLinks(parts, takes, found);
  return found.size === 0 ? undefined : [...found];
}

type AnyPart = Message['parts'][number] | ToolResultPart['parts'][number];

function addLinks(parts: readonly AnyPart[], takes: TakesLink, found: Set<string>): void {
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    if (part.type === 'tool-result') addLinks(part.parts, takes, found);
    else if (part.type === 'media' && isWebLink(part) && !takes(part)) found.add(part.source.url);
  }
}

function isWebLink(part: MediaPart): part is LinkPart {
  return part.source.type === 'url' && /^https?:\/\//i.test(part.source.url);
}

/** The request with data in the place of links. */
export function inlineLinks(request: CanonicalRequest, linked: LinkedMedia, takes: TakesLink): CanonicalRequest {
  const inline = <P extends { readonly type: string }>(part: P): P => {
    if (part.type === 'tool-result') {
      const result = part as unknown as ToolResultPart;
      const parts = mapSame(result.parts, inline);
      return parts === result.parts ? part : ({ ...part, parts } as P);
    }
    if (part.type !== 'media') return part;
    const media = part as unknown as MediaPart;
    return isWebLink(media) && !takes(media) ? (inlineLink(media, linked) as unknown as P) : part;
  };
  const messages = mapSame(request.messages, (message) => {
    const parts = mapSame(message.parts as readonly { readonly type: string }[], inline);
    return parts === message.parts ? message : ({ ...message, parts } as Message);
  });
  return messages === request.messages ? request : { ...request, messages };
}

function inlineLink(part: LinkPart, linked: LinkedMedia): MediaPart {
  const data = linked.get(part.source.url);
  if (data === undefined) return part;
  return { ...part, kind: kindOfType(data.mimeType), source: { type: 'base64', ...data } };
}

/**
 * A body whose bytes would have passed, with data in the place of links: a `data:` link where a link stood, or a source of data for
 * a source that is a link.
 */
export function inlineInBody(body: JsonObject, linked: LinkedMedia): JsonObject {
  return inlineInObject(body, linked);
}

function inlineInObject(object: JsonObject, linked: LinkedMedia): JsonObject {
  const { url } = object;
  const source = object.type === 'url' && typeof url === 'string' ? linked.get(url) : undefined;
  if (source !== undefined) return { type: 'base64', media_type: source.mimeType, data: source.data };
  const draft: JsonDraft = {};
  for (const [key, value] of Object.entries(object)) {
    const data = LINK_FIELDS.has(key) && typeof value === 'string' ? linked.get(value) : undefined;
    draft[key] = data === undefined ? inlineInValue(value, linked) : `data:${data.mimeType};base64,${data.data}`;
  }
  return draft;
}

const LINK_FIELDS: ReadonlySet<string> = new Set(['url', 'image_url', 'file_data']);

function inlineInValue(value: Json | undefined, linked: LinkedMedia): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => inlineInValue(item, linked) ?? null);
  return isObject(value) ? inlineInObject(value, linked) : value;
}

/** Where a text stands in a body, as clients name fields: `messages[0].content[1].image_url.url`. */
export function placeOfText(body: Json | undefined, text: string): string | undefined {
  if (body === text) return '';
  if (Array.isArray(body)) return placeAmong(body.entries(), text, (at) => `[${at}]`);
  return isObject(body) ? placeAmong(Object.entries(body), text, (key) => `.${key}`) : undefined;
}

function placeAmong<K>(entries: Iterable<[K, unknown]>, text: string, name: (key: K) => string): string | undefined {
  for (const [key, value] of entries) {
    const place = placeOfText(value as Json, text);
    if (place !== undefined) return `${name(key)}${place}`;
  }
  return undefined;
}
