import { describe, expect, test } from 'bun:test';
import { toGatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { SideFile } from '../../../../src/translate/side/side-input.ts';
import { transcriptionsFromGemini, translationsFromGemini } from '../../../../src/translate/side/transcriptions.ts';

const CONTEXT = { model: 'asked', createdAt: 0 };
const FILE: SideFile = { field: 'file', name: 'a.wav', mimeType: '', bytes: new Uint8Array([1, 2, 3]) };
const SPOKEN: JsonObject = {
  candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: ' Guten Tag. ' }] }, finishReason: 'STOP' }],
  usageMetadata: {
    promptTokenCount: 40,
    candidatesTokenCount: 3,
    thoughtsTokenCount: 2,
    promptTokensDetails: [
      { modality: 'AUDIO', tokenCount: 32 },
      { modality: 'TEXT', tokenCount: 8 },
    ],
  },
};
const ask = (fields: JsonObject = {}, change: Partial<SideFile> = {}) =>
  transcriptionsFromGemini.translate({ fields, files: [{ ...FILE, ...change }] }, 'gemini-2.5-flash');
const partsOf = (asked: ReturnType<typeof ask>) =>
  (asked.requests[0]!.contents as unknown as { parts: { text?: string; inlineData?: object }[] }[])[0]!.parts;

describe('R23: a recording asked of Gemini', () => {
  test.each([
    ['a.wav', '', 'audio/wav'],
    ['a.mp3', 'audio/mpeg', 'audio/mp3'],
    ['talk.M4A', 'application/octet-stream', 'audio/mp4'],
    ['blob', 'audio/webm', 'audio/webm'],
    ['blob', 'application/octet-stream', 'audio/mp3'],
  ])('named %s, of the type %p, is %s', (name, mimeType, type) => {
    expect(partsOf(ask({}, { name, mimeType }))[1]).toEqual({ inlineData: { mimeType: type, data: 'AQID' } });
  });

  test('comes with the language and the words that may occur', () => {
    const { text } = partsOf(ask({ language: 'de', prompt: 'Trivium' }))[0]!;
    expect(text).toContain('"de"');
    expect(text).toContain('Trivium');
    expect(ask({ temperature: '0.5' }).requests[0]).toMatchObject({ generationConfig: { temperature: 0.5 } });
  });

  test('is translated when that is asked for', () => {
    const asked = translationsFromGemini.translate({ fields: {}, files: [FILE] }, 'm');
    expect(partsOf(asked)[0]!.text).toContain('English');
  });

  test('cannot be told with times', () => {
    for (const format of ['srt', 'vtt', 'verbose_json', 'diarized_json']) {
      expect(() => ask({ response_format: format })).toThrow(format);
    }
    expect(ask({ timestamp_granularities: ['word'] }).losses).toMatchObject([{ field: 'timestamp_granularities' }]);
  });

  test('must be there', () => {
    const thrown = (() => {
      try {
        return transcriptionsFromGemini.translate({ fields: {}, files: [] }, 'm');
      } catch (error) {
        return error;
      }
    })();
    expect(toGatewayError(thrown)).toMatchObject({ kind: 'invalid-request', detail: { param: 'file' } });
  });
});

describe('the words of a recording', () => {
  const usage = {
    type: 'tokens',
    input_tokens: 40,
    output_tokens: 5,
    total_tokens: 45,
    input_token_details: { audio_tokens: 32, text_tokens: 8 },
  };

  test('come as JSON, without thoughts', () => {
    const answer = ask().decode([SPOKEN], CONTEXT);
    expect(JSON.parse(answer.body)).toEqual({ text: 'Guten Tag.', usage });
    expect(answer.usage).toEqual({ input: 40, output: 5 });
  });

  test('come as text', () => {
    expect(ask({ response_format: 'text' }).decode([SPOKEN], CONTEXT)).toMatchObject({
      body: 'Guten Tag.\n',
      contentType: 'text/plain; charset=utf-8',
    });
  });

  test('come as events', () => {
    const { body } = ask({ stream: 'true' }).decode([SPOKEN], CONTEXT);
    const events = body
      .trim()
      .split('\n\n')
      .map((event) => JSON.parse(event.split('\ndata: ')[1]!));
    expect(events).toEqual([
      { type: 'transcript.text.delta', delta: 'Guten Tag.' },
      { type: 'transcript.text.done', text: 'Guten Tag.', usage },
    ]);
  });
});
