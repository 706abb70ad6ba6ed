import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalRequest, Message, ToolResultPart } from '../../../../src/translate/canonical/request.ts';
import { decodeRequest } from '../../../../src/translate/gemini/decode-request.ts';
import { writeSeal } from '../../../../src/translate/seal.ts';

const decode = (body: JsonObject): CanonicalRequest => decodeRequest(body, { model: 'm', stream: true });
const turns = (contents: Json): readonly Message[] => decode({ contents }).messages;
const user = (...parts: Json[]) => ({ role: 'user', parts });
const model = (...parts: Json[]) => ({ role: 'model', parts });
const text = (words: string) => ({ type: 'text' as const, text: words });

function results(messages: readonly Message[]): readonly ToolResultPart[] {
  return messages
    .flatMap((message) => (message.role === 'user' ? message.parts : []))
    .filter((part) => part.type === 'tool-result');
}

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
  test('the alphabet of base64 for URLs becomes the one that all vendors take', () => {
    const [turn] = turns([user({ inlineData: { mimeType: 'image/png', data: 'iV-_' } })]);
    expect(turn?.parts).toMatchObject([{ source: { type: 'base64', data: 'iV+/' } }]);
  });

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
  const use = { kind: 'code', input: '1' } as const;
  expect(turns([model(raw)])[0]?.parts).toEqual([
    { type: 'opaque', dialect: 'gemini', kind: 'executableCode', raw, use },
  ]);
});
