import { describe, expect, test } from 'bun:test';
import type { CanonicalRequest } from '../../../../src/translate/canonical/request.ts';
import { encodeOutputFormat } from '../../../../src/translate/openai-responses/encode-output-format.ts';
import { startEncoding } from '../../../../src/translate/openai-responses/encoding.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { requestOf } from './samples.ts';

function encode(fields: Partial<CanonicalRequest>, quirks: Quirks = {}) {
  const encoding = startEncoding(requestOf(fields), { provider: 'openai', quirks });
  return [encodeOutputFormat(encoding), encoding.losses.map((loss) => loss.field)] as unknown;
}

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
const says = (text: string): Partial<CanonicalRequest> => ({
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
});

test('nothing asked, nothing sent', () => {
  expect(encode({})).toEqual([{}, []]);
});

test('JSON, where the prompt speaks of it', () => {
  expect(encode({ ...says('Answer in JSON'), output: { kind: 'json' } })).toEqual([
    { text: { format: { type: 'json_object' } } },
    [],
  ]);
});

test('JSON, where a sentence must be added', () => {
  expect(encode({ ...says('hi'), output: { kind: 'json' } })).toEqual([
    { text: { format: { type: 'json_object' } }, instruction: 'Answer with one JSON object and nothing else.' },
    ['json-prompted'],
  ]);
});

describe('schemas', () => {
  test('keep their strictness when the service can hold it', () => {
    const output = { kind: 'schema', schema, name: 'a', strict: true, description: 'd' } as const;
    expect(encode({ output })).toEqual([
      { text: { format: { type: 'json_schema', name: 'a', schema, description: 'd', strict: true } } },
      [],
    ]);
  });
  test('lose it else', () => {
    const open = { type: 'object', properties: { a: { type: 'string' } } };
    expect(encode({ output: { kind: 'schema', schema: open, strict: true } })).toEqual([
      { text: { format: { type: 'json_schema', name: 'response', schema: open, strict: false } } },
      ['strict'],
    ]);
  });
  test('become words for a server without schemas', () => {
    expect(encode({ output: { kind: 'schema', schema } }, { outputSchema: false })).toEqual([
      {
        text: { format: { type: 'json_object' } },
        instruction: `Answer with one JSON object that fits this JSON Schema and nothing else:\n${JSON.stringify(schema)}`,
      },
      ['schema-prompted'],
    ]);
  });
  test('a choice of words stands in an object', () => {
    expect(encode({ output: { kind: 'choice', values: ['yes', 'no'] } })).toMatchObject([
      {
        text: {
          format: {
            strict: true,
            schema: { properties: { value: { type: 'string', enum: ['yes', 'no'] } }, required: ['value'] },
          },
        },
      },
      [],
    ]);
  });
});
