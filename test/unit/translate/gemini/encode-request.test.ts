import { describe, expect, test } from 'bun:test';
import {
  type AssistantPart,
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type ToolCallPart,
  type ToolResultPart,
  type UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeRequest } from '../../../../src/translate/gemini/encode-request.ts';
import { gemini } from '../../../../src/translate/gemini/index.ts';
import { encodeRequestFor } from '../../../../src/translate/prepare-request.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

const NEW = 'gemini-3-pro-preview';
const OLD = 'gemini-2.5-flash';

function encode(request: Partial<CanonicalRequest>, server: Partial<TargetTraits> = {}) {
  const whole = { ...emptyRequest(NEW, false), ...request };
  const { body, losses } = encodeRequest(whole, { provider: 'gemini', quirks: {}, ...server });
  return { body, lost: losses.map((loss) => loss.field) };
}

const user = (...parts: UserPart[]): Message => ({ role: 'user', parts });
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });
const call = (callId: string, args = '{}', rest: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  callId,
  kind: 'function',
  name: 'f',
  arguments: args,
  ...rest,
});
const result = (callId: string, ...parts: ToolResultPart['parts'][number][]): ToolResultPart => ({
  type: 'tool-result',
  callId,
  kind: 'function',
  parts,
});

test('R43: what was not there is not sent', () => {
  expect(encode({ messages: [user(text('hi'))] }).body).toEqual({
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  });
});

describe('settings', () => {
  test('sampling', () => {
    const sampling = { maxTokens: 10, temperature: 0.1, topP: 0.2, topK: 3.7, seed: 2 ** 32 + 5, stop: ['a', '', 'b'] };
    expect(encode({ sampling }).body.generationConfig).toEqual({
      maxOutputTokens: 10,
      temperature: 0.1,
      topP: 0.2,
      topK: 3,
      seed: 5,
      stopSequences: ['a', 'b'],
    });
  });

  test('what Gemini cannot do is reported', () => {
    const sampling = { stop: ['1', '2', '3', '4', '5', '6'], n: 9, logitBias: {}, logprobs: {}, topK: 0 };
    const { body, lost } = encode({ sampling, verbosity: 'low' });
    expect(body.generationConfig).toEqual({
      stopSequences: ['1', '2', '3', '4', '5'],
      candidateCount: 8,
      responseLogprobs: true,
    });
    expect(lost).toEqual(['stop', 'n', 'logit_bias', 'verbosity']);
  });

  test('penalties only where the model takes them', () => {
    const sampling = { presencePenalty: 1, frequencyPenalty: 0 };
    expect(encode({ model: OLD, sampling }).body.generationConfig).toEqual(sampling);
    expect(encode({ model: 'gemini-3.8-flash', sampling })).toEqual({
      body: { contents: [] },
      lost: ['presencePenalty'],
    });
  });

  const schema = { type: 'object', properties: { a: { const: 'x' } } };

  test('R16: JSON is a type, a schema a type and a schema', () => {
    expect(encode({ output: { kind: 'json' } }).body.generationConfig).toEqual({
      responseMimeType: 'application/json',
    });
    expect(encode({ output: { kind: 'schema', schema } }).body.generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { a: { type: 'string', enum: ['x'] } } },
    });
    expect(encode({ model: 'gemini-1.5-pro', output: { kind: 'schema', schema } }).body.generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING', enum: ['x'] } } },
    });
    expect(encode({ output: { kind: 'choice', values: ['a', 'b'] } }).body.generationConfig).toEqual({
      responseMimeType: 'text/x.enum',
      responseSchema: { type: 'STRING', enum: ['a', 'b'] },
    });
  });

  test('JSON beside functions is asked for in words on older models', () => {
    const { body, lost } = encode({
      model: OLD,
      output: { kind: 'schema', schema },
      tools: [{ kind: 'function', name: 'f' }],
    });
    expect(body).not.toHaveProperty('generationConfig');
    expect(JSON.stringify(body.systemInstruction)).toContain('JSON Schema');
    expect(lost).toEqual(['response_format']);
  });

  test('a server that refuses the JSON Schema fields gets the subset', () => {
    const quirks = { refusedFields: ['parametersJsonSchema', 'topP'] };
    const tools = [{ kind: 'function' as const, name: 'f', schema }];
    const { body, lost } = encode({ tools, sampling: { topP: 1, topK: 2 } }, { quirks });
    expect(JSON.stringify(body.tools)).toContain('"parameters":{"type":"OBJECT"');
    expect(body.generationConfig).toEqual({ topK: 2 });
    expect(lost).toEqual(['topP']);
  });

  test('instructions are one part each; Gemma has them in its first turn', () => {
    const system = [
      { role: 'system' as const, parts: [text('a'), text('')] },
      { role: 'developer' as const, parts: [text('b')] },
    ];
    const messages = [user(text('hi'))];
    expect(encode({ system, messages }).body.systemInstruction).toEqual({ parts: [{ text: 'a' }, { text: 'b' }] });
    expect(encode({ model: 'gemma-3-27b-it', system, messages }).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }, { text: 'hi' }] }],
    });
  });

  test('R44: labels go to Vertex alone, tiers only by names that Gemini knows', () => {
    const given = { metadata: { a: 'b' }, serviceTier: 'Priority' };
    expect(encode(given).body).toEqual({ contents: [], serviceTier: 'priority' });
    expect(encode(given, { provider: 'vertex' }).body).toEqual({
      contents: [],
      labels: { a: 'b' },
      serviceTier: 'priority',
    });
    expect(encode({ serviceTier: 'default' }).body).toEqual({ contents: [] });
  });

  test('fields of this dialect alone come back to their places', () => {
    const extras = {
      gemini: {
        cachedContent: 'cachedContents/1',
        'generationConfig.speechConfig': { a: 1 },
        'systemInstruction.parts': [{ inlineData: {} }],
      },
    };
    expect(encode({ extras, sampling: { topP: 1 } }).body).toEqual({
      contents: [],
      cachedContent: 'cachedContents/1',
      generationConfig: { speechConfig: { a: 1 }, topP: 1 },
      systemInstruction: { parts: [{ inlineData: {} }] },
    });
  });
});

describe('with the repairs that the rules demand', () => {
  const whole = (request: Partial<CanonicalRequest>) =>
    encodeRequestFor(gemini, { ...emptyRequest(NEW, false), ...request }, { provider: 'gemini', quirks: {} }).body;

  test('R34: the conversation begins and ends with the user', () => {
    const { contents: turns } = whole({
      messages: [assistant(text('hello')), user(text('a')), assistant(text('Sure: '))],
    });
    expect((turns as { role: string }[]).map((turn) => turn.role)).toEqual(['user', 'model', 'user', 'model', 'user']);
  });

  test('R07: results stand in one turn, in the order of their calls', () => {
    const messages = [
      user(text('go')),
      assistant(call('a'), call('b')),
      user(result('b', text('2'))),
      user(result('a', text('1'))),
    ];
    const { contents: turns } = whole({ messages });
    const last = (turns as { parts: { functionResponse: { id: string } }[] }[])[2];
    expect(last?.parts.map((part) => part.functionResponse.id)).toEqual(['a', 'b']);
  });

  test('names that Gemini refuses are changed everywhere alike', () => {
    const tools = [{ kind: 'function' as const, name: '1 tool/x' }];
    const body = JSON.stringify(
      whole({
        tools,
        messages: [user(text('go')), assistant(call('a', '{}', { name: '1 tool/x' })), user(result('a', text('1')))],
      }),
    );
    expect(body).not.toContain('1 tool/x');
    expect(new Set([...body.matchAll(/"name":"([^"]+)"/g)].map((match) => match[1])).size).toBe(1);
  });
});
