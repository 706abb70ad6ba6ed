import { describe, expect, test } from 'bun:test';
import type { GatewayError } from '../../../../src/base/gateway-error.ts';
import { emptyRequest, type MediaPart, type ResultPart } from '../../../../src/translate/canonical/request.ts';
import { encodeParts, joinContent } from '../../../../src/translate/openai-chat/encode-content.ts';
import { startEncoding } from '../../../../src/translate/openai-chat/encoding.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

const official: TargetTraits = { provider: 'openai', quirks: {} };
const local: TargetTraits = { provider: 'openai-compatible', quirks: {} };

const encode = (parts: readonly ResultPart[], traits = official) => {
  const encoding = startEncoding(emptyRequest('gpt-4o', false), traits);
  const content: unknown = joinContent(encodeParts(parts, encoding), encoding);
  return { content, losses: encoding.losses.map(({ field }) => field) };
};
const text = (value: string) => ({ type: 'text', text: value }) as const;
const image = (data: string): MediaPart => ({
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data },
});

describe('the content of a message', () => {
  const base64 = (mimeType: string, data: string) => ({ type: 'base64', mimeType, data }) as const;
  const cases: readonly (readonly [string, readonly ResultPart[], TargetTraits, unknown])[] = [
    ['one text', [text('a')], official, 'a'],
    ['several texts', [text('a'), text('b')], official, [text('a'), text('b')]],
    ['several texts for a server that may take only one', [text('a'), text('b')], local, 'a\n\nb'],
    [
      'an image with its detail',
      [{ ...image('AA'), detail: 'low' }],
      official,
      [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } }],
    ],
    [
      'an image as a link',
      [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x/y.png' } }],
      official,
      [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }],
    ],
    [
      'R22: a PDF with its name',
      [{ type: 'media', kind: 'document', source: base64('application/pdf', 'AA'), name: 'a.pdf' }],
      official,
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } }],
    ],
    [
      'a document that is text',
      [{ type: 'media', kind: 'document', source: { type: 'text', text: 'c' }, title: 'a', context: 'b' }],
      official,
      'a\n\nb\n\nc',
    ],
    [
      'a document that is encoded text',
      [{ type: 'media', kind: 'document', source: base64('text/plain', 'YQ==') }],
      official,
      'a',
    ],
    [
      'a sound',
      [{ type: 'media', kind: 'audio', source: base64('audio/wav', 'AA') }],
      official,
      [{ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }],
    ],
    [
      'a film, for a server that may take it',
      [{ type: 'media', kind: 'video', source: { type: 'url', url: 'https://x/y.mp4' } }],
      local,
      [{ type: 'video_url', video_url: { url: 'https://x/y.mp4' } }],
    ],
    [
      'an uploaded file',
      [{ type: 'media', kind: 'document', source: { type: 'file', id: 'file-1', dialect: 'openai-responses' } }],
      official,
      [{ type: 'file', file: { file_id: 'file-1' } }],
    ],
    [
      'a part of this dialect alone',
      [{ type: 'opaque', dialect: 'openai-chat', kind: 'x', raw: { type: 'x' } }],
      official,
      [{ type: 'x' }],
    ],
    ['nothing', [], official, ''],
  ];
  for (const [name, parts, traits, content] of cases) {
    test(name, () => expect(encode(parts, traits).content).toEqual(content));
  }

  test('what is said of a document that is data has no place', () => {
    const pdf: MediaPart = { type: 'media', kind: 'document', source: base64('application/pdf', 'AA'), context: 'C' };
    expect(encode([pdf]).losses).toEqual(['document.context']);
  });

  test('what cannot be carried is said and told', () => {
    const flac: MediaPart = { type: 'media', kind: 'audio', source: base64('audio/flac', 'AA') };
    const film: MediaPart = { type: 'media', kind: 'video', source: base64('video/mp4', 'AA') };
    expect(encode([flac, film])).toEqual({
      content: [text('[audio left out: it cannot be read here]'), text('[video left out: it cannot be read here]')],
      losses: ['part=audio', 'part=video'],
    });
  });

  const refused: readonly (readonly [string, MediaPart, TargetTraits])[] = [
    [
      'a file of another provider',
      { type: 'media', kind: 'image', source: { type: 'file', id: 'f', dialect: 'anthropic-messages' } },
      official,
    ],
    [
      'a link to an image that the server does not fetch',
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x/y.png' } },
      { provider: 'ollama', quirks: { imageUrls: false } },
    ],
    [
      'a link to a document',
      { type: 'media', kind: 'document', source: { type: 'url', url: 'https://x/y.pdf' } },
      official,
    ],
  ];
  for (const [name, part, traits] of refused) {
    test(`${name} is refused`, () => {
      let kind: string | undefined;
      try {
        encode([part], traits);
      } catch (thrown) {
        kind = (thrown as GatewayError).kind;
      }
      expect(kind).toBe('translation-refused');
    });
  }
});

test('a server that takes text alone is told what was left out', () => {
  const traits: TargetTraits = { provider: 'openai-compatible', quirks: { media: false } };
  const note: MediaPart = {
    type: 'media',
    kind: 'document',
    source: { type: 'base64', mimeType: 'text/plain', data: Buffer.from('a note').toString('base64') },
  };
  expect(encode([text('look'), image('AA'), note], traits)).toEqual({
    content: 'look\n\n[image left out: it cannot be read here]\n\na note',
    losses: ['part=image'],
  });
});
