import { describe, expect, test } from 'bun:test';
import { citeTexts, writeAnnotations } from '../../../../src/translate/openai-chat/citations.ts';
import { chunk, finish, told } from './chunks.ts';

describe('in a stream', () => {
  test('sources are told in the text that names them', () => {
    const cited = { ...chunk({ content: 'a' }), citations: ['https://x'] };
    expect(told(cited, finish('stop'))).toEqual(['start', '+text', 'text a', 'citation', '-text', 'end stop']);
    const annotation = { type: 'url_citation', url_citation: { url: 'https://x', start_index: 0, end_index: 1 } };
    expect(told(chunk({ content: 'a' }), chunk({ annotations: [annotation] }), finish('stop'))).toEqual([
      'start',
      '+text',
      'text a',
      'citation',
      '-text',
      'end stop',
    ]);
  });

  test('sources that come before any text are a loss', () => {
    const annotation = { type: 'url_citation', url_citation: { url: 'https://x', start_index: 0, end_index: 1 } };
    expect(told(chunk({ annotations: [annotation] }), chunk({ content: 'a' }), finish('stop'))).toContain('loss');
  });

  test('sources of an earlier text are a loss, those of the open one keep their place in it', () => {
    const at = (start: number, end: number) => ({
      type: 'url_citation',
      url_citation: { url: 'https://x', start_index: start, end_index: end },
    });
    const events = told(
      chunk({ content: 'ab' }),
      chunk({ reasoning_content: 'h' }),
      chunk({ content: 'cd' }),
      chunk({ annotations: [at(0, 1), at(2, 3)] }),
      finish('stop'),
    );
    expect(events.filter((event) => event === 'loss' || event === 'citation')).toEqual(['loss', 'citation']);
  });
});

test('places count over all texts of a message', () => {
  const citation = { start: 1, end: 2, url: 'https://a.test', title: 'A' };
  const file = { start: 0, end: 1 };
  const texts = [
    { type: 'text', text: 'abc', citations: [file] },
    { type: 'text', text: 'de', citations: [citation] },
  ] as const;
  const link = { start_index: 4, end_index: 5, title: 'A', url: 'https://a.test' };
  expect(writeAnnotations(texts)).toEqual([{ type: 'url_citation', url_citation: link }]);
});

test('each text of a message gets its own sources', () => {
  const texts = [
    { type: 'text', text: 'abc' },
    { type: 'text', text: 'de' },
  ] as const;
  const sources = [
    { start: 1, end: 2, url: 'https://a.test' },
    { start: 3, end: 5, url: 'https://b.test' },
  ];
  expect(citeTexts(texts, sources)).toEqual([
    { type: 'text', text: 'abc', citations: [sources[0]!] },
    { type: 'text', text: 'de', citations: [{ start: 0, end: 2, url: 'https://b.test' }] },
  ]);
});
