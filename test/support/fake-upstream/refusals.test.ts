import { describe, expect, test } from 'bun:test';
import { startFakeUpstream } from '../fake-upstream.ts';
import { CHAT_BODY, CLAUDE_BODY, post } from './post.ts';

const CLAUDE = { model: 'claude-sonnet-4-6', max_tokens: 2_000 };

describe('bad requests are refused in the service’s own words', () => {
  const user = (content: unknown) => ({ role: 'user', content });
  const calls = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }];

  test.each<[string, string, object, RegExp]>([
    [
      'an unknown field',
      '/v1/chat/completions',
      { ...CHAT_BODY, thinking: {} },
      /Unrecognized request argument supplied: thinking/,
    ],
    [
      'a call without a result',
      '/v1/chat/completions',
      { ...CHAT_BODY, messages: [user('x'), { role: 'assistant', content: null, tool_calls: calls }, user('y')] },
      /did not have response messages: c1/,
    ],
    [
      'a result without a call',
      '/v1/chat/completions',
      { ...CHAT_BODY, messages: [user('x'), { role: 'tool', tool_call_id: 'c1', content: 'y' }] },
      /must be a response to a preceeding message/,
    ],
    ['empty tools', '/v1/chat/completions', { ...CHAT_BODY, tools: [] }, /minimum length 1/],
    [
      'a choice without tools',
      '/v1/chat/completions',
      { ...CHAT_BODY, tool_choice: 'auto' },
      /only allowed when 'tools'/,
    ],
    [
      'the old limit',
      '/v1/chat/completions',
      { ...CHAT_BODY, model: 'gpt-6', max_tokens: 5 },
      /Use 'max_completion_tokens' instead/,
    ],
    [
      'a part of another dialect',
      '/v1/chat/completions',
      { ...CHAT_BODY, messages: [user([{ type: 'input_text', text: 'x' }])] },
      /Invalid value: 'input_text'/,
    ],
    ['a stop', '/v1/responses', { model: 'gpt-4o', input: 'x', stop: ['a'] }, /Unknown parameter: 'stop'/],
    [
      'an output without a call',
      '/v1/responses',
      { model: 'gpt-4o', input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }] },
      /No tool call found/,
    ],
    [
      'a nested function',
      '/v1/responses',
      { model: 'gpt-4o', input: 'x', tools: [{ type: 'function', function: { name: 'f' } }] },
      /tools\[0\].function/,
    ],
    [
      'an id of another kind',
      '/v1/responses',
      { model: 'gpt-4o', input: [{ type: 'message', id: 'call_1', role: 'user', content: 'x' }] },
      /begins with 'msg'/,
    ],
    ['no limit', '/v1/messages', { model: CLAUDE.model, messages: [user('x')] }, /max_tokens: Field required/],
    [
      'a first turn of the model',
      '/v1/messages',
      { ...CLAUDE, messages: [{ role: 'assistant', content: 'x' }] },
      /must use the "user" role/,
    ],
    ['blank text', '/v1/messages', { ...CLAUDE, messages: [user([{ type: 'text', text: ' ' }])] }, /non-whitespace/],
    ['a heat above one', '/v1/messages', { ...CLAUDE_BODY, temperature: 1.5 }, /range: 0..1/],
    [
      'a budget on a newer model',
      '/v1/messages',
      { ...CLAUDE_BODY, model: 'claude-opus-4-8', thinking: { type: 'enabled', budget_tokens: 1_500 } },
      /adaptive/,
    ],
    [
      'a system turn on an older model',
      '/v1/messages',
      { ...CLAUDE, messages: [user('x'), { role: 'system', content: 'y' }] },
      /role 'system' is not supported/,
    ],
    [
      'results after text',
      '/v1/messages',
      {
        ...CLAUDE,
        tools: [{ name: 'f', input_schema: { type: 'object' } }],
        messages: [
          user('x'),
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
          user([
            { type: 'text', text: 'y' },
            { type: 'tool_result', tool_use_id: 't', content: 'z' },
          ]),
        ],
      },
      /must come first/,
    ],
    ['no contents', '/v1beta/models/gemini-2.5-pro:generateContent', {}, /contents is not specified/],
    [
      'an unknown schema word',
      '/v1beta/models/gemini-2.5-pro:generateContent',
      {
        contents: [{ parts: [{ text: 'x' }] }],
        tools: [
          { functionDeclarations: [{ name: 'f', parameters: { type: 'object', properties: { a: { $ref: '#' } } } }] },
        ],
      },
      /Unknown name "\$ref"/,
    ],
    [
      'fewer responses than calls',
      '/v1beta/models/gemini-2.5-pro:generateContent',
      {
        contents: [
          { role: 'user', parts: [{ text: 'x' }] },
          { role: 'model', parts: [{ functionCall: { name: 'a' } }, { functionCall: { name: 'b' } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'a', response: {} } }] },
        ],
      },
      /equal to the number of function call parts/,
    ],
  ])('%s', async (_, path, body, words) => {
    await using upstream = await startFakeUpstream();
    const response = await post(upstream, path, body);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toMatch(words);
    expect(upstream.requests[0]?.refusal).toBe(error.message);
  });

  test('a request without a key, or with the wrong one', async () => {
    await using upstream = await startFakeUpstream({ apiKey: 'right' });
    expect((await post(upstream, '/v1/chat/completions', CHAT_BODY)).status).toBe(401);
    const gemini = await post(upstream, '/v1beta/models/m:generateContent', {}, { 'x-goog-api-key': 'wrong' });
    expect(gemini.status).toBe(400);
    expect(JSON.stringify(await gemini.json())).toContain('API_KEY_INVALID');
    expect((await post(upstream, '/v1/chat/completions', CHAT_BODY, { authorization: 'Bearer right' })).status).toBe(
      200,
    );
  });

  test('a model it does not serve', async () => {
    await using upstream = await startFakeUpstream({ models: ['other'] });
    expect((await post(upstream, '/v1/messages', CLAUDE_BODY)).status).toBe(404);
  });
});
