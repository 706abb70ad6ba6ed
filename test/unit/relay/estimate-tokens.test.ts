import { describe, expect, test } from 'bun:test';
import { estimateTokens } from '../../../src/relay/estimate-tokens.ts';
import { type CanonicalRequest, emptyRequest, type Message } from '../../../src/translate/canonical/request.ts';

const estimate = (change: Partial<CanonicalRequest>) => estimateTokens({ ...emptyRequest('m', false), ...change });
const said = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const image = (source: 'url' | 'base64'): Message => ({
  role: 'user',
  parts: [
    {
      type: 'media',
      kind: 'image',
      source:
        source === 'url'
          ? { type: 'url', url: 'https://example.org/i.png' }
          : { type: 'base64', mimeType: 'image/png', data: 'A'.repeat(1_000_000) },
    },
  ],
});

describe('an estimate of tokens', () => {
  test('is at least one', () => {
    expect(estimate({})).toBe(1);
  });

  test('of English is near its words', () => {
    const words = 1000;
    const tokens = estimate({ messages: [said('reading '.repeat(words))] });
    expect(tokens).toBeGreaterThan(words);
    expect(tokens).toBeLessThan(words * 3);
  });

  test('of scripts without spaces is near their characters', () => {
    const tokens = estimate({ messages: [said('日本語'.repeat(100))] });
    expect(tokens).toBeGreaterThanOrEqual(300);
    expect(tokens).toBeLessThan(320);
  });

  test('grows with whatever is added', () => {
    const additions: Partial<CanonicalRequest>[] = [
      { system: [{ role: 'system', parts: [{ type: 'text', text: 'be brief' }] }] },
      { messages: [said('hi'), said('hi')] },
      { messages: [said('hi'), { role: 'assistant', parts: [{ type: 'reasoning', text: 'thinking about it' }] }] },
      { tools: [{ kind: 'function', name: 'look', description: 'Looks.', schema: { type: 'object' } }] },
      {
        messages: [
          said('hi'),
          {
            role: 'assistant',
            parts: [{ type: 'tool-call', callId: 'c', kind: 'function', name: 'look', arguments: '{"at":"it"}' }],
          },
          {
            role: 'user',
            parts: [{ type: 'tool-result', callId: 'c', kind: 'function', parts: [{ type: 'text', text: 'seen' }] }],
          },
        ],
      },
      { messages: [said('hi'), image('url')] },
      {
        messages: [
          said('hi'),
          { role: 'user', parts: [{ type: 'opaque', dialect: 'gemini', kind: 'x', raw: { code: 'print(1)' } }] },
        ],
      },
    ];
    const plain = estimate({ messages: [said('hi')] });
    for (const addition of additions) expect(estimate({ messages: [said('hi')], ...addition })).toBeGreaterThan(plain);
  });

  test('of an image does not depend on how it is sent', () => {
    expect(estimate({ messages: [image('base64')] })).toBe(estimate({ messages: [image('url')] }));
  });

  test('of a document that is text goes by its text', () => {
    const document = (text: string): Message => ({
      role: 'user',
      parts: [{ type: 'media', kind: 'document', source: { type: 'text', text } }],
    });
    expect(estimate({ messages: [document('short')] })).toBeLessThan(20);
    expect(estimate({ messages: [document('long '.repeat(10_000))] })).toBeGreaterThan(10_000);
  });
});
