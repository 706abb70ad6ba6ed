import { describe, expect, test } from 'bun:test';
import type { OpaquePart, TextPart } from '../../../src/translate/canonical/request.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { fitEvent, fitResponse } from '../../../src/translate/fit-answer.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';

const codec = (dialect: DialectId) => DIALECTS[dialect].client!;
const link = { start: 0, end: 1, url: 'https://a.test' };
const file = { start: 0, end: 1, own: { dialect: 'openai-responses', raw: { type: 'file_citation' } } } as const;
const searched: OpaquePart = {
  type: 'opaque',
  dialect: 'anthropic-messages',
  kind: 'server_tool_use',
  raw: {},
  use: { kind: 'web-search', input: 'q' },
};

function fit(dialect: DialectId, ...parts: (TextPart | OpaquePart)[]) {
  const response = fitResponse({ parts, finish: { reason: 'stop' }, losses: [] }, codec(dialect));
  return { parts: response.parts, codes: response.losses.map(({ field }) => field) };
}

describe('a whole answer', () => {
  const text: TextPart = { type: 'text', text: 'a', citations: [link, file] };

  test.each([
    ['openai-chat', [link]],
    ['gemini', [link]],
    ['openai-responses', [link, file]],
  ] as const)('keeps the sources that a client of %s can be told', (dialect, citations) => {
    expect(fit(dialect, text).parts).toEqual([{ ...text, citations: [...citations] }]);
  });

  test.each(['anthropic-messages', 'openai-completions'] as const)('loses all of them for %s, once', (dialect) => {
    const plain = { type: 'text', text: 'a' } as const;
    expect(fit(dialect, text, text)).toEqual({ parts: [plain, plain], codes: ['citations'] });
  });

  test('S43: tells a search of another vendor where there is a form for it', () => {
    expect(fit('openai-responses', searched)).toEqual({ parts: [searched], codes: [] });
    expect(fit('openai-chat', searched)).toEqual({ parts: [], codes: ['part=server_tool_use'] });
    const theirs: OpaquePart = { ...searched, dialect: 'openai-responses', kind: 'web_search_call' };
    // what Anthropic's tools give proves itself with a text that nobody else can write
    expect(fit('anthropic-messages', theirs)).toEqual({ parts: [], codes: ['part=web_search_call'] });
  });

  test('stays the same object when nothing is lost', () => {
    const response = { parts: [{ type: 'text', text: 'a' }], finish: { reason: 'stop' }, losses: [] } as const;
    expect(fitResponse(response, codec('openai-chat'))).toBe(response);
  });
});

test('an event that cannot be told is a loss the first time, and nothing later', () => {
  const told = new Set<string>();
  const event = { type: 'opaque', part: searched } as const;
  const loss = { type: 'loss', loss: { field: 'part=server_tool_use' } };
  expect(fitEvent(event, codec('gemini'), told)).toMatchObject(loss);
  expect(fitEvent(event, codec('gemini'), told)).toBeUndefined();
  expect(fitEvent(event, codec('anthropic-messages'), told)).toBe(event);
});
