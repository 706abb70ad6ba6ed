import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { encodeRequestFor } from '../../../src/translate/prepare-request.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import { traitsOfReference } from '../../../src/translate/target.ts';

const FOREIGN = ['openai-chat', 'anthropic-messages', 'gemini'] as const;

function encode(fields: JsonObject, to: (typeof FOREIGN)[number] | 'openai-responses') {
  const body = { model: 'm', input: 'Hi', ...fields };
  const request = DIALECTS['openai-responses'].client!.decodeRequest(body, { model: 'm', stream: false });
  return encodeRequestFor(DIALECTS[to], request, traitsOfReference(to));
}

const message = { role: 'user', content: 'Hi' };

describe.each(FOREIGN)('a request of Responses for %s', (to) => {
  test.each<[JsonObject, string]>([
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ input: [{ type: 'compaction', id: 'cmp_1', encrypted_content: 'x' }, message] }, 'input'],
  ])('with %j is refused, and told why', (fields, param) => {
    const refused = () => encode(fields, to);
    expect(refused).toThrow(expect.objectContaining({ kind: 'translation-refused', detail: { param } }));
    expect(refused).toThrow(/service|upstream/);
  });

  test('says nothing of parts that are about its own service alone', () => {
    const kinds = ['compaction_trigger', 'configuration_update', 'program', 'mcp_list_tools'];
    const input = [message, ...kinds.map((type) => ({ type, id: 'x_1' })), message];
    expect(encode({ input, background: false }, to).losses).toEqual([]);
  });
});

test('the dialect itself takes them all', () => {
  const fields = { conversation: 'conv_1', background: true, prompt: { id: 'pmpt_1' } };
  expect(encode(fields, 'openai-responses').body).toMatchObject(fields);
});
