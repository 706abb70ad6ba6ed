import { describe, expect, test } from 'bun:test';
import type { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeRequest } from '../../../../src/translate/openai-responses/decode-request.ts';
import { encodeRequest } from '../../../../src/translate/openai-responses/encode-request.ts';
import { openaiResponses } from '../../../../src/translate/openai-responses/index.ts';
import { encodeRequestFor } from '../../../../src/translate/prepare-request.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { OPENAI, requestOf } from './samples.ts';

const encode = (fields: Partial<CanonicalRequest>, model?: string) => encodeRequest(requestOf(fields, model), OPENAI);
const hello: CanonicalRequest['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }];
const head = (...texts: string[]): CanonicalRequest['system'] =>
  texts.map((text) => ({ role: 'system', parts: [{ type: 'text', text }] }));

test('R43: a small request, with nothing that nobody asked for', () => {
  expect(encode({ messages: hello })).toEqual({
    body: {
      model: 'gpt-5.4',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }],
      include: ['reasoning.encrypted_content'],
      store: false,
      stream: false,
    },
    losses: [],
  });
});

test('the first instruction stands alone, the others lead the input', () => {
  const { body } = encode({ system: head('one', '', 'two'), messages: hello, stream: true });
  expect(body.instructions).toBe('one');
  expect(body.input).toEqual([
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'two' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
  ]);
  expect(body.stream).toBe(true);
});

test('an instruction with a cache mark keeps its parts where the model takes marks', () => {
  const system: CanonicalRequest['system'] = [
    { role: 'system', parts: [{ type: 'text', text: 'a', cache: { ttl: '5m' } }] },
  ];
  expect(encode({ system }, 'gpt-5.6').body.input).toEqual([
    {
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }],
    },
  ]);
  expect(encode({ system }, 'gpt-5.4').body.instructions).toBe('a');
});

test('at most four cache marks are written', () => {
  const parts = Array.from({ length: 6 }, (_, at) => ({ type: 'text' as const, text: `${at}`, cache: {} }));
  const { body } = encode({ messages: [{ role: 'user', parts }] }, 'gpt-6');
  expect(JSON.stringify(body).split('prompt_cache_breakpoint')).toHaveLength(5);
});

test('what a client of the dialect asked for itself goes back to it', () => {
  const extras = { 'openai-responses': { background: true, previous_response_id: 'resp_1' } };
  const { body } = encode({ messages: hello, extras, answer: { store: true } });
  expect(body).toMatchObject({ background: true, previous_response_id: 'resp_1', store: true });
  expect(body).not.toHaveProperty('include');
});

test('a stored prompt may stand for the input', () => {
  expect(encode({ extras: { 'openai-responses': { prompt: { id: 'p' } } } }).body).not.toHaveProperty('input');
  expect(encode({}).body.input).toMatchObject([{ role: 'user', content: [{ text: '.' }] }]);
});

test('a model without thoughts is not asked for sealed ones', () => {
  expect(encode({ messages: hello }, 'gpt-4.1').body).not.toHaveProperty('include');
  expect(encode({ messages: hello }, 'some-open-model').body.include).toEqual(['reasoning.encrypted_content']);
});

test('tier, metadata and form of the answer; the user stays at home', () => {
  const { body } = encode({
    messages: hello,
    serviceTier: 'priority',
    metadata: { a: 'b' },
    user: 'me',
    verbosity: 'low',
    output: { kind: 'schema', schema: { type: 'object', properties: {} }, name: 'x y' },
  });
  expect(body).toMatchObject({
    service_tier: 'priority',
    metadata: { a: 'b' },
    text: {
      verbosity: 'low',
      format: { type: 'json_schema', name: 'x_y', schema: { type: 'object', properties: {} } },
    },
  });
  expect(JSON.stringify(body)).not.toContain('"me"');
  expect(encode({ messages: hello, serviceTier: 'auto' }).body).not.toHaveProperty('service_tier');
});

test('several answers cannot be asked for', () => {
  let thrown: GatewayError | undefined;
  try {
    encode({ messages: hello, sampling: { n: 2 } });
  } catch (error) {
    thrown = error as GatewayError;
  }
  expect(thrown?.kind).toBe('translation-refused');
  expect(thrown?.detail.param).toBe('n');
});

describe('quirks of a server', () => {
  const withQuirks = (quirks: Quirks, fields: Partial<CanonicalRequest>) =>
    encodeRequest(requestOf(fields), { provider: 'openai-compatible', quirks });
  test('R31: fields it refuses go, with a loss where the client sent them', () => {
    const quirks = { refusedFields: ['max_output_tokens', 'metadata', 'include', 'top_p'] };
    const { body, losses } = withQuirks(quirks, { sampling: { maxTokens: 100 }, metadata: { a: 'b' } });
    expect(Object.keys(body)).toEqual(['model', 'input', 'store', 'stream']);
    expect(losses.map((loss) => loss.field)).toEqual(['max_output_tokens', 'metadata']);
  });
  test('it may know no developers', () => {
    const { body } = withQuirks({ developerRole: false }, { system: head('a', 'b') });
    expect(body.input).toEqual([{ type: 'message', role: 'system', content: [{ type: 'input_text', text: 'b' }] }]);
  });
});

test('what a client sends to a server of its own dialect by way of the hub arrives', () => {
  const body = {
    model: 'm',
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: 'look' },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: 'sealed',
      },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'see', arguments: '{"a":12345678901234567890}' },
      { type: 'function_call_output', call_id: 'c1', output: 'seen' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'exec', namespace: 'fn', input: 'ls' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: 'files' },
      { type: 'item_reference', id: 'msg_7' },
    ],
    tools: [
      { type: 'namespace', name: 'fn', tools: [{ type: 'custom', name: 'exec' }] },
      { type: 'function', name: 'see', parameters: { type: 'object' } },
    ],
    tool_choice: { type: 'custom', name: 'exec', namespace: 'fn' },
    parallel_tool_calls: false,
    reasoning: { effort: 'minimal', summary: 'concise' },
  };
  const request = decodeRequest(body, { model: 'gpt-5', stream: true });
  expect(encodeRequestFor(openaiResponses, request, OPENAI)).toEqual({
    body: {
      model: 'gpt-5',
      instructions: 'Be brief.',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'look' }] },
        {
          id: 'rs_1',
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'hm' }],
          encrypted_content: 'sealed',
        },
        { type: 'function_call', call_id: 'c1', name: 'see', arguments: '{"a":12345678901234567890}' },
        { type: 'function_call_output', call_id: 'c1', output: 'seen' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'exec', namespace: 'fn', input: 'ls' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: 'files' },
        { type: 'item_reference', id: 'msg_7' },
      ],
      tools: [
        {
          type: 'namespace',
          name: 'fn',
          description: 'Tools of fn.',
          tools: [{ type: 'custom', name: 'exec' }],
        },
        { type: 'function', name: 'see', parameters: { type: 'object', properties: {} }, strict: false },
      ],
      tool_choice: { type: 'custom', name: 'exec' },
      parallel_tool_calls: false,
      reasoning: { effort: 'minimal', summary: 'concise' },
      include: ['reasoning.encrypted_content'],
      store: false,
      stream: true,
    },
    losses: [],
  });
});
