import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalRequest } from '../../../../src/translate/canonical/request.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { encode, MODEL } from './request-builders.ts';

describe('a request', () => {
  test('R43: holds only what was asked for', () => {
    expect(encode({})).toEqual({
      body: {
        model: MODEL,
        max_tokens: 64000,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }] }],
      },
      losses: [],
    });
    expect(Object.keys(encode({}).body)).toEqual(['model', 'max_tokens', 'messages']);
  });

  test.each<[string, number | undefined, number, string[]]>([
    ['claude-opus-4-1', undefined, 32000, []],
    ['claude-3-haiku-20240307', undefined, 4096, []],
    ['claude-unheard-of', undefined, 32000, []],
    ['glm-5', undefined, 8192, []],
    ['claude-opus-4-1', 50000, 32000, ['clamped=max_tokens']],
    ['glm-5', 500000, 500000, []],
    ['claude-opus-4-1', 0, 0, []],
  ])('R12: asks %s with %p for %d tokens', (model, maxTokens, expected, losses) => {
    const encoded = encode({ model, sampling: maxTokens === undefined ? {} : { maxTokens } });
    expect(encoded.body.max_tokens).toBe(expected);
    expect(encoded.losses).toEqual(losses);
  });

  test('streams when the client does', () => {
    expect(encode({ stream: true }).body.stream).toBe(true);
  });

  test('says who asks', () => {
    expect(encode({ user: 'u' }).body.metadata).toEqual({ user_id: 'u' });
    expect(encode({ metadata: { user_id: 'm', other: 'x' } }).body.metadata).toEqual({ user_id: 'm' });
  });

  test.each<[string, string | undefined, string[]]>([
    ['auto', undefined, []],
    ['default', undefined, []],
    ['priority', 'auto', []],
    ['flex', 'standard_only', []],
    ['fast', undefined, ['service_tier']],
  ])('turns the tier %s into %p', (serviceTier, expected, losses) => {
    const encoded = encode({ serviceTier });
    expect(encoded.body.service_tier).toBe(expected as never);
    expect(encoded.losses).toEqual(losses);
  });

  test('gives back its own extras and names those of others', () => {
    const encoded = encode({
      extras: { 'anthropic-messages': { container: 'c' }, 'openai-chat': { prediction: {} } },
    });
    expect(encoded.body.container).toBe('c');
    expect(encoded.losses).toEqual(['prediction']);
  });

  test('leaves out what a server refuses', () => {
    const encoded = encode({ user: 'u', sampling: { topK: 3 } }, { refusedFields: ['metadata', 'top_k', 'thinking'] });
    expect(encoded.body).not.toHaveProperty('metadata');
    expect(encoded.losses).toEqual(['metadata', 'top_k']);
  });

  test('refuses several answers', () => {
    expect(() => encode({ sampling: { n: 2 } })).toThrow(GatewayError);
    expect(encode({ sampling: { n: 1 } }).losses).toEqual([]);
  });
});

describe('choice and thinking together', () => {
  const tools = [{ kind: 'function', name: 'f' }] as const;
  test('T4: a model that is asked to think may choose', () => {
    const encoded = encode({ tools, toolChoice: { mode: 'required' }, reasoning: { effort: 'medium' } });
    expect(encoded.body.tool_choice).toEqual({ type: 'auto' });
    expect(encoded.body.thinking).toEqual({ type: 'enabled', budget_tokens: 8192 });
    expect(encoded.losses).toEqual(['tool_choice']);
  });

  test('T4: a model that thinks by itself is told not to', () => {
    const encoded = encode({ model: 'claude-opus-5', tools, toolChoice: { mode: 'named', name: 'f' } });
    expect(encoded.body).toMatchObject({ tool_choice: { type: 'tool', name: 'f' }, thinking: { type: 'disabled' } });
    expect(encoded.losses).toEqual([]);
  });
});

describe('output', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
  const closed = { ...schema, additionalProperties: false };

  test('R16: a schema goes into the output format', () => {
    expect(encode({ output: { kind: 'schema', schema }, reasoning: { effort: 'none' } }).body).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: closed } },
    });
  });

  test('any JSON is asked for in words', () => {
    const encoded = encode({ output: { kind: 'json' } });
    expect(encoded.body.system).toMatchObject([{ text: expect.stringContaining('JSON') }]);
    expect(encoded.losses).toEqual(['json-prompted']);
  });

  test('a choice is wrapped', () => {
    const { body } = encode({ output: { kind: 'choice', values: ['x', 'y'] } });
    expect(body.output_config).toMatchObject({
      format: { schema: { properties: { value: { type: 'string', enum: ['x', 'y'] } }, required: ['value'] } },
    });
  });

  test('an older model answers by a tool', () => {
    const older = { model: 'claude-3-5-sonnet-latest', output: { kind: 'schema', schema } } as const;
    expect(encode(older).body).toMatchObject({
      tools: [{ name: 'json_output', input_schema: closed }],
      tool_choice: { type: 'tool', name: 'json_output' },
    });
    const tools = [{ kind: 'function', name: 'f' }] as const;
    expect(encode({ ...older, tools }).body).toMatchObject({
      tools: [{ name: 'f' }, { name: 'json_output' }],
      tool_choice: { type: 'any' },
    });
  });

  test.each<[string, Partial<CanonicalRequest>, Quirks]>([
    ['thinks', { reasoning: { effort: 'low' } }, {}],
    ['cannot be forced', {}, { toolChoice: 'auto-only' }],
    ['has a tool of that name', { tools: [{ kind: 'function', name: 'json_output' }] }, {}],
  ])('a model that %s is asked in words', (_name, change, quirks) => {
    const encoded = encode({ model: 'glm-5', output: { kind: 'schema', schema }, ...change }, quirks);
    expect(encoded.body.system).toMatchObject([{ text: expect.stringContaining(JSON.stringify(schema)) }]);
    expect(encoded.losses).toContain('json-prompted');
  });
});
