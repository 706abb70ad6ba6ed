import { describe, expect, test } from 'bun:test';
import type { MediaPart } from '../../../../src/translate/canonical/request.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { encode, user } from './request-builders.ts';

describe('media', () => {
  const PNG = 'iVBORw0KGgoAAAA';
  const media = (source: MediaPart['source'], kind: MediaPart['kind'] = 'image'): MediaPart => ({
    type: 'media',
    kind,
    source,
  });
  const base64 = (mimeType: string, data: string) => ({ type: 'base64', mimeType, data }) as const;
  const encodeMedia = (part: MediaPart, quirks: Quirks = {}) => {
    const { body, losses } = encode({ messages: [user(part)] }, quirks);
    const [block] = (body.messages as unknown as { content: { type: string; source?: object }[] }[])[0]!.content;
    return { block, losses };
  };

  test.each<[string, MediaPart['source'], object]>([
    ['data', base64('image/png', PNG), { type: 'base64', media_type: 'image/png', data: PNG }],
    ['data of a wrong type', base64('image/jpeg', PNG), { type: 'base64', media_type: 'image/png', data: PNG }],
    ['unknown data', base64('image/webp', 'AAAA'), { type: 'base64', media_type: 'image/webp', data: 'AAAA' }],
    ['a link', { type: 'url', url: 'https://x/i.png' }, { type: 'url', url: 'https://x/i.png' }],
    ['a file', { type: 'file', id: 'f1', dialect: 'anthropic-messages' }, { type: 'file', file_id: 'f1' }],
  ])('an image from %s', (_name, source, expected) => {
    expect(encodeMedia(media(source))).toEqual({ block: { type: 'image', source: expected }, losses: [] });
  });

  test.each<[string, MediaPart['source'], object]>([
    [
      'a PDF',
      base64('application/octet-stream', 'JVBERi0x'),
      { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
    ],
    ['text data', base64('text/csv', btoa('a,b')), { type: 'text', media_type: 'text/plain', data: 'a,b' }],
    ['text', { type: 'text', text: 'abc' }, { type: 'text', media_type: 'text/plain', data: 'abc' }],
    ['a link', { type: 'url', url: 'https://x/a.pdf' }, { type: 'url', url: 'https://x/a.pdf' }],
  ])('a document from %s', (_name, source, expected) => {
    const part = { ...media(source, 'document'), name: 'a.pdf', context: 'c' };
    expect(encodeMedia(part)).toEqual({
      block: { type: 'document', source: expected, title: 'a.pdf', context: 'c' },
      losses: [],
    } as never);
  });

  test.each<[string, MediaPart, Quirks, string]>([
    ['a bitmap', media(base64('image/bmp', 'Qk0=')), {}, 'part=image'],
    ['sound', media(base64('audio/wav', 'AAAA'), 'audio'), {}, 'part=audio'],
    ['an office file', media(base64('application/msword', 'AAAA'), 'document'), {}, 'part=document'],
    [
      'a link for a server without a network',
      media({ type: 'url', url: 'https://x/i' }),
      { imageUrls: false },
      'part=image',
    ],
    ['a link of another kind', media({ type: 'url', url: 'gs://x/i' }), {}, 'part=image'],
  ])('%s is words and a loss', (_name, part, quirks, loss) => {
    const { block, losses } = encodeMedia(part, quirks);
    expect(block!.type).toBe('text');
    expect(losses).toEqual([loss]);
  });

  test('a file of another vendor is refused', () => {
    expect(() => encodeMedia(media({ type: 'file', id: 'x', dialect: 'openai-chat' }))).toThrow(/another vendor/);
  });

  test('a server that takes text alone gets words in the place of media, and documents that are text', () => {
    const left = encodeMedia(media(base64('image/png', PNG)), { media: false });
    expect(left.block).toMatchObject({ type: 'text', text: '[image left out: it cannot be read here]' });
    expect(left.losses.map(String)).toEqual(['part=image']);
    const told = encodeMedia(media({ type: 'text', text: 'a note' }, 'document'), { media: false });
    expect([told.block?.type, told.losses]).toEqual(['document', []]);
  });
});
