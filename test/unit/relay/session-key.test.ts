import { describe, expect, test } from 'bun:test';
import { readCallBody } from '../../../src/relay/call.ts';
import { sessionOf } from '../../../src/relay/session-key.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { cpuTimeOf } from '../../support/cpu-time.ts';

type Body = { readonly [key: string]: unknown };

function session(dialect: DialectId, body: Body, headers: Record<string, string> = {}) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return sessionOf({ dialect, headers: new Headers(headers), body: readCallBody(bytes) });
}

function keyOf(dialect: DialectId, body: Body, headers: Record<string, string> = {}): string | undefined {
  return session(dialect, body, headers)?.sessionKey;
}

const user = (text: string) => ({ role: 'user', content: text });
const assistant = (text: string) => ({ role: 'assistant', content: text });
const long = (seed: string) => `${seed} ${'words and more words '.repeat(20_000)}`;

describe("the client's own mark", () => {
  const body = { messages: [user('hi')], metadata: { user_id: '{"session_id":"from-user"}' }, prompt_cache_key: 'pck' };

  test.each(['x-claude-code-session-id', 'session-id', 'thread-id', 'x-session-affinity', 'x-session-id'])(
    'in the header %s',
    (name) => {
      expect(session('anthropic-messages', body, { [name]: 'talk-1' })).toEqual({ sessionKey: 'talk-1' });
    },
  );

  test('in the body, when no header says it', () => {
    expect(keyOf('openai-responses', { ...body, conversation: 'c' })).toBe('pck');
    expect(keyOf('openai-responses', { input: 'hi', conversation: 'conv_1' })).toBe('conv_1');
    expect(keyOf('openai-responses', { input: 'hi', conversation: { id: 'conv_2' } })).toBe('conv_2');
    expect(keyOf('openai-responses', { input: 'hi', previous_response_id: 'resp_1' })).toBe('resp_1');
    expect(keyOf('gemini', { contents: [], cachedContent: 'cachedContents/1' })).toBe('cachedContents/1');
  });

  test('in the user id of Claude Code, in both of its forms', () => {
    const userId = '{"device_id":"d","account_uuid":"","session_id":"0-1"}';
    expect(keyOf('anthropic-messages', { metadata: { user_id: userId } })).toBe('0-1');
    expect(keyOf('anthropic-messages', { metadata: { user_id: 'user_ab_account_cd_session_ef-1' } })).toBe('ef-1');
  });

  test('never the user: he has many conversations', () => {
    const talk = (text: string) => ({ messages: [user(text)], metadata: { user_id: 'jo' }, user: 'jo' });
    expect(keyOf('anthropic-messages', talk('one'))).not.toBe(keyOf('anthropic-messages', talk('two')));
  });

  test('an empty or misshapen one is none', () => {
    const bad = { messages: [user('hi')], prompt_cache_key: '', conversation: 7, metadata: { user_id: '{' } };
    expect(keyOf('openai-chat', bad, { 'session-id': '' })).toBe(keyOf('openai-chat', { messages: [user('hi')] }));
  });

  test('a very long one is kept short', () => {
    const key = keyOf('openai-chat', {}, { 'session-id': 'x'.repeat(5_000) })!;
    expect(key.length).toBeLessThan(40);
    expect(key).not.toBe(keyOf('openai-chat', {}, { 'session-id': 'y'.repeat(5_000) })!);
  });
});

describe('without a mark the head and the first user turn tell', () => {
  const openings: readonly (readonly [DialectId, Body, Body])[] = [
    [
      'openai-chat',
      { messages: [{ role: 'system', content: 'Be kind.' }, user('hi')] },
      { messages: [{ role: 'system', content: 'Be kind.' }, user('hi'), assistant('hello'), user('more')] },
    ],
    [
      'anthropic-messages',
      { system: [{ type: 'text', text: 'Be kind.' }], messages: [user('hi')] },
      { system: [{ type: 'text', text: 'Be kind.' }], messages: [user('hi'), assistant('hello'), user('more')] },
    ],
    [
      'openai-responses',
      { instructions: 'Be kind.', input: [user('hi')] },
      { instructions: 'Be kind.', input: [user('hi'), { type: 'reasoning' }, assistant('hello'), user('more')] },
    ],
    [
      'gemini',
      { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
      {
        contents: [{ role: 'user', parts: [{ text: 'hi' }] }, { role: 'model', parts: [] }, { parts: [{ text: 'x' }] }],
      },
    ],
  ];

  test.each(openings)('%s: the next turn has the same key, and only the first opens', (dialect, first, next) => {
    expect(session(dialect, first)).toMatchObject({ sessionKey: expect.any(String), opens: true });
    expect(session(dialect, next)).toEqual({ sessionKey: keyOf(dialect, first)! });
  });

  test.each(openings)('%s: other words, other key', (dialect, first) => {
    const other = JSON.parse(JSON.stringify(first).replace('"hi"', '"ho"'));
    expect(keyOf(dialect, other)).not.toBe(keyOf(dialect, first));
  });

  test('other heads, other keys', () => {
    const talk = (system: string) => ({ system, messages: [user('hi')] });
    expect(keyOf('anthropic-messages', talk('a'))).not.toBe(keyOf('anthropic-messages', talk('b')));
  });

  test('a cache mark that moves on with the conversation changes nothing', () => {
    const turn = (mark: object) => ({ role: 'user', content: [{ type: 'text', text: 'hi', ...mark }] });
    const first = keyOf('anthropic-messages', { messages: [turn({ cache_control: { type: 'ephemeral' } })] });
    expect(keyOf('anthropic-messages', { messages: [turn({}), assistant('x'), user('y')] })).toBe(first);
  });

  test('pictures tell too', () => {
    const picture = (data: string) => ({
      messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data } }] }],
    });
    expect(keyOf('anthropic-messages', picture('AAAA'))).not.toBe(keyOf('anthropic-messages', picture('BBBB')));
  });

  test('input that is a plain text', () => {
    expect(session('openai-responses', { input: 'hi' })).toMatchObject({ opens: true });
    expect(keyOf('openai-responses', { input: 'hi' })).not.toBe(keyOf('openai-responses', { input: 'ho' }));
  });

  test('there is no key where there is no conversation', () => {
    expect(session('openai-completions', { prompt: 'def f():' })).toBeUndefined();
    expect(session('openai-chat', {})).toBeUndefined();
    expect(session('openai-chat', { messages: [{ role: 'system', content: 'x' }] })).toBeUndefined();
    expect(session('openai-chat', { messages: 'x' })).toMatchObject({ opens: true });
    expect(session('openai-chat', { messages: [null, 3] })).toBeUndefined();
  });
});

describe('a conversation that has grown large', () => {
  const systemOf = (text: string) => ({ role: 'system', content: text });

  test('keeps the key that it had when it was small', () => {
    const first = { model: 'm', messages: [systemOf('Be kind. "}{'), user('hi \\" { ]')] };
    const later = { model: 'm', messages: [...first.messages, assistant(long('a')), user('more')] };
    expect(JSON.stringify(later).length).toBeGreaterThan(256 * 1024);
    expect(session('openai-chat', later)).toEqual({ sessionKey: keyOf('openai-chat', first)! });
  });

  test('opens when it is large from the start', () => {
    const body = { messages: [systemOf('x'), user(long('a'))] };
    const opened = session('openai-chat', body)!;
    expect(opened.opens).toBe(true);
    expect(session('openai-chat', { messages: [...body.messages, assistant('b')] })).toEqual({
      sessionKey: opened.sessionKey,
    });
    expect(keyOf('openai-chat', { messages: [systemOf('x'), user(long('c'))] })).not.toBe(opened.sessionKey);
  });

  test('is not told by a head that is large', () => {
    const body = { system: long('head'), messages: [user('hi')] };
    const later = { ...body, messages: [user('hi'), assistant(long('b'))] };
    expect(keyOf('anthropic-messages', later)).toBe(keyOf('anthropic-messages', body)!);
  });

  test('costs next to nothing', () => {
    const bytes = new TextEncoder().encode(
      JSON.stringify({ messages: [user('hi'), ...Array.from({ length: 20 }, () => assistant(long('a')))] }),
    );
    const body = readCallBody(bytes);
    body.span('messages');
    const ask = () => sessionOf({ dialect: 'openai-chat', headers: new Headers(), body });
    expect(cpuTimeOf(() => Array.from({ length: 100 }, ask))).toBeLessThan(500);
  });
});
