import { describe, expect, test } from 'bun:test';
import type { AssistantPart, Message, UserPart } from '../../../../src/translate/canonical/request.ts';
import { assistant, call, encode, result, text, user } from './request-builders.ts';

const messages = (...list: Message[]) => encode({ messages: list }).body.messages;

describe('messages', () => {
  test('R07, R08: results stand in one turn, in the order of their calls, once', () => {
    expect(
      messages(
        user(text('q')),
        assistant(call('a'), call('b')),
        user(result('b', '2')),
        user(result('a', 'old')),
        user(result('a', '1'), text('go on')),
      ),
    ).toEqual([
      { role: 'user', content: [text('q')] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'f', input: {} },
          { type: 'tool_use', id: 'b', name: 'f', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [text('1')] },
          { type: 'tool_result', tool_use_id: 'b', content: [text('2')] },
          text('go on'),
        ],
      },
    ]);
  });

  test('R10: text after a call goes before it', () => {
    const [, turn] = messages(
      user(text('q')),
      assistant(text('a'), call('t'), text('b')),
      user(result('t', 'r')),
    ) as never[];
    expect(turn).toEqual({
      role: 'assistant',
      content: [text('a'), text('b'), { type: 'tool_use', id: 't', name: 'f', input: {} }],
    } as never);
  });

  test.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['[1]', { _raw: '[1]' }],
    ['{"bad', { _raw: '{"bad' }],
  ])('R18: arguments %s become an object', (args, input) => {
    const [, turn] = messages(user(text('q')), assistant(call('t', args)), user(result('t', 'r'))) as {
      content: object[];
    }[];
    expect(turn!.content[0]).toMatchObject({ input });
  });

  test('R05: an id of another vendor is replaced in call and result alike', () => {
    const [, calls, results] = messages(
      user(text('q')),
      assistant(call('fs.readFile-1')),
      user(result('fs.readFile-1', 'r')),
    ) as { content: { id?: string; tool_use_id?: string }[] }[];
    expect(calls!.content[0]!.id).toMatch(/^toolu_[A-Za-z0-9]{24}$/);
    expect(results!.content[0]!.tool_use_id).toBe(calls!.content[0]!.id!);
  });

  test('R28: empty text is left out, an empty turn is a dot', () => {
    expect(messages(user(text('q')), assistant(text('')), user(text('  ')))).toEqual([
      { role: 'user', content: [text('q'), text('.')] },
    ]);
    expect(messages(user(text('')))).toEqual([{ role: 'user', content: [text('.')] }]);
  });

  test('R34: a begun conversation gets a user turn first, a begun answer one after it where it cannot go on', () => {
    expect(messages(assistant(text('hi')), user(text('q')))).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      {},
    ]);
    expect(messages(user(text('q')), assistant(text('Sure: ')))).toMatchObject([{}, { content: [text('Sure:')] }]);
    const newer = encode({ model: 'claude-opus-4-6', messages: [user(text('q')), assistant(text('Sure: '))] });
    expect(newer.body.messages).toMatchObject([{}, {}, { role: 'user', content: [text('Continue.')] }]);
    expect(newer.losses).toEqual(['prefill']);
  });

  test('R39: only thoughts under the own seal go back', () => {
    const own = { dialect: 'anthropic-messages', value: 's' } as const;
    const parts: AssistantPart[] = [
      { type: 'reasoning', text: 'mine', seal: own },
      { type: 'reasoning', text: '', seal: { ...own, kind: 'redacted' } },
      { type: 'reasoning', text: 'theirs', seal: { dialect: 'gemini', value: 'g' } },
      { type: 'reasoning', text: 'unsigned' },
      text('a'),
    ];
    const [, turn] = messages(user(text('q')), assistant(...parts), user(text('r'))) as { content: object[] }[];
    expect(turn!.content).toEqual([
      { type: 'thinking', thinking: 'mine', signature: 's' },
      { type: 'redacted_thinking', data: 's' },
      text('a'),
    ]);
  });

  test.each<[string, Message['role'][], string]>([
    ['claude-opus-4-8', ['user', 'system'], 'Be kind.'],
    ['claude-sonnet-5', ['user'], '<system>Be kind.</system>'],
  ])('R27: a system turn for %s', (model, roles, words) => {
    const encoded = encode({ model, messages: [user(text('q')), { role: 'system', parts: [text('Be kind.')] }] });
    const list = encoded.body.messages as unknown as { role: string; content: { text: string }[] }[];
    expect(list.map((message) => message.role)).toEqual(roles);
    expect(list.at(-1)!.content.at(-1)!.text).toBe(words);
  });

  test('errors and empty results of tools', () => {
    const parts: UserPart[] = [{ type: 'tool-result', callId: 'a', kind: 'function', parts: [], isError: true }];
    const [, , turn] = messages(user(text('q')), assistant(call('a')), user(...parts)) as object[];
    expect(turn).toEqual({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', is_error: true }] });
  });

  test('calls of a history without tools get stubs', () => {
    const { body } = encode({ messages: [user(text('q')), assistant(call('t')), user(result('t', 'r'))] });
    expect(body.tools).toEqual([{ name: 'f', input_schema: { type: 'object', properties: {} } }]);
    expect(body.tool_choice).toEqual({ type: 'none' });
  });

  test('blocks of server tools go back as they came', () => {
    const raw = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } };
    const part: AssistantPart = { type: 'opaque', dialect: 'anthropic-messages', kind: 'server_tool_use', raw };
    expect(messages(user(text('q')), assistant(part, text('a')), user(text('r')))).toMatchObject([
      {},
      { content: [raw, text('a')] },
      {},
    ]);
  });
});
