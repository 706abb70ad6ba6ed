import { describe, expect, test } from 'bun:test';
import { toGatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { imageEditsFromGemini, imagesFromGemini } from '../../../../src/translate/side/images.ts';
import type { SideFile } from '../../../../src/translate/side/side-input.ts';

const CONTEXT = { model: 'asked', createdAt: 1_795_000_000_000 };
const drawn = (...images: readonly string[]): JsonObject => ({
  candidates: [
    {
      content: { parts: images.map((data) => ({ inlineData: { mimeType: 'image/png', data } })) },
      finishReason: 'STOP',
    },
  ],
  usageMetadata: {
    promptTokenCount: 5,
    candidatesTokenCount: 1290,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
  },
});
const ask = (fields: JsonObject, model = 'gemini-2.5-flash-image') =>
  imagesFromGemini.translate({ fields: { prompt: 'a cat', ...fields }, files: [] }, model);
const kindOf = (act: () => unknown) => {
  try {
    act();
  } catch (thrown) {
    return toGatewayError(thrown).kind;
  }
};

describe('a picture asked of Gemini', () => {
  test('is a request for one', () => {
    expect(ask({}).requests).toEqual([
      {
        contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
        generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
      },
    ]);
    expect(ask({}).losses).toEqual([]);
  });

  test('n of them are n requests', () => {
    expect(ask({ n: 3 }).requests).toHaveLength(3);
    expect(ask({ n: '2' }).requests).toHaveLength(2);
  });

  test.each<[string, string, string[]]>([
    ['1024x1024', '1:1', []],
    ['1536x1024', '3:2', []],
    ['1024x1536', '2:3', []],
    ['1792x1024', '16:9', []],
    ['1024x1792', '9:16', []],
    ['300x900', '9:16', ['size']],
  ])('of the size %s has the form %s', (size, aspectRatio, losses) => {
    const asked = ask({ size });
    expect(asked.requests[0]!.generationConfig).toMatchObject({ imageConfig: { aspectRatio } });
    expect(asked.losses.map(({ field }) => field)).toEqual(losses);
  });

  test('of high quality is larger where the model knows sizes', () => {
    const [newer, older] = ['gemini-3-pro-image', 'gemini-2.5-flash-image'].map((model) =>
      ask({ quality: 'high' }, model),
    );
    expect(newer!.requests[0]!.generationConfig).toMatchObject({ imageConfig: { imageSize: '2K' } });
    expect(newer!.losses).toEqual([]);
    expect(older!.losses).toMatchObject([{ field: 'quality', effect: 'approximated' }]);
  });

  test('loses what Gemini has no place for, and says so', () => {
    const { losses } = ask({ background: 'transparent', style: 'vivid', response_format: 'url', moderation: 'auto' });
    expect(losses.map(({ field }) => field)).toEqual(['background', 'style', 'response_format']);
  });

  test.each<[string, JsonObject]>([
    ['no words', { prompt: '' }],
    ['no picture', { n: 0 }],
    ['half a picture', { n: 1.5 }],
    ['a hundred pictures', { n: 100 }],
  ])('cannot be %s', (_what, fields) => {
    expect(kindOf(() => ask(fields))).toBe('invalid-request');
  });
});

describe('the picture that Gemini drew', () => {
  test('comes as base64, with usage', () => {
    const { body, usage } = ask({}).decode([drawn('AA'), drawn('BB')], CONTEXT);
    expect(JSON.parse(body)).toEqual({
      created: 1_795_000_000,
      data: [{ b64_json: 'AA' }, { b64_json: 'BB' }],
      output_format: 'png',
      usage: {
        input_tokens: 10,
        output_tokens: 2580,
        total_tokens: 2590,
        input_tokens_details: { text_tokens: 10, image_tokens: 0 },
      },
    });
    expect(usage).toEqual({ input: 10, output: 2580 });
  });

  test('comes as an event to a client that wants a stream', () => {
    const { body, contentType } = ask({ stream: true }).decode([drawn('AA')], CONTEXT);
    expect(contentType).toStartWith('text/event-stream');
    expect(body).toStartWith(
      'event: image_generation.completed\ndata: {"type":"image_generation.completed","b64_json":"AA"',
    );
  });

  test('is not there when it may not be drawn, which is no fault of the account', () => {
    const blocked = { candidates: [{ finishReason: 'IMAGE_SAFETY', finishMessage: 'not this' }] };
    expect(kindOf(() => ask({}).decode([blocked], CONTEXT))).toBe('content-blocked');
    expect(kindOf(() => ask({}).decode([{ promptFeedback: { blockReason: 'OTHER' } }], CONTEXT))).toBe(
      'content-blocked',
    );
  });

  test('is not there when the model only talks, and the client hears what it said', () => {
    const talk = { candidates: [{ content: { parts: [{ text: 'Which cat?' }] }, finishReason: 'STOP' }] };
    expect(() => ask({}).decode([talk], CONTEXT)).toThrow('Which cat?');
  });
});

describe('a picture to be changed', () => {
  const file = (field: string, change: Partial<SideFile> = {}): SideFile => ({
    field,
    name: 'cat.png',
    mimeType: 'image/png',
    bytes: new Uint8Array([1, 2, 3]),
    ...change,
  });
  const edit = (fields: JsonObject, ...files: readonly SideFile[]) =>
    imageEditsFromGemini.translate({ fields: { prompt: 'a dog', ...fields }, files }, 'gemini-2.5-flash-image');
  const partsOf = (asked: ReturnType<typeof edit>) =>
    (asked.requests[0]!.contents as unknown as { parts: object[] }[])[0]!.parts;

  test('stands before the words', () => {
    const asked = edit({}, file('image'), file('image[]', { mimeType: 'application/octet-stream', name: 'b.JPG' }));
    expect(partsOf(asked)).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'AQID' } },
      { inlineData: { mimeType: 'image/jpeg', data: 'AQID' } },
      { text: 'a dog' },
    ]);
  });

  test('may come in JSON as a data URL, but not as a link', () => {
    const asked = edit({ images: [{ image_url: 'data:image/webp;base64,AQID' }] });
    expect(partsOf(asked)[0]).toEqual({ inlineData: { mimeType: 'image/webp', data: 'AQID' } });
    expect(kindOf(() => edit({ images: [{ image_url: 'https://x.test/a.png' }] }))).toBe('translation-refused');
    expect(kindOf(() => edit({ images: [{ file_id: 'file-1' }] }))).toBe('translation-refused');
  });

  test('comes back as an event of its own', () => {
    expect(edit({ stream: 'true' }, file('image')).decode([drawn('AA')], CONTEXT).body).toStartWith(
      'event: image_edit.completed\n',
    );
  });

  test('loses its mask, and must be there', () => {
    expect(edit({}, file('image'), file('mask')).losses).toMatchObject([{ field: 'mask', effect: 'dropped' }]);
    expect(kindOf(() => edit({}))).toBe('invalid-request');
  });
});
