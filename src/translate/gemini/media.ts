import { GatewayError } from '../../base/gateway-error.ts';
import { asObject, asString, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { MediaKind, MediaPart } from '../canonical/request.ts';
import { isVideoPage } from '../links.ts';
import { approximated, type Loss } from '../loss.ts';
import { labelOfLost, lossesOfDocument, lossOfMedia, type MediaPlace } from '../lost-media.ts';
import { isTextType, kindOfType, typeOfData, typeOfName } from '../media-type.ts';
import type { TargetTraits } from '../target.ts';
import { expectObject, expectString, requireString } from './expect-type.ts';
import type { WirePart } from './wire.ts';

const UNKNOWN_TYPE = 'application/octet-stream';

/** Reads `inlineData` or `fileData` of a part; `undefined` when it has neither. Throws `invalid-request` naming the field. */
export function readMedia(part: JsonObject, param: string): MediaPart | undefined {
  const inline = expectObject(part.inlineData, `${param}.inlineData`);
  if (inline !== undefined) {
    const data = standardBase64(requireString(inline.data, `${param}.inlineData.data`));
    const told = expectString(inline.mimeType, `${param}.inlineData.mimeType`);
    const mimeType = typeOfData(told, data) ?? UNKNOWN_TYPE;
    const name = expectString(inline.displayName, `${param}.inlineData.displayName`);
    return {
      type: 'media',
      kind: kindOfType(mimeType),
      source: { type: 'base64', mimeType, data },
      ...(name === undefined ? {} : { name }),
      ...readShown(part, param),
    };
  }
  const file = expectObject(part.fileData, `${param}.fileData`);
  return file === undefined ? undefined : { ...readFile(file, `${param}.fileData`), ...readShown(part, param) };
}

/** How finely a picture is looked at, as OpenAI says it. https://ai.google.dev/api/caching#Part */
const DETAILS: { readonly [level: string]: string } = {
  MEDIA_RESOLUTION_LOW: 'low',
  MEDIA_RESOLUTION_HIGH: 'high',
  MEDIA_RESOLUTION_ULTRA_HIGH: 'high',
};

function readShown(part: JsonObject, param: string): Pick<MediaPart, 'detail' | 'clip'> {
  const clip = expectObject(part.videoMetadata, `${param}.videoMetadata`);
  const level = asString(asObject(part.mediaResolution)?.level);
  const detail = level === undefined ? undefined : lookUp(DETAILS, level);
  return { ...(detail === undefined ? {} : { detail }), ...(clip === undefined ? {} : { clip }) };
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

function kindOfAddress(url: string): MediaKind {
  return isVideoPage(url) ? 'video' : kindOfType(typeOfName(url) ?? '');
}

/** What writing media needs to know: of whom, where it stands, and where losses are told. */
export interface MediaScope {
  readonly server: TargetTraits;
  readonly losses: Loss[];
  readonly place: MediaPlace;
}

/** Writes media as a part; words, and a loss, when the upstream cannot get at it. Throws `translation-refused` for files of others. */
export function writeMedia(part: MediaPart, { server, losses, place }: MediaScope): WirePart {
  const { source } = part;
  if (part.kind === 'document') losses.push(...lossesOfDocument(part, source.type === 'text'));
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: takenType(source.mimeType), data: source.data }, ...writeClip(part) };
    case 'text':
      return { text: [part.title ?? part.name, part.context, source.text].filter(Boolean).join('\n\n') };
    case 'file':
      if (source.dialect === 'gemini') return { ...writeFile(part.kind, source.id), ...writeClip(part) };
      throw new GatewayError('translation-refused', `The file ${source.id} lies with another vendor.`);
    case 'url':
      return writeAddress(part, source, { server, losses, place });
    default:
      return source satisfies never;
  }
}

/** Of what is text, Gemini knows only the types that say so. https://ai.google.dev/gemini-api/docs/document-processing */
function takenType(mimeType: string): string {
  return isTextType(mimeType) && !mimeType.startsWith('text/') ? 'text/plain' : mimeType;
}

function writeClip({ clip }: MediaPart): Pick<WirePart, 'videoMetadata'> {
  return clip === undefined ? {} : { videoMetadata: clip };
}

function writeFile(kind: MediaKind, fileUri: string): WirePart {
  const mimeType = typeOfName(fileUri) ?? (fileUri.startsWith('gs:') ? DEFAULT_TYPE[kind] : undefined);
  return { fileData: { fileUri, ...(mimeType === undefined ? {} : { mimeType }) } };
}

function writeAddress(
  part: MediaPart,
  source: { readonly url: string; readonly mimeType?: string },
  { server, losses, place }: MediaScope,
): WirePart {
  const field = `${part.kind}_url`;
  if (server.quirks.imageUrls === false) {
    losses.push(lossOfMedia(part, place));
    return { text: labelOfLost(part) };
  }
  // the pages of films are what it follows by itself
  if (!isVideoPage(source.url))
    losses.push(approximated(field, 'The upstream fetches the address itself, where it can.'));
  const mimeType =
    source.mimeType ?? typeOfName(source.url) ?? (isVideoPage(source.url) ? undefined : DEFAULT_TYPE[part.kind]);
  return { fileData: { fileUri: source.url, ...(mimeType === undefined ? {} : { mimeType }) }, ...writeClip(part) };
}

const DEFAULT_TYPE: Record<MediaKind, string> = {
  image: 'image/jpeg',
  document: 'application/pdf',
  audio: 'audio/mpeg',
  video: 'video/mp4',
};
