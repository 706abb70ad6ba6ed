import { GatewayError } from '../../base/gateway-error.ts';
import type { JsonObject } from '../../base/json.ts';
import type { MediaKind, MediaPart } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { kindOfType, typeOfName } from '../media-type.ts';
import type { TargetTraits } from '../target.ts';
import { expectObject, expectString, requireString } from './expect-type.ts';
import type { WirePart } from './wire.ts';

const UNKNOWN_TYPE = 'application/octet-stream';

/** Reads `inlineData` or `fileData` of a part; `undefined` when it has neither. Throws `invalid-request` naming the field. */
export function readMedia(part: JsonObject, param: string): MediaPart | undefined {
  const inline = expectObject(part.inlineData, `${param}.inlineData`);
  if (inline !== undefined) {
    const data = standardBase64(requireString(inline.data, `${param}.inlineData.data`));
    const mimeType = expectString(inline.mimeType, `${param}.inlineData.mimeType`) ?? UNKNOWN_TYPE;
    const name = expectString(inline.displayName, `${param}.inlineData.displayName`);
    return {
      type: 'media',
      kind: kindOfType(mimeType),
      source: { type: 'base64', mimeType, data },
      ...(name === undefined ? {} : { name }),
    };
  }
  const file = expectObject(part.fileData, `${param}.fileData`);
  return file === undefined ? undefined : readFile(file, `${param}.fileData`);
}

/** Proto JSON takes both alphabets of base64, and Google's Python client writes the one for URLs; other vendors take one only. */
function standardBase64(data: string): string {
  return /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data;
}

/** Addresses that only the vendor can open: the Files API and Cloud Storage. */
const OWN_ADDRESS = /^gs:|^files\/|^https:\/\/generativelanguage\.googleapis\.com\//;

function readFile(file: JsonObject, param: string): MediaPart {
  const url = requireString(file.fileUri, `${param}.fileUri`);
  const mimeType = expectString(file.mimeType, `${param}.mimeType`);
  const kind = mimeType === undefined ? kindOfAddress(url) : kindOfType(mimeType);
  if (OWN_ADDRESS.test(url)) return { type: 'media', kind, source: { type: 'file', id: url, dialect: 'gemini' } };
  return { type: 'media', kind, source: { type: 'url', url, ...(mimeType === undefined ? {} : { mimeType }) } };
}

/** Links that only Gemini follows. https://ai.google.dev/gemini-api/docs/video-understanding#youtube */
export function isVideoPage(url: string): boolean {
  return /^https?:\/\/(www\.|m\.)?(youtube\.com|youtu\.be)\//i.test(url);
}

function kindOfAddress(url: string): MediaKind {
  return isVideoPage(url) ? 'video' : kindOfType(typeOfName(url) ?? '');
}

/** Writes media as a part; `undefined`, and a loss, when the upstream cannot get at it. */
export function writeMedia(part: MediaPart, server: TargetTraits, losses: Loss[]): WirePart | undefined {
  const { source } = part;
  if (source.type !== 'text' && part.context !== undefined) {
    losses.push(dropped('document.context', 'A document has no place for words about it.'));
  }
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: source.mimeType, data: source.data } };
    case 'text':
      return { text: [part.title ?? part.name, part.context, source.text].filter(Boolean).join('\n\n') };
    case 'file':
      if (source.dialect === 'gemini') return writeFile(part.kind, source.id);
      throw new GatewayError('translation-refused', `The file ${source.id} lies with another vendor.`);
    case 'url':
      return writeAddress(part, source, server, losses);
    default:
      return source satisfies never;
  }
}

function writeFile(kind: MediaKind, fileUri: string): WirePart {
  const mimeType = typeOfName(fileUri) ?? (fileUri.startsWith('gs:') ? DEFAULT_TYPE[kind] : undefined);
  return { fileData: { fileUri, ...(mimeType === undefined ? {} : { mimeType }) } };
}

function writeAddress(
  part: MediaPart,
  source: { readonly url: string; readonly mimeType?: string },
  server: TargetTraits,
  losses: Loss[],
): WirePart | undefined {
  const field = `${part.kind}_url`;
  if (server.quirks.imageUrls === false) {
    losses.push(dropped(field, 'The upstream takes media only as data, not by address.'));
    return undefined;
  }
  losses.push(approximated(field, 'The upstream fetches the address itself, where it can.'));
  const isVideoPage = kindOfAddress(source.url) === 'video' && typeOfName(source.url) === undefined;
  const mimeType = source.mimeType ?? typeOfName(source.url) ?? (isVideoPage ? undefined : DEFAULT_TYPE[part.kind]);
  return { fileData: { fileUri: source.url, ...(mimeType === undefined ? {} : { mimeType }) } };
}

const DEFAULT_TYPE: Record<MediaKind, string> = {
  image: 'image/jpeg',
  document: 'application/pdf',
  audio: 'audio/mpeg',
  video: 'video/mp4',
};
