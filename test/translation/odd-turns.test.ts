import { describe, expect, test } from 'bun:test';
import { ask, type Parsed, SONNET, user } from '../support/translate-as.ts';

const A = 'anthropic-messages';
const C = 'openai-chat';
const R = 'openai-responses';

describe('a conversation', () => {
  test.each([
    ['only instructions', [{ role: 'system', content: 's' }]],
    ['an empty question', [user('')]],
    ['a question of no parts', [user([])]],
  ])('of %s has something to answer for every upstream', (_name, messages) => {
    expect(ask(C, R, { messages }).body.input).toMatchObject([{ role: 'user', content: [{ text: '.' }] }]);
    expect(ask(C, A, { messages }, SONNET).body.messages).toMatchObject([{ role: 'user', content: [{ text: '.' }] }]);
    expect(ask(C, 'gemini', { messages }, 'gemini-2.5-pro').body.contents).toMatchObject([{ parts: [{ text: '.' }] }]);
  });

  test('R28: has no empty instructions', () => {
    const system = ['', 's', ''].map((text) => ({ type: 'text', text }));
    const { body } = ask(A, C, { system, max_tokens: 9, messages: [user('x')] }, 'gpt-4o');
    expect(body.messages[0]).toEqual({ role: 'system', content: 's' });
  });

  test('has no empty turns where items cannot be told', () => {
    const input = [
      user('x'),
      {
        type: 'local_shell_call',
        id: 'l',
        call_id: 'l',
        action: { type: 'exec', command: ['ls'] },
        status: 'completed',
      },
      { type: 'local_shell_call_output', id: 'l', output: 'o' },
      { type: 'message', role: 'assistant', content: 'done' },
      user('y'),
    ];
    for (const [to, model, list] of [
      [C, 'gpt-4o', 'messages'],
      [A, SONNET, 'messages'],
      ['gemini', 'gemini-2.5-pro', 'contents'],
    ] as const) {
      const { body, lost } = ask(R, to, { input }, model);
      expect(body[list].map(({ role }: Parsed) => role.replace('model', 'assistant'))).toEqual([
        'user',
        'assistant',
        'user',
      ]);
      expect(lost).toEqual(['part=local_shell_call', 'part=local_shell_call_output']);
    }
  });
});

describe('tools', () => {
  test('of two versions of one search become one', () => {
    const tools = [{ type: 'web_search' }, { type: 'web_search_preview' }];
    expect(ask(R, A, { input: 'x', tools }, SONNET).body.tools).toHaveLength(1);
    expect(ask(R, 'gemini', { input: 'x', tools }, 'gemini-2.5-pro').body.tools).toEqual([{ googleSearch: {} }]);
  });

  test('R03: have only types that Gemini knows', () => {
    const parameters = { type: 'object', properties: { a: { type: 'any' }, b: { type: ['date', 'string'] } } };
    const tools = [{ type: 'function', function: { name: 'f', parameters } }];
    const [{ functionDeclarations }] = ask(C, 'gemini', { messages: [user('x')], tools }, 'gemini-2.5-pro').body.tools;
    expect(functionDeclarations[0].parametersJsonSchema.properties).toEqual({ a: {}, b: { type: 'string' } });
  });
});
