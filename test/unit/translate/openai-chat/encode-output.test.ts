import { describe, expect, test } from 'bun:test';
import { type CanonicalRequest, emptyRequest, type OutputFormat } from '../../../../src/translate/canonical/request.ts';
import { encodeOutput } from '../../../../src/translate/openai-chat/encode-output.ts';
import { startEncoding } from '../../../../src/translate/openai-chat/encoding.ts';
import type { Quirks } from '../../../../src/translate/target.ts';

const encode = (output: OutputFormat | undefined, said = 'Hi', quirks: Quirks = {}) => {
  const request: CanonicalRequest = {
    ...emptyRequest('gpt-4o', false),
    messages: [{ role: 'user', parts: [{ type: 'text', text: said }] }],
    ...(output === undefined ? {} : { output }),
  };
  const encoding = startEncoding(request, { provider: 'openai', quirks });
  return { ...encodeOutput(encoding), losses: encoding.losses.map(({ field }) => field) };
};
const closed = { type: 'object', properties: { x: { type: 'string' } }, required: ['x'], additionalProperties: false };

test('no wish is no field', () => expect(encode(undefined)).toEqual({ fields: {}, losses: [] }));

describe('JSON', () => {
  const fields = { response_format: { type: 'json_object' } };
  test('R16: has no schema', () => expect(encode({ kind: 'json' }, 'Answer in JSON')).toEqual({ fields, losses: [] }));
  test('is asked for in words too, since it is refused otherwise', () => {
    const { instruction, ...rest } = encode({ kind: 'json' });
    expect(rest).toEqual({ fields, losses: ['json-prompted'] });
    expect(instruction).toContain('JSON');
  });
});

describe('a schema', () => {
  const format = (output: OutputFormat) => encode(output).fields.response_format;
  test('R16: stands in response_format', () => {
    expect(format({ kind: 'schema', schema: closed, name: 'a b', strict: true, description: 'd' })).toEqual({
      type: 'json_schema',
      json_schema: { name: 'a_b', schema: closed, description: 'd', strict: true },
    });
  });
  test('has a name even when nobody gave one', () => {
    expect(format({ kind: 'schema', schema: closed })).toEqual({
      type: 'json_schema',
      json_schema: { name: 'response', schema: closed },
    });
  });
  test('that cannot be held strictly is not', () => {
    const schema = { type: 'object', properties: { x: { type: 'string' } } };
    const { fields, losses } = encode({ kind: 'schema', schema, strict: true });
    expect(fields).toMatchObject({ response_format: { json_schema: { strict: false } } });
    expect(losses).toEqual(['strict']);
  });
  test('is told in words where there is no field for it', () => {
    const { fields, instruction, losses } = encode({ kind: 'schema', schema: closed }, 'Hi', { outputSchema: false });
    expect(fields).toEqual({ response_format: { type: 'json_object' } });
    expect(instruction).toContain(JSON.stringify(closed));
    expect(losses).toEqual(['schema-prompted']);
  });
});

test('one of several words travels in an object', () => {
  expect(encode({ kind: 'choice', values: ['yes', 'no'] }).fields.response_format).toMatchObject({
    json_schema: { schema: { properties: { value: { enum: ['yes', 'no'] } } }, strict: true },
  });
});
