import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { type CanonicalRequest, emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import {
  dropThoughtsIn,
  mayHoldEnvelope,
  openEnvelopesIn,
  withoutThoughts,
} from '../../../src/translate/foreign-seals.ts';
import { type Seal, writeSeal } from '../../../src/translate/seal.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';

/** The envelope that a client of another dialect was given. */
const envelope = (dialect: DialectId, value: string, more: Partial<Seal> = {}) =>
  writeSeal({ dialect, value, ...more }, 'openai-completions');

const ANTHROPIC = envelope('anthropic-messages', 'sig');
const GEMINI = envelope('gemini', 'thought');

describe('a look at the bytes', () => {
  const look = (text: string) => mayHoldEnvelope(new TextEncoder().encode(text));

  test.each([
    [`{"signature":"${ANTHROPIC}"}`, true],
    [`{"signature":"${GEMINI}"}`, true],
    ['{"signature":"EqQBCkYIBxgCKkA"}', false],
    ['', false],
  ])('%s: %p', (text, answer) => {
    expect(look(text)).toBe(answer);
  });

  test('sees no further than its bytes', () => {
    const bytes = new TextEncoder().encode(`${ANTHROPIC}{}`);
    expect(mayHoldEnvelope(bytes.subarray(ANTHROPIC.length))).toBe(false);
  });
});

test('a seal that came without an envelope goes when it is told to be foreign', () => {
  const thought = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature });
  const target = sealOrigin('anthropic-messages', 'm', 'acc_1');
  const body = { content: [thought('theirs'), thought('ours')] };
  expect(openEnvelopesIn(body, target, (value) => value === 'theirs')).toEqual({ content: [thought('ours')] });
});

test('a call of Gemini whose seal was refused, or was never there, gets what stands for one', () => {
  const call = (name: string) => ({ functionCall: { name, args: {} } });
  const contents = [
    { role: 'model', parts: [{ text: 'x', thought: true }, call('a'), call('b')] },
    { parts: [{ text: 'hi' }] },
  ];
  const excused = { ...call('a'), thoughtSignature: 'skip_thought_signature_validator' };
  expect(dropThoughtsIn({ contents }, 'gemini')).toEqual({
    contents: [{ role: 'model', parts: [excused, call('b')] }, { parts: [{ text: 'hi' }] }],
  });
});

describe('a body for an upstream of its own dialect', () => {
  test.each<[string, DialectId, JsonObject, JsonObject]>([
    [
      'has its own seal without the envelope',
      'anthropic-messages',
      { messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: ANTHROPIC }] }] },
      { messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: 'sig' }] }] },
    ],
    [
      'loses a thought under a foreign seal as a whole',
      'anthropic-messages',
      {
        content: [
          { type: 'thinking', thinking: 'hm', signature: GEMINI },
          { type: 'text', text: 'hi' },
        ],
      },
      { content: [{ type: 'text', text: 'hi' }] },
    ],
    [
      'loses foreign redacted thoughts and reasoning items too',
      'openai-responses',
      {
        input: [
          { type: 'reasoning', summary: [], encrypted_content: ANTHROPIC },
          { type: 'message', content: [] },
        ],
      },
      { input: [{ type: 'message', content: [] }] },
    ],
    [
      'keeps a call; what Gemini takes for a lost seal stands in the place of a foreign one',
      'gemini',
      { parts: [{ functionCall: { name: 'look', args: {} }, thoughtSignature: ANTHROPIC }] },
      { parts: [{ functionCall: { name: 'look', args: {} }, thoughtSignature: 'skip_thought_signature_validator' }] },
    ],
    [
      'keeps the seal of its own on a call',
      'gemini',
      { parts: [{ functionCall: { name: 'look' }, thoughtSignature: envelope('gemini', 'x', { attach: 'call' }) }] },
      { parts: [{ functionCall: { name: 'look' }, thoughtSignature: 'x' }] },
    ],
    [
      'loses a Gemini thought under a foreign seal',
      'gemini',
      { parts: [{ thought: true, text: 'hm', thoughtSignature: ANTHROPIC }, { text: 'hi' }] },
      { parts: [{ text: 'hi' }] },
    ],
    [
      'has a redacted thought of its own back as one',
      'anthropic-messages',
      {
        content: [
          {
            type: 'thinking',
            thinking: '',
            signature: envelope('anthropic-messages', 'blob', { kind: 'redacted' }),
          },
        ],
      },
      { content: [{ type: 'redacted_thinking', data: 'blob' }] },
    ],
    [
      'loses an empty seal of its own',
      'anthropic-messages',
      { content: [{ type: 'thinking', thinking: 'hm', signature: envelope('anthropic-messages', '') }] },
      { content: [] },
    ],
    [
      'loses a turn of which nothing is left',
      'anthropic-messages',
      {
        messages: [
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: GEMINI }] },
          { role: 'user', content: [] },
        ],
      },
      { messages: [{ role: 'user', content: [] }] },
    ],
    [
      'loses a thought of another family, one of another text, and no other',
      'anthropic-messages',
      {
        content: [
          { type: 'thinking', thinking: 'a', signature: envelope('anthropic-messages', 'x', { family: 'other' }) },
          { type: 'thinking', thinking: 'b', signature: envelope('anthropic-messages', 'y', { text: 'other' }) },
          { type: 'thinking', thinking: 'c', signature: ANTHROPIC },
        ],
      },
      { content: [{ type: 'thinking', thinking: 'c', signature: 'sig' }] },
    ],
    [
      'loses what chat clients were given to carry, with its empty place',
      'openai-chat',
      {
        messages: [
          {
            role: 'assistant',
            reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: ANTHROPIC }],
            tool_calls: [{ id: 'c1', extra_content: { google: { thought_signature: GEMINI } } }],
          },
        ],
      },
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c1' }] }] },
    ],
    [
      'keeps what only looks like a seal in the data of a client',
      'anthropic-messages',
      { content: [{ type: 'tool_use', input: { signature: GEMINI } }] },
      { content: [{ type: 'tool_use', input: { signature: GEMINI } }] },
    ],
    [
      'keeps everything else as it is',
      'openai-chat',
      { model: 'm', n: null, deep: [[{ a: [1, 'VFJJVjAx', true, null] }]], signature: 'EqQB' },
      { model: 'm', n: null, deep: [[{ a: [1, 'VFJJVjAx', true, null] }]], signature: 'EqQB' },
    ],
  ])('%s', (_what, dialect, body, expected) => {
    expect(openEnvelopesIn(body, sealOrigin(dialect, 'm', 'acc_1'))).toEqual(expected);
  });

  test('does not change what it was given', () => {
    const body = { content: [{ type: 'thinking', signature: GEMINI }] };
    openEnvelopesIn(body, sealOrigin('anthropic-messages', 'm', 'acc_1'));
    expect(body).toEqual({ content: [{ type: 'thinking', signature: GEMINI }] });
  });
});

describe('a body whose seals an upstream has refused', () => {
  test.each<[string, DialectId, JsonObject, JsonObject]>([
    [
      'Anthropic: thoughts go, and the wish for a budget with them',
      'anthropic-messages',
      {
        thinking: { type: 'enabled', budget_tokens: 2000 },
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 'own' },
              { type: 'redacted_thinking', data: 'x' },
              { type: 'tool_use', id: 't', name: 'look', input: { doors: [{ type: 'thinking' }] } },
            ],
          },
        ],
      },
      {
        messages: [
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 't', name: 'look', input: { doors: [{ type: 'thinking' }] } }],
          },
        ],
      },
    ],
    [
      'Anthropic: adaptive thinking may stay',
      'anthropic-messages',
      { thinking: { type: 'adaptive' }, messages: [] },
      { thinking: { type: 'adaptive' }, messages: [] },
    ],
    [
      'Responses: reasoning items go',
      'openai-responses',
      {
        input: [
          { type: 'reasoning', encrypted_content: 'x' },
          { type: 'function_call', call_id: 'c' },
        ],
      },
      { input: [{ type: 'function_call', call_id: 'c' }] },
    ],
    [
      'Gemini: thoughts go, calls say that their seal is lost, texts lose it',
      'gemini',
      {
        contents: [
          {
            parts: [
              { thought: true, text: 'hm' },
              { functionCall: { name: 'a' }, thoughtSignature: 's' },
            ],
          },
          { parts: [{ text: 'hi', thoughtSignature: 's' }] },
        ],
      },
      {
        contents: [
          { parts: [{ functionCall: { name: 'a' }, thoughtSignature: 'skip_thought_signature_validator' }] },
          { parts: [{ text: 'hi' }] },
        ],
      },
    ],
  ])('%s', (_, dialect, body, rest) => {
    expect(dropThoughtsIn(body, dialect)).toEqual(rest);
  });

  test('in canonical form', () => {
    const seal: Seal = { dialect: 'gemini', value: 's' };
    const request: CanonicalRequest = {
      ...emptyRequest('m', false),
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'q' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'hm', seal },
            { type: 'text', text: 'a', seal },
            { type: 'tool-call', callId: 'c', kind: 'function', name: 'look', arguments: '{}', seal },
          ],
        },
      ],
    };
    expect(withoutThoughts(request).messages[1]?.parts).toEqual([
      { type: 'text', text: 'a' },
      { type: 'tool-call', callId: 'c', kind: 'function', name: 'look', arguments: '{}' },
    ]);
  });
});
