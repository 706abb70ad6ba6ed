import { describe, expect, test } from 'bun:test';
import { ask, call, calls, type Parsed, result, SONNET, user } from '../support/translate-as.ts';

describe('instructions between turns', () => {
  const turns = [{ role: 'system', content: 's1' }, user('u1'), { role: 'system', content: 's2' }, user('u2')];

  test('become text of the turn before them where the model has no place for them', () => {
    const { body } = ask('openai-chat', 'anthropic-messages', { messages: turns }, SONNET);
    expect(body.system).toEqual([{ type: 'text', text: 's1' }]);
    expect(body.messages).toHaveLength(1);
    expect(body.messages[0].content.map(({ text }: { text: string }) => text)).toEqual([
      'u1',
      '<system>s2</system>',
      'u2',
    ]);
  });

  test('never change what was sent before', () => {
    const first = ask('openai-chat', 'anthropic-messages', { messages: turns }, SONNET).body;
    const more = [...turns, { role: 'assistant', content: 'a' }, user('u3')];
    const second = ask('openai-chat', 'anthropic-messages', { messages: more }, SONNET).body;
    expect(JSON.stringify(second.system)).toBe(JSON.stringify(first.system));
    expect(JSON.stringify(second.messages[0])).toBe(JSON.stringify(first.messages[0]));
  });

  test('of Claude Code stay where they stand, without its billing line', () => {
    const body = {
      max_tokens: 99,
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2' },
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
      messages: [user('u1'), { role: 'system', content: 'mid' }],
    };
    const openai = ask('anthropic-messages', 'openai-chat', body, 'gpt-4o').body;
    expect(openai.messages).toMatchObject([
      { content: 'one\n\ntwo' },
      { role: 'user', content: 'u1' },
      { content: 'mid' },
    ]);
    const mistral = ask('anthropic-messages', 'openai-chat', body, 'mistral-large').body;
    expect(mistral.messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user']);
    expect(JSON.stringify(mistral.messages[1])).toContain('<system>mid</system>');
  });
});

describe('results of calls', () => {
  const turn = (...messages: object[]) => ({ messages: [user('go'), ...messages] });

  test('stand in the order of their calls, before what the user says', () => {
    const { body } = ask(
      'openai-chat',
      'anthropic-messages',
      turn(calls(call('1'), call('2')), result('2'), result('1'), user('u')),
      SONNET,
    );
    expect(body.messages.at(-1).content).toMatchObject([
      { type: 'tool_result', tool_use_id: '1' },
      { type: 'tool_result', tool_use_id: '2' },
      { type: 'text', text: 'u' },
    ]);
  });

  test('that never came are told as such', () => {
    const { body } = ask(
      'openai-chat',
      'anthropic-messages',
      turn(calls(call('1'), call('2')), result('1'), user('u')),
      SONNET,
    );
    expect(body.messages.at(-1).content).toMatchObject([
      { tool_use_id: '1' },
      { tool_use_id: '2', is_error: true },
      { text: 'u' },
    ]);
  });

  test('without their call become words', () => {
    const { body } = ask('openai-chat', 'gemini', { messages: [result('x', 'it was 5'), user('u')] }, 'gemini-3-pro');
    const text = JSON.stringify(body.contents);
    expect(text).not.toContain('functionResponse');
    expect(text).toContain('it was 5');
  });

  test('of calls with one id are each answered', () => {
    const messages = [
      user('go'),
      calls(call('1', 'f')),
      result('1', 'a'),
      calls(call('1', 'g')),
      result('1', 'b'),
      user('u'),
    ];
    const { body } = ask('openai-chat', 'gemini', { messages }, 'gemini-3-pro');
    const responses = body.contents
      .flatMap(({ parts }: Parsed) => parts)
      .filter((part: Parsed) => part.functionResponse);
    expect(responses.map(({ functionResponse }: Parsed) => [functionResponse.name, functionResponse.response])).toEqual(
      [
        ['f', { output: 'a' }],
        ['g', { output: 'b' }],
      ],
    );
  });

  test('R08: given twice for one call are one, the later, at the place of the first', () => {
    const { body } = ask(
      'openai-chat',
      'anthropic-messages',
      turn(calls(call('1')), result('1', 'old'), result('1', 'new'), user('u')),
      SONNET,
    );
    expect(JSON.stringify(body.messages.at(-1).content)).toContain('new');
    expect(JSON.stringify(body)).not.toContain('old');
  });

  const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };
  const pictured = {
    max_tokens: 99,
    messages: [
      user('go'),
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'f', input: {} }] },
      user([
        { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'shot' }, png] },
        { type: 'text', text: 'look' },
      ]),
    ],
  };

  test('with pictures show them in one message after all of them', () => {
    const { body } = ask('anthropic-messages', 'openai-chat', pictured);
    const [tool, shown] = body.messages.slice(-2);
    expect(tool.role).toBe('tool');
    expect(tool.content).toContain('shot');
    expect(shown.content.map(({ type }: Parsed) => type)).toEqual(['text', 'image_url', 'text']);
    expect(shown.content.at(-1).text).toBe('look');
  });

  test('hold pictures themselves where the model takes that', () => {
    const newer = ask('anthropic-messages', 'gemini', pictured, 'gemini-3-pro').body.contents.at(-1).parts;
    expect(newer[0].functionResponse.parts[0].inlineData.data).toBe('AA==');
    const older = ask('anthropic-messages', 'gemini', pictured, 'gemini-2.5-pro').body.contents.at(-1).parts;
    expect(older[0].functionResponse.parts).toBeUndefined();
    expect(older.findIndex((part: Parsed) => part.inlineData)).toBeGreaterThan(0);
  });

  test.each([['boom'], ['Error: boom']])('that failed say so once: %s', (content) => {
    const body = {
      max_tokens: 99,
      messages: [
        user('go'),
        { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'f', input: {} }] },
        user([{ type: 'tool_result', tool_use_id: '1', is_error: true, content }]),
      ],
    };
    expect(ask('anthropic-messages', 'openai-chat', body).body.messages.at(-1).content).toBe('Error: boom');
  });

  test('R19: that only look like JSON are text', () => {
    const { body } = ask(
      'openai-chat',
      'gemini',
      turn(calls(call('1')), result('1', '{not json'), user('u')),
      'gemini-3-pro',
    );
    expect(JSON.stringify(body)).toContain('"response":{"output":"{not json"}');
  });

  test('for Mistral have ids of nine characters, and a turn of the model after them', () => {
    const { body } = ask(
      'anthropic-messages',
      'openai-chat',
      {
        max_tokens: 9,
        messages: [
          user('go'),
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_01abcdefghijkl', name: 'f', input: {} }] },
          user([
            { type: 'tool_result', tool_use_id: 'toolu_01abcdefghijkl', content: 'x' },
            { type: 'text', text: 'u' },
          ]),
        ],
      },
      'mistral-large',
    );
    const [called, told, filler, said] = body.messages.slice(-4);
    expect(called.tool_calls[0].id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(told.tool_call_id).toBe(called.tool_calls[0].id);
    expect([told.role, filler.role, said.role]).toEqual(['tool', 'assistant', 'user']);
  });
});

describe('turns', () => {
  test('R28: without words go, and the last one says something', () => {
    const messages = [user('hi'), { role: 'assistant', content: '' }, user('  ')];
    expect(ask('openai-chat', 'anthropic-messages', { messages }, SONNET).body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'text', text: '.' },
        ],
      },
    ]);
    const { body } = ask('openai-chat', 'anthropic-messages', { messages: [user('  ')] }, SONNET);
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: '.' }] }]);
  });

  test('R09: of Gemini without ids are paired, and those of one role merged', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'user', parts: [{ text: 'b' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' } } }] },
    ];
    const { body } = ask('gemini', 'openai-chat', { contents });
    const [first, called, told] = body.messages.slice(-3);
    expect(JSON.stringify(first)).toContain('"b"');
    expect(called.tool_calls[0].id).toMatch(/^call_\w{24}$/);
    expect(told).toEqual({ role: 'tool', tool_call_id: called.tool_calls[0].id, content: 'x' });
  });
});

test('marks of the prompt cache are counted in the order of the prompt', () => {
  const mark = (ttl?: string) => ({ type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) });
  const part = (text: string) => ({ type: 'text', text, cache_control: mark() });
  const body = {
    max_tokens: 99,
    system: [{ type: 'text', text: 's', cache_control: mark('1h') }],
    messages: [user([part('a'), part('b')]), { role: 'assistant', content: 'x' }, user([part('c'), part('d')])],
  };
  const sent = ask('anthropic-messages', 'openai-chat', body, 'gpt-5.6').body.messages;
  const marked = sent.flatMap(({ content }: Parsed) => (Array.isArray(content) ? content : []));
  expect(marked.map((one: Parsed) => [one.text, one.prompt_cache_breakpoint])).toEqual([
    ['s', { mode: 'explicit', ttl: '12h' }],
    ['a', { mode: 'explicit' }],
    ['b', { mode: 'explicit' }],
    ['c', { mode: 'explicit' }],
    ['d', undefined],
  ]);
});
