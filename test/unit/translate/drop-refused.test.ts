import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { withoutRefused } from '../../../src/translate/drop-refused.ts';

const drop = (body: JsonObject, ...refused: string[]) => {
  const { body: left, losses } = withoutRefused(body, refused);
  return { left, lost: losses.map(({ field, effect }) => `${field} ${effect}`) };
};

describe('withoutRefused', () => {
  test('what is not there is no loss', () => {
    const body = { model: 'm', tools: [], generationConfig: {}, messages: [{ role: 'user', content: 'x' }] };
    const all = ['seed', 'strict', 'developer', 'tool_choice', 'json_schema', 'max_tokens', 'thinkingConfig'];
    expect(drop(body, ...all, 'parametersJsonSchema', 'responseJsonSchema')).toEqual({ left: body, lost: [] });
  });

  test('a field goes, and is named', () => {
    expect(drop({ seed: 1, user: 'ann' }, 'seed')).toEqual({ left: { user: 'ann' }, lost: ['seed dropped'] });
  });

  test('a limit gets the other name', () => {
    expect(drop({ max_completion_tokens: 5 }, 'max_completion_tokens')).toEqual({ left: { max_tokens: 5 }, lost: [] });
    expect(drop({ max_tokens: 5, max_completion_tokens: 6 }, 'max_tokens').left).toEqual({ max_completion_tokens: 6 });
  });

  test('the developer speaks as the system', () => {
    const messages = [
      { role: 'developer', content: 'a' },
      { role: 'user', content: 'b' },
    ];
    expect(drop({ messages }, 'developer')).toEqual({
      left: { messages: [{ role: 'system', content: 'a' }, messages[1]!] },
      lost: ['developer approximated'],
    });
  });

  test('schemas are no longer strict', () => {
    const body = {
      tools: [{ type: 'function', function: { name: 'f', strict: true } }, { type: 'x' }],
      response_format: { type: 'json_schema', json_schema: { name: 'r', strict: true } },
    };
    expect(drop(body, 'strict')).toEqual({
      left: {
        tools: [{ type: 'function', function: { name: 'f' } }, { type: 'x' }],
        response_format: { type: 'json_schema', json_schema: { name: 'r' } },
      },
      lost: ['strict approximated'],
    });
  });

  test('a choice among tools is left to the model', () => {
    const tools = ['f', 'g'].map((name) => ({ type: 'function', function: { name } }));
    const named = { type: 'function', function: { name: 'g' } };
    expect(drop({ tools, tool_choice: 'auto' }, 'tool_choice')).toEqual({ left: { tools }, lost: [] });
    expect(drop({ tools, tool_choice: 'none' }, 'tool_choice').left).toEqual({});
    expect(drop({ tools, tool_choice: named }, 'tool_choice')).toEqual({
      left: { tools: [tools[1]!] },
      lost: ['tool_choice approximated'],
    });
  });

  test('a schema is told in words, where the instructions stand', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' } } };
    const words = 'Answer with one JSON object that fits this JSON Schema and nothing else:\n{"type":"object"}';
    const user = { role: 'user', content: 'x' };
    expect(drop({ messages: [user], response_format }, 'json_schema')).toEqual({
      left: { messages: [{ role: 'system', content: words }, user], response_format: { type: 'json_object' } },
      lost: ['schema-prompted approximated'],
    });
    const told = drop({ messages: [{ role: 'system', content: 'Be brief.' }, user], response_format }, 'json_schema');
    expect(told.left.messages).toEqual([{ role: 'system', content: `Be brief.\n\n${words}` }, user]);
  });

  test('Gemini’s fields of JSON Schema become those that every server of the dialect knows', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const body = {
      tools: [
        {
          functionDeclarations: [
            { name: 'f', parametersJsonSchema: schema },
            { name: 'g', parametersJsonSchema: {} },
          ],
        },
        { googleSearch: {} },
      ],
      generationConfig: { seed: 1, responseJsonSchema: schema, thinkingConfig: { thinkingBudget: 1 } },
    };
    const { left, lost } = drop(body, 'parametersJsonSchema', 'responseJsonSchema', 'thinkingConfig');
    expect(left.tools).toMatchObject([
      { functionDeclarations: [{ name: 'f', parameters: { properties: { a: {} } } }, { name: 'g' }] },
      { googleSearch: {} },
    ]);
    expect(JSON.stringify(left)).not.toContain('JsonSchema');
    expect(left.generationConfig).toMatchObject({ seed: 1, responseSchema: { properties: { a: {} } } });
    expect(lost).toEqual(['reasoning dropped']);
  });
});
