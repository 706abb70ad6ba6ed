import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { decodeContent } from '../../../../src/translate/openai-responses/decode-content.ts';

describe('parts', () => {
  const media = (kind: string, source: Json, more: object = {}) => ({ type: 'media', kind, source, ...more });
  const base64 = (mimeType: string, data = 'AA==') => ({ type: 'base64', mimeType, data });
  const file = (id: string) => ({ type: 'file', id, dialect: 'openai-responses' });
  const cases: [Json, unknown][] = [
    [
      { type: 'input_text', text: ' \n' },
      { type: 'text', text: ' \n' },
    ],
    [
      { type: 'output_text', text: 'a', annotations: [] },
      { type: 'text', text: 'a' },
    ],
    [
      { type: 'refusal', refusal: 'no' },
      { type: 'text', text: 'no', refusal: true },
    ],
    [
      { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } },
      { type: 'text', text: 'a', cache: { ttl: '1h' } },
    ],
    [
      { type: 'input_image', image_url: 'https://x.example/a.png', detail: 'low' },
      media('image', { type: 'url', url: 'https://x.example/a.png' }, { detail: 'low' }),
    ],
    [{ type: 'input_image', image_url: 'data:image/jpeg;base64,AA==' }, media('image', base64('image/jpeg'))],
    [{ type: 'input_image', file_id: 'file_1' }, media('image', file('file_1'))],
    [
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
      media('document', base64('application/pdf'), { name: 'a.pdf' }),
    ],
    [
      { type: 'input_file', filename: 'a.csv', file_data: 'AA==' },
      media('document', base64('text/csv'), { name: 'a.csv' }),
    ],
    [{ type: 'input_file', file_data: 'data:image/png;base64,AA==' }, media('image', base64('image/png'))],
    [
      { type: 'input_file', file_url: 'https://x.example/a.pdf' },
      media('document', { type: 'url', url: 'https://x.example/a.pdf' }),
    ],
    [{ type: 'input_file', file_id: 'file_2' }, media('document', file('file_2'))],
    [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } }, media('audio', base64('audio/mpeg'))],
    [
      { type: 'input_hologram', x: 1 },
      { type: 'opaque', dialect: 'openai-responses', kind: 'input_hologram', raw: { type: 'input_hologram', x: 1 } },
    ],
  ];
  test.each(cases)('%j', (part, expected) => {
    expect(decodeContent([part], 'content') as unknown).toEqual([expected]);
  });
});

test('a string is a text, nothing is nothing, and a lone part is a list of one', () => {
  expect(decodeContent('a', 'content')).toEqual([{ type: 'text', text: 'a' }]);
  expect(decodeContent('', 'content')).toEqual([]);
  expect(decodeContent(null, 'content')).toEqual([]);
  expect(decodeContent({ type: 'input_text', text: 'a' }, 'content')).toEqual([{ type: 'text', text: 'a' }]);
});
