import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalRequest, Message } from '../../../../src/translate/canonical/request.ts';
import { decodeRequest } from '../../../../src/translate/gemini/decode-request.ts';

const decode = (body: JsonObject): CanonicalRequest => decodeRequest(body, { model: 'm', stream: true });
const turns = (contents: Json): readonly Message[] => decode({ contents }).messages;
const user = (...parts: Json[]) => ({ role: 'user', parts });
const model = (...parts: Json[]) => ({ role: 'model', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });

test('the model and the streaming are those of the address', () => {
  expect(decode({ model: 'models/other', contents: [user({ text: 'hi' })] })).toEqual({
    model: 'm',
    stream: true,
    system: [],
    messages: [{ role: 'user', parts: [text('hi')] }],
    tools: [],
    sampling: {},
    answer: { showReasoning: false },
    extras: {},
  });
});

describe('contents', () => {
  const one: readonly Message[] = [{ role: 'user', parts: [text('hi')] }];
  const rows: readonly (readonly [name: string, contents: Json, messages: readonly Message[]])[] = [
    ['a list', [user({ text: 'hi' })], one],
    ['a lone object', user({ text: 'hi' }), one],
    ['a text', 'hi', one],
    ['a turn without role', [{ parts: [{ text: 'hi' }] }], one],
    ['a lone part', [{ role: 'user', parts: { text: 'hi' } }], one],
    ['a part where a turn belongs', [{ text: 'hi' }], one],
    ['role function', [{ role: 'function', parts: [{ text: 'hi' }] }], one],
    ['a turn without parts', [user({ text: 'hi' }), { role: 'model' }], one],
    ['one role twice', [user({ text: 'a' }), user({ text: 'b' })], [{ role: 'user', parts: [text('a'), text('b')] }]],
    [
      'a streamed turn in pieces',
      [user({ text: 'a' }), model({ text: 'Let m' }), model({ text: 'e look.' })],
      [
        { role: 'user', parts: [text('a')] },
        { role: 'assistant', parts: [text('Let me look.')] },
      ],
    ],
    [
      'the empty text that ends a stream',
      [model({ functionCall: { id: 'c', name: 'f' } }, { text: '' })],
      [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', callId: 'c', kind: 'function', name: 'f', arguments: '{}' }],
        },
      ],
    ],
    [
      'thoughts in pieces',
      [model({ text: 'I ', thought: true }, { text: 'see', thought: true, thoughtSignature: 'sig' }, { text: 'ok' })],
      [
        {
          role: 'assistant',
          parts: [{ type: 'reasoning', text: 'I see', seal: { dialect: 'gemini', value: 'sig' } }, text('ok')],
        },
      ],
    ],
    [
      'a system turn',
      [{ role: 'system', parts: [{ text: 's' }] }, user({ text: 'hi' })],
      [{ role: 'system', parts: [text('s')] }, ...one],
    ],
  ];

  test.each(rows)('%s', (_name, contents, messages) => {
    expect(turns(contents)).toEqual(messages);
  });

  const wrong: readonly (readonly [contents: Json | undefined, param: string])[] = [
    [undefined, 'contents'],
    [[3], 'contents[0]'],
    [[user({ text: 'a' }), { role: 'robot', parts: [] }], 'contents[1].role'],
    [[user({ text: 'a' }, 5)], 'contents[0].parts[1]'],
    [[user({ text: 5 })], 'contents[0].parts[0].text'],
    [[{ role: 'user', parts: [null] }], 'contents[0].parts[0]'],
    [[model({ functionCall: 'f' })], 'contents[0].parts[0].functionCall'],
    [[model({ functionCall: { args: {} } })], 'contents[0].parts[0].functionCall.name'],
    [[model({ functionCall: { name: 'f', args: '{}' } })], 'contents[0].parts[0].functionCall.args'],
    [[user({ functionResponse: { response: {} } })], 'contents[0].parts[0].functionResponse.name'],
    [[user({ inlineData: { mimeType: 'image/png' } })], 'contents[0].parts[0].inlineData.data'],
    [[user({ fileData: {} })], 'contents[0].parts[0].fileData.fileUri'],
  ];

  test.each(wrong)('%j is refused by its name', (contents, param) => {
    const body = contents === undefined ? {} : { contents };
    try {
      decode(body);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ kind: 'invalid-request', detail: { param } });
    }
  });
});

describe('instructions', () => {
  const rows: readonly (readonly [value: Json, texts: readonly string[]])[] = [
    [{ role: 'user', parts: [{ text: 'a' }, { text: 'b' }] }, ['a', 'b']],
    [{ parts: { text: 'a' } }, ['a']],
    ['a', ['a']],
    [{ parts: [{ text: '' }] }, []],
  ];

  test.each(rows)('%j', (systemInstruction, texts) => {
    const { system } = decode({ contents: 'x', systemInstruction });
    expect(system.flatMap((instruction) => instruction.parts.map((part) => part.text))).toEqual([...texts]);
  });

  test('that are no text are reported where they are lost', () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AA' } };
    expect(decode({ contents: 'x', systemInstruction: { parts: [image] } }).extras).toEqual({
      gemini: { 'systemInstruction.parts': [image] },
    });
  });
});

describe('settings', () => {
  test('sampling, with numbers that travel as text', () => {
    const generationConfig = {
      temperature: 0.5,
      topP: '0.9',
      topK: 40,
      maxOutputTokens: 100,
      stopSequences: ['a'],
      candidateCount: 2,
      presencePenalty: 1,
      frequencyPenalty: null,
      seed: 7,
      responseLogprobs: true,
      logprobs: 3,
    };
    expect(decode({ contents: 'x', generationConfig }).sampling).toEqual({
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      maxTokens: 100,
      stop: ['a'],
      n: 2,
      presencePenalty: 1,
      seed: 7,
      logprobs: { top: 3 },
    });
  });

  test.each([
    [{ temperature: 'hot' }, 'generationConfig.temperature'],
    [{ stopSequences: [1] }, 'generationConfig.stopSequences[0]'],
    [{ thinkingConfig: true }, 'generationConfig.thinkingConfig'],
  ])('%j is refused by its name', (generationConfig, param) => {
    expect(() => decode({ contents: 'x', generationConfig: generationConfig as JsonObject })).toThrow(param);
  });

  test('R14: thinking in the spelling of protobuf', () => {
    const generation_config = { thinking_config: { thinking_budget: 1024, include_thoughts: true } };
    const request = decode({ contents: 'x', generation_config });
    expect(request.reasoning).toEqual({ mode: 'on', budget: 1024, display: 'summary' });
    expect(request.answer).toEqual({ showReasoning: true });
  });

  const outputs: readonly (readonly [config: JsonObject, output: object | undefined])[] = [
    [{ responseMimeType: 'text/plain' }, undefined],
    [{ responseMimeType: 'application/json' }, { kind: 'json' }],
    [
      {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      },
      { kind: 'schema', schema: { type: 'object', properties: { a: { type: 'string' } } } },
    ],
    [
      { responseMimeType: 'application/json', responseSchema: { type: 'ARRAY' } },
      { kind: 'schema', schema: { type: 'array' } },
    ],
    [
      { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } },
      { kind: 'choice', values: ['a', 'b'] },
    ],
  ];

  test.each(outputs)('R16: output %j', (generationConfig, output) => {
    expect(decode({ contents: 'x', generationConfig }).output as object | undefined).toEqual(output as object);
  });

  test('labels, tier, and what only this vendor understands', () => {
    const request = decode({
      contents: 'x',
      labels: { team: 'a' },
      serviceTier: 'flex',
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      store: true,
      cachedContent: 'cachedContents/1',
      newField: 1,
      generationConfig: { responseModalities: ['TEXT'], speechConfig: { voiceConfig: {} } },
      toolConfig: { retrievalConfig: { languageCode: 'en' }, includeServerSideToolInvocations: true },
    });
    expect(request.metadata).toEqual({ team: 'a' });
    expect(request.serviceTier).toBe('flex');
    expect(request.extras).toEqual({
      gemini: {
        cachedContent: 'cachedContents/1',
        newField: 1,
        'generationConfig.speechConfig': { voiceConfig: {} },
        'toolConfig.retrievalConfig': { languageCode: 'en' },
      },
    });
  });

  test('a counting request may hold the request in a field', () => {
    const request = decode({ generateContentRequest: { model: 'models/x', contents: [user({ text: 'a' })] } });
    expect(request.messages).toEqual([{ role: 'user', parts: [text('a')] }]);
  });
});

test.each([[[]], [{}], [[{ role: 'user' }]], [[{ role: 'user', parts: [] }]]])(
  'contents without any part are refused: %j',
  (contents) => {
    expect(() => decode({ contents: contents as never })).toThrow('`contents` is empty');
  },
);
