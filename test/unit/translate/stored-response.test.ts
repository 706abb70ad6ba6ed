import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import {
  listInput,
  needOfOwnDialect,
  pageOfItems,
  readPage,
  type StoredResponse,
  withoutBareThoughts,
  writeOutReferences,
} from '../../../src/translate/stored-response.ts';
import { responseMemory } from '../../support/response-memory.ts';

const said = (id: string, text: string) => ({
  id,
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', annotations: [], logprobs: [], text }],
});
const asked = (id: string, text: string) => ({
  id,
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const bare = ({ id: _, ...item }: { id: string }) => item;
const call = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
const stored: StoredResponse = {
  id: 'resp_1',
  response: { id: 'resp_1', instructions: 'Be brief.', output: [said('msg_b', 'Hello.'), call] },
  input: [asked('msg_a', 'Hi')],
};
const memory = responseMemory(stored);

describe('what a request refers to is written out', () => {
  test('the turns before it, without their instructions and ids', () => {
    const result = { type: 'function_call_output', call_id: 'call_1', output: 'x' };
    const body = { model: 'm', previous_response_id: 'resp_1', input: [result], instructions: 'New.' };
    expect(writeOutReferences(body, memory)).toEqual({
      model: 'm',
      instructions: 'New.',
      input: [bare(asked('msg_a', 'Hi')), bare(said('msg_b', 'Hello.')), bare(call), result],
    });
  });

  test('with the ids that a server gave its own items, when it stores none of them', () => {
    const theirs = responseMemory({ ...stored, response: { ...stored.response, store: false } });
    const { input } = writeOutReferences({ previous_response_id: 'resp_1' }, theirs)!;
    expect(input).toEqual([bare(asked('msg_a', 'Hi')), said('msg_b', 'Hello.'), call]);
  });

  test('with a plain text, or nothing, as the new input', () => {
    const body = { model: 'm', previous_response_id: 'resp_1' };
    expect(writeOutReferences({ ...body, input: 'More' }, memory)?.input).toHaveLength(4);
    expect(writeOutReferences(body, memory)?.input).toHaveLength(3);
    expect(writeOutReferences({ ...body, input: null }, memory)?.input).toHaveLength(3);
  });

  test('single items, wherever they stand and however they are written', () => {
    const body = {
      previous_response_id: 'resp_other',
      input: ['odd', { type: 'item_reference', id: 'msg_b' }, { id: 'fc_1' }, { id: 'msg_z', type: null }],
    };
    expect(writeOutReferences(body, memory)).toEqual({
      previous_response_id: 'resp_other',
      input: ['odd', bare(said('msg_b', 'Hello.')), bare(call), { id: 'msg_z', type: null }],
    });
  });

  test('but not what is unknown here, so that the client’s bytes stay', () => {
    expect(writeOutReferences({ previous_response_id: 'resp_2', input: 'x' }, memory)).toBeUndefined();
    expect(writeOutReferences({ input: [{ type: 'item_reference', id: 'msg_z' }] }, memory)).toBeUndefined();
    expect(writeOutReferences({ input: [asked('msg_b', 'no reference')] }, memory)).toBeUndefined();
  });

  test('and a wrong input is still wrong', () => {
    expect(() => writeOutReferences({ previous_response_id: 'resp_1', input: 7 }, memory)).toThrow('list of items');
  });

  test('always in the same way', () => {
    const body = { previous_response_id: 'resp_1', input: 'x' };
    expect(JSON.stringify(writeOutReferences(body, memory))).toBe(JSON.stringify(writeOutReferences(body, memory)));
  });
});

describe('only an upstream of the own dialect can take', () => {
  const cases: readonly (readonly [JsonObject, string, string | undefined])[] = [
    [{ previous_response_id: 'resp_9' }, 'previous_response_id', 'previous_response_not_found'],
    [{ input: [{ role: 'user' }, { type: 'item_reference', id: 'msg_9' }] }, 'input[1].id', 'item_not_found'],
    [{ input: [{ id: 'msg_9' }] }, 'input[0].id', 'item_not_found'],
    [{ conversation: 'conv_1' }, 'conversation', undefined],
    [{ conversation: { id: 'conv_1' } }, 'conversation', undefined],
    [{ background: true }, 'background', undefined],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt', undefined],
    [{ input: [{ type: 'compaction', encrypted_content: 'x' }] }, 'input[0]', undefined],
  ];
  test.each(cases)('%j', (body, param, code) => {
    const error = needOfOwnDialect(body);
    expect(error?.traits.status).toBe(400);
    expect(error?.detail.param).toBe(param);
    expect(error?.detail.code).toBe(code);
  });

  test.each<JsonObject>([
    { input: 'x' },
    { input: [asked('msg_1', 'x'), call] },
    { previous_response_id: null, background: false, conversation: null, prompt: null },
    { previous_response_id: '' },
  ])('and any can take %j', (body) => {
    expect(needOfOwnDialect(body)).toBeUndefined();
  });
});

test('an upstream is not shown thoughts that it can know neither by seal nor by id', () => {
  const thought = { type: 'reasoning', summary: [] };
  const input = [thought, { ...thought, encrypted_content: 'x' }, { ...thought, id: 'rs_1' }, call];
  expect(withoutBareThoughts({ model: 'm', input })).toEqual({ model: 'm', input: input.slice(1) });
});

describe('a list of input items', () => {
  test('has whole items with ids, always the same ones', () => {
    const input = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Ho' },
      { type: 'function_call_output', call_id: 'c', output: 'x' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'x', id: 'own' },
      { type: 'web_search_call', id: 'ws_1' },
    ];
    const items = listInput({ input }, 'seed');
    expect(items).toEqual(listInput({ input }, 'seed'));
    expect(items).toMatchObject([
      { type: 'message', role: 'user', status: 'completed', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Ho', annotations: [] }] },
      { type: 'function_call_output', output: 'x' },
      { id: 'own' },
      { id: 'ws_1' },
    ]);
    expect(items.map(({ id }) => String(id).split('_')[0])).toEqual(['msg', 'msg', 'fco', 'own', 'ws']);
    expect(new Set(items.map(({ id }) => id)).size).toBe(5);
    expect(listInput({ input: 'Hi' }, 'other')[0]?.id).not.toBe(items[0]?.id);
    expect(listInput({}, 'seed')).toEqual([]);
  });

  const five: StoredResponse = { ...stored, input: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id })) };
  test.each([
    ['', ['e', 'd', 'c', 'b', 'a'], false],
    ['order=asc&limit=2', ['a', 'b'], true],
    ['order=asc&limit=2&after=b', ['c', 'd'], true],
    ['order=asc&limit=2&after=d', ['e'], false],
    ['limit=2&after=d', ['c', 'b'], true],
    ['after=a', [], false],
  ])('is read in pages: %s', (query, ids, more) => {
    const page = pageOfItems(five, readPage(new URLSearchParams(query)));
    expect(page).toEqual({
      object: 'list',
      data: ids.map((id) => ({ id })),
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
      has_more: more,
    });
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'order=up'])('refuses %s', (query) => {
    expect(() => readPage(new URLSearchParams(query))).toThrow(/must be/);
  });
});
