import { GatewayError } from '../../base/gateway-error.ts';
import type { MediaPart, MediaSource } from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import { labelOfLost, lossOfMedia, type MediaPlace } from '../lost-media.ts';
import { isTextType, sniffMediaType } from '../media-type.ts';
import type { Quirks } from '../target.ts';
import { optionalField } from './optional-field.ts';
import type { ContentBlock } from './wire.ts';

/** Media types of images that the dialect takes. https://docs.claude.com/en/docs/build-with-claude/vision */
const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** A block for a media part; with a loss it is only words in its place. */
export interface EncodedMedia {
  readonly block: ContentBlock;
  readonly loss?: Loss;
}

/** Encodes media. Throws `translation-refused` for a file that lies at another vendor, since its id means nothing here. */
export function encodeMedia(part: MediaPart, quirks: Quirks, place: MediaPlace): EncodedMedia {
  const { source } = part;
  if (source.type === 'file' && source.dialect !== 'anthropic-messages') {
    throw new GatewayError(
      'translation-refused',
      `The file '${source.id}' lies at another vendor; send its data instead.`,
    );
  }
  const isTaken = quirks.media !== false || source.type === 'text';
  const encoded = isTaken ? encodeKind(part, quirks) : undefined;
  return encoded ?? { block: { type: 'text', text: labelOfLost(part) }, loss: lossOfMedia(part, place) };
}

function encodeKind(part: MediaPart, quirks: Quirks): EncodedMedia | undefined {
  return part.kind === 'image' ? encodeImage(part.source, quirks) : encodeDocument(part, quirks);
}

/** https://docs.claude.com/en/docs/build-with-claude/vision */
function encodeImage(source: MediaSource, quirks: Quirks): EncodedMedia | undefined {
  switch (source.type) {
    case 'base64': {
      const mimeType = sniffMediaType(source.data) ?? source.mimeType;
      if (!IMAGE_TYPES.includes(mimeType)) return undefined;
      return { block: { type: 'image', source: { type: 'base64', media_type: mimeType, data: source.data } } };
    }
    case 'url':
      return canFetch(source.url, quirks)
        ? { block: { type: 'image', source: { type: 'url', url: source.url } } }
        : undefined;
    case 'file':
      return { block: { type: 'image', source: { type: 'file', file_id: source.id } } };
    case 'text':
      return undefined;
    default:
      return source satisfies never;
  }
}

/** https://docs.claude.com/en/docs/build-with-claude/pdf-support */
function encodeDocument(part: MediaPart, quirks: Quirks): EncodedMedia | undefined {
  if (part.kind !== 'document') return undefined;
  const source = encodeDocumentSource(part.source, quirks);
  if (source === undefined) return undefined;
  return {
    block: {
      type: 'document',
      source,
      ...optionalField('title', part.title ?? part.name),
      ...optionalField('context', part.context),
      ...(part.cites === true ? { citations: { enabled: true } } : {}),
    },
  };
}

function encodeDocumentSource(source: MediaSource, quirks: Quirks): ContentBlock | undefined {
  switch (source.type) {
    case 'base64': {
      const mimeType = sniffMediaType(source.data) ?? source.mimeType;
      if (mimeType === 'application/pdf') return { type: 'base64', media_type: mimeType, data: source.data };
      return isTextType(mimeType) ? textSource(Buffer.from(source.data, 'base64').toString('utf8')) : undefined;
    }
    case 'url':
      return canFetch(source.url, quirks) ? { type: 'url', url: source.url } : undefined;
    case 'file':
      return { type: 'file', file_id: source.id };
    case 'text':
      return textSource(source.text);
    default:
      return source satisfies never;
  }
}

function canFetch(url: string, quirks: Quirks): boolean {
  return quirks.imageUrls !== false && /^https?:\/\//i.test(url);
}

function textSource(data: string): ContentBlock {
  return { type: 'text', media_type: 'text/plain', data };
}
