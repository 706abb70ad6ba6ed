import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type {
  CanonicalRequest,
  Message,
  ToolCallPart,
  ToolResultPart,
} from '../../../../src/translate/canonical/request.ts';
import { decodeRequest } from '../../../../src/translate/gemini/decode-request.ts';
import { writeSeal } from '../../../../src/translate/seal.ts';

const decode = (body: JsonObject): CanonicalRequest => decodeRequest(body, { model: 'm', stream: true });
const turns = (contents: Json): readonly Message[] => decode({ contents }).messages;
const user = (...parts: Json[]) => ({ role: 'user', parts });
const model = (...parts: Json[]) => ({ role: 'model', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });

function calls(messages: readonly Message[]): readonly ToolCallPart[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? message.parts : []))
    .filter((part) => part.type === 'tool-call');
}

function results(messages: readonly Message[]): readonly ToolResultPart[] {
  return messages
    .flatMap((message) => (message.role === 'user' ? message.parts : []))
    .filter((part) => part.type === 'tool-result');
}

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

describe('R09: calls and results', () => {
  const withoutIds = [
    user({ text: 'go' }),
    model(
      { functionCall: { name: 'read', args: { n: 1 } } },
      { functionCall: { name: 'list' } },
      { functionCall: { name: 'read', args: { n: 2 } } },
    ),
    user(
      { functionResponse: { name: 'list', response: { output: 'l' } } },
      { functionResponse: { name: 'read', response: { output: 'first' } } },
      { functionResponse: { name: 'read', response: { output: 'second' } } },
    ),
  ];

  test('without ids are paired by name, first come first served', () => {
    const messages = turns(withoutIds);
    const [one, list, two] = calls(messages);
    expect(new Set([one?.callId, list?.callId, two?.callId]).size).toBe(3);
    expect(one?.callId).toMatch(/^call_[0-9A-Za-z]{24}$/);
    expect(one?.arguments).toBe('{"n":1}');
    expect(list?.arguments).toBe('{}');
    expect(results(messages).map((result) => result.callId)).toEqual([list!.callId, one!.callId, two!.callId]);
  });

  test('have the same ids when the history goes on', () => {
    const longer = turns([...withoutIds, model({ text: 'ok' }), user({ text: 'more' })]);
    expect(longer.slice(0, 3)).toEqual(turns(withoutIds) as Message[]);
  });

  test('keep the ids they have', () => {
    const messages = turns([
      model({ functionCall: { id: 'a.1', name: 'read', args: {} } }, { functionCall: { id: 'b', name: 'read' } }),
      user(
        { functionResponse: { id: 'b', name: 'read', response: {} } },
        { functionResponse: { id: 'a.1', name: 'read', response: {} } },
      ),
    ]);
    expect(calls(messages).map((call) => call.callId)).toEqual(['a.1', 'b']);
    expect(results(messages).map((result) => result.callId)).toEqual(['b', 'a.1']);
  });

  test('a result without id answers a call with one, as the AI SDK sends it', () => {
    const messages = turns([
      model({ functionCall: { id: 'c1', name: 'f', args: {} } }),
      user({ functionResponse: { name: 'f', response: { name: 'f', content: 'x' } } }),
    ]);
    expect(results(messages)[0]).toMatchObject({ callId: 'c1', parts: [text('{"name":"f","content":"x"}')] });
  });

  test('a result with an id answers a call that has none', () => {
    const messages = turns([
      model({ functionCall: { name: 'f', args: {} } }),
      user({ functionResponse: { id: 'own', name: 'f', response: {} } }),
    ]);
    expect(results(messages)[0]!.callId).toBe(calls(messages)[0]!.callId);
  });

  test('results of calls that are gone have ids of their own', () => {
    const orphans = results(
      turns([
        user({ functionResponse: { name: 'f', response: {} } }, { functionResponse: { name: 'f', response: {} } }),
      ]),
    );
    expect(new Set(orphans.map((orphan) => orphan.callId)).size).toBe(2);
  });

  test('a call of an earlier turn is not answered later', () => {
    const messages = turns([
      model({ functionCall: { name: 'f' } }),
      user({ functionResponse: { name: 'g', response: {} } }),
      model({ functionCall: { name: 'f' } }),
      user({ functionResponse: { name: 'f', response: {} } }),
    ]);
    expect(results(messages)[1]!.callId).toBe(calls(messages)[1]!.callId);
  });

  test('results that a resumed session repeats keep their id', () => {
    const response = { functionResponse: { id: 'x', name: 'f', response: { output: 'o' } } };
    const messages = turns([model({ functionCall: { id: 'x', name: 'f' } }), user(response, response)]);
    expect(results(messages).map((result) => result.callId)).toEqual(['x', 'x']);
  });

  test('a call stands in a model turn even when the role is missing', () => {
    expect(turns([{ parts: [{ functionCall: { name: 'f' } }] }])[0]?.role).toBe('assistant');
  });
});

describe('what a result says', () => {
  const rows: readonly (readonly [response: Json, words: string, isError: boolean])[] = [
    [{ output: 'fine' }, 'fine', false],
    [{ error: 'boom' }, 'boom', true],
    [{ error: { code: 1 } }, '{"code":1}', true],
    [{ output: 'a', error: 'b' }, '{"output":"a","error":"b"}', false],
    [{ output: { a: 1 } }, '{"output":{"a":1}}', false],
    [{ result: 'x' }, '{"result":"x"}', false],
    [{}, '{}', false],
    [null, '', false],
  ];

  test.each(rows)('%j', (response, words, isError) => {
    const [result] = results(turns([user({ functionResponse: { id: 'x', name: 'f', response } })]));
    expect(result).toEqual({
      type: 'tool-result',
      callId: 'x',
      kind: 'function',
      name: 'f',
      parts: [text(words)],
      ...(isError ? { isError } : {}),
    });
  });

  test('pictures in it and beside it', () => {
    const png = { inlineData: { mimeType: 'image/png', data: 'AA==' } };
    const media = {
      type: 'media' as const,
      kind: 'image' as const,
      source: { type: 'base64' as const, mimeType: 'image/png', data: 'AA==' },
    };
    const [turn] = turns([
      user({ functionResponse: { id: 'x', name: 'f', response: { output: 'o' }, parts: [png] } }, png),
    ]);
    expect(turn?.parts).toEqual([
      { type: 'tool-result', callId: 'x', kind: 'function', name: 'f', parts: [text('o'), media] },
      media,
    ]);
  });
});

describe('media', () => {
  const rows: readonly (readonly [part: JsonObject, kind: string, source: object])[] = [
    [
      { inlineData: { mimeType: 'image/png', data: 'AA' } },
      'image',
      { type: 'base64', mimeType: 'image/png', data: 'AA' },
    ],
    [
      { inline_data: { mime_type: 'application/pdf', data: 'AA' } },
      'document',
      { type: 'base64', mimeType: 'application/pdf', data: 'AA' },
    ],
    [
      { inlineData: { mimeType: 'audio/wav', data: 'AA' } },
      'audio',
      { type: 'base64', mimeType: 'audio/wav', data: 'AA' },
    ],
    [
      { fileData: { mimeType: 'video/mp4', fileUri: 'https://x.example/v' } },
      'video',
      { type: 'url', url: 'https://x.example/v', mimeType: 'video/mp4' },
    ],
    [{ fileData: { fileUri: 'https://youtu.be/abc' } }, 'video', { type: 'url', url: 'https://youtu.be/abc' }],
    [
      { fileData: { mimeType: 'image/png', fileUri: 'gs://b/i.png' } },
      'image',
      { type: 'file', id: 'gs://b/i.png', dialect: 'gemini' },
    ],
  ];

  test.each(rows)('%j', (part, kind, source) => {
    expect(turns([user(part)])[0]?.parts).toEqual([{ type: 'media', kind, source } as never]);
  });
});

describe('signatures', () => {
  const own = { dialect: 'gemini' as const, value: 'sig' };
  const foreign = { dialect: 'anthropic-messages' as const, value: 'theirs' };

  test('stand on the part they came with', () => {
    const [turn] = turns([
      model(
        { text: 'a', thoughtSignature: 'sig' },
        { text: 'b' },
        { functionCall: { id: 'c', name: 'f' }, thoughtSignature: 'sig' },
      ),
    ]);
    expect(turn?.parts).toMatchObject([{ text: 'a', seal: own }, { text: 'b' }, { callId: 'c', seal: own }]);
  });

  test.each(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go', ''])(
    '%p is none',
    (thoughtSignature) => {
      expect(turns([model({ functionCall: { name: 'f' }, thoughtSignature })])[0]?.parts[0]).not.toHaveProperty('seal');
    },
  );

  test('of another vendor on a call are the thought before it', () => {
    const part = { functionCall: { id: 'c', name: 'f' }, thoughtSignature: writeSeal(foreign, 'gemini') };
    expect(turns([model(part)])[0]?.parts).toMatchObject([
      { type: 'reasoning', text: '', seal: foreign },
      { type: 'tool-call', callId: 'c' },
    ]);
    expect(turns([model({ text: 'hm', thought: true }, part)])[0]?.parts).toMatchObject([
      { type: 'reasoning', text: 'hm', seal: foreign },
      { type: 'tool-call', callId: 'c' },
    ]);
  });

  test('of another vendor on an empty text are a thought', () => {
    const part = { text: '', thoughtSignature: writeSeal({ ...foreign, kind: 'redacted' }, 'gemini') };
    expect(turns([model(part, { text: 'ok' })])[0]?.parts).toEqual([
      { type: 'reasoning', text: '', seal: { ...foreign, kind: 'redacted' } },
      text('ok'),
    ]);
  });
});

test('parts that only this dialect has are kept as they are', () => {
  const raw = { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'sig' };
  expect(turns([model(raw)])[0]?.parts).toEqual([{ type: 'opaque', dialect: 'gemini', kind: 'executableCode', raw }]);
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
