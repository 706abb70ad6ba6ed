import { asObject, asString, type JsonObject } from '../../base/json.ts';
import type { MediaPart, MediaSource } from '../canonical/request.ts';
import { sniffMediaType } from '../media-type.ts';
import { requiredString, wrongField } from '../request-fields.ts';
import { decodeCacheMark } from './cache-marks.ts';
import { optionalField } from './optional-field.ts';

/** Decodes an `image` block. https://docs.claude.com/en/docs/build-with-claude/vision */
export function decodeImage(block: JsonObject, path: string): MediaPart {
  const source = decodeSource(block, path);
  return { type: 'media', kind: 'image', source, ...decodeCacheMark(block) };
}

/**
 * Decodes a `document` block: its text or data, and the images among its blocks as parts of their own.
 * https://docs.claude.com/en/docs/build-with-claude/pdf-support
 */
export function decodeDocument(block: JsonObject, path: string): readonly MediaPart[] {
  const content = asObject(block.source)?.content;
  const images = (Array.isArray(content) ? content : [])
    .map((item, at) => ({ item: asObject(item), path: `${path}.source.content[${at}]` }))
    .filter(({ item }) => item?.type === 'image')
    .map(({ item, path: imagePath }) => decodeImage(item!, imagePath));
  const document: MediaPart = {
    type: 'media',
    kind: 'document',
    source: decodeSource(block, path),
    ...optionalField('title', asString(block.title)),
    ...optionalField('context', asString(block.context)),
    ...(asObject(block.citations)?.enabled === true ? { cites: true } : {}),
    ...decodeCacheMark(block),
  };
  return [document, ...images];
}

function decodeSource(block: JsonObject, path: string): MediaSource {
  const source = asObject(block.source);
  const sourcePath = `${path}.source`;
  if (source === undefined) throw wrongField(sourcePath, 'an object');
  switch (source.type) {
    case 'base64': {
      const data = requiredString(source, 'data', `${sourcePath}.data`);
      const mimeType = asString(source.media_type) ?? sniffMediaType(data);
      if (mimeType === undefined) throw wrongField(`${sourcePath}.media_type`, 'a media type');
      return { type: 'base64', mimeType, data };
    }
    case 'url':
      return {
        type: 'url',
        url: requiredString(source, 'url', `${sourcePath}.url`),
        // links to documents lead to PDFs, the only kind the dialect fetches
        ...(block.type === 'document' ? { mimeType: 'application/pdf' } : {}),
      };
    case 'file':
      return {
        type: 'file',
        id: requiredString(source, 'file_id', `${sourcePath}.file_id`),
        dialect: 'anthropic-messages',
      };
    case 'text':
      return { type: 'text', text: requiredString(source, 'data', `${sourcePath}.data`) };
    case 'content':
      return { type: 'text', text: readContent(source) };
    default:
      throw wrongField(`${sourcePath}.type`, "'base64', 'url', 'file', 'text' or 'content'");
  }
}

function readContent({ content }: JsonObject): string {
  if (typeof content === 'string') return content;
  const texts = (Array.isArray(content) ? content : []).map((item) => asString(asObject(item)?.text));
  return texts.filter((text) => text !== undefined).join('\n\n');
}
