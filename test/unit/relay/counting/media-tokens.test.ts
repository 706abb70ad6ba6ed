import { describe, expect, test } from 'bun:test';
import { imageTokens, mediaTokens } from '../../../../src/relay/counting/media-tokens.ts';
import { makerOf } from '../../../../src/relay/counting/model-maker.ts';
import type { MediaPart } from '../../../../src/translate/canonical/request.ts';

const media = (kind: MediaPart['kind'], bytes: Uint8Array, mimeType = 'x/y'): MediaPart => ({
  type: 'media',
  kind,
  source: { type: 'base64', mimeType, data: Buffer.from(bytes).toString('base64') },
});

describe('the tokens of a picture', () => {
  test.each([
    ['claude-sonnet-4-5', 1000, 1000, 1334],
    ['claude-sonnet-4-5', 4000, 4000, 1600],
    ['claude-opus-5', 4000, 4000, 4800],
    ['gpt-4o', 1024, 1024, 765],
    ['gpt-4o', 2048, 4096, 1105],
    ['gpt-4o', 100, 100, 255],
    ['gemini-2.5-pro', 300, 300, 258],
    ['gemini-2.5-pro', 1536, 768, 516],
  ])('for %s, %d × %d, are %d', (model, width, height, tokens) => {
    expect(imageTokens({ width, height }, { ...makerOf(model), detail: undefined })).toBe(tokens);
  });

  test('are few when OpenAI is told to look at it coarsely', () => {
    expect(imageTokens({ width: 4000, height: 4000 }, { ...makerOf('gpt-4o'), detail: 'low' })).toBe(85);
  });

  test('are those of a usual one when its size cannot be read', () => {
    const link: MediaPart = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.test/a.png' } };
    expect(mediaTokens(link, makerOf('claude-sonnet-4-5'))).toBe(1590);
  });
});

describe('the tokens of other media', () => {
  const claude = makerOf('claude-sonnet-4-5');

  test('of a PDF go by its pages', () => {
    const file = '%PDF-1.4\n1 0 obj<</Type/Pages/Count 3>>\n<</Type /Page>><</Type/Page >><</Type/Page/Parent 1 0 R>>';
    expect(mediaTokens(media('document', new TextEncoder().encode(file)), claude)).toBe(6000);
  });

  test('of a PDF whose pages are packed go by its length', () => {
    expect(mediaTokens(media('document', new Uint8Array(150_000)), claude)).toBe(6000);
  });

  test('of a recording go by its seconds', () => {
    const wave = Buffer.alloc(44 + 32_000 * 10);
    wave.write('RIFF', 0, 'latin1');
    wave.writeUInt32LE(32_000, 28);
    const gemini = makerOf('gemini-2.5-pro');
    expect(Math.round(mediaTokens(media('audio', wave), gemini) / 10)).toBe(32);
    expect(mediaTokens(media('audio', new Uint8Array(160_000)), gemini)).toBeGreaterThanOrEqual(320);
  });
});
