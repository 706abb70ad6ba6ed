import { describe, expect, test } from 'bun:test';
import { toGatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  batchEmbedContentsFromOpenAi,
  embedContentFromOpenAi,
  embeddingsFromGemini,
  toBase64,
} from '../../../../src/translate/side/embeddings.ts';
import type { ForeignSide } from '../../../../src/translate/side/side-operation.ts';

const CONTEXT = { model: 'asked', createdAt: 1_000_000 };
const translate = (side: ForeignSide, fields: JsonObject) => side.translate({ fields, files: [] }, 'target');
const decode = (side: ForeignSide, fields: JsonObject, ...answers: readonly JsonObject[]) => {
  const answer = translate(side, fields).decode(answers, CONTEXT);
  return { ...answer, body: JSON.parse(answer.body) };
};
const kindOf = (act: () => unknown) => {
  try {
    act();
  } catch (thrown) {
    return toGatewayError(thrown).kind;
  }
};

describe('OpenAI’s embeddings asked of Gemini', () => {
  const side = embeddingsFromGemini;

  test('become one request for each text', () => {
    const { requests } = translate(side, { input: ['a', 'b'], dimensions: 2 });
    const entry = (text: string) => ({
      model: 'models/target',
      content: { parts: [{ text }] },
      outputDimensionality: 2,
    });
    expect(requests).toEqual([{ requests: [entry('a'), entry('b')] }]);
  });

  test('of many texts are asked for in hundreds', () => {
    const { requests } = translate(side, { input: Array.from({ length: 201 }, (_, at) => `${at}`) });
    expect(requests.map((request) => (request.requests as unknown[]).length)).toEqual([100, 100, 1]);
  });

  test('are answered as numbers, under the name the client asked', () => {
    const { body, usage } = decode(side, { input: 'four' }, { embeddings: [{ values: [0.6, 0.8] }] });
    expect(body).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.6, 0.8] }],
      model: 'asked',
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
    expect(usage).toEqual({ input: 1, estimated: true });
  });

  test('are answered in base64 where the client wants it, the lowest byte first', () => {
    const fields = { input: 'a', encoding_format: 'base64' };
    const { body } = decode(side, fields, { embeddings: [{ values: [1, -2] }] });
    expect(body.data[0].embedding).toBe('AACAPwAAAMA=');
    expect(toBase64([])).toBe('');
  });

  test('that were shortened are of length one, as OpenAI’s are', () => {
    const { body } = decode(side, { input: 'a', dimensions: 2 }, { embeddings: [{ values: [3, 4] }] });
    expect(body.data[0].embedding).toEqual([0.6, 0.8]);
  });

  test('tell the tokens that the upstream counted', () => {
    const answers = [5, 7].map((promptTokenCount) => ({
      embeddings: Array.from({ length: promptTokenCount === 5 ? 100 : 1 }, () => ({ values: [1] })),
      usageMetadata: { promptTokenCount },
    }));
    const input = Array.from({ length: 101 }, () => 'x');
    expect(decode(side, { input }, ...answers).usage).toEqual({ input: 12 });
  });

  test.each<[string, JsonObject, string]>([
    ['tokens', { input: [1, 2] }, 'translation-refused'],
    ['lists of tokens', { input: [[1, 2]] }, 'translation-refused'],
    ['nothing', {}, 'invalid-request'],
    ['an empty list', { input: [] }, 'invalid-request'],
  ])('cannot be made of %s', (_what, fields, kind) => {
    expect(kindOf(() => translate(side, fields)) as string).toBe(kind);
  });

  test('are an upstream’s fault when some are missing', () => {
    const broken = () => decode(side, { input: ['a', 'b'] }, { embeddings: [{ values: [1] }] });
    expect(kindOf(broken)).toBe('upstream-malformed');
  });
});

describe('Gemini’s embeddings asked of an OpenAI server', () => {
  const content = (text: string) => ({ parts: [{ text }] });

  test('of one content', () => {
    const fields = { content: { parts: [{ text: 'a' }, { text: 'b' }] }, outputDimensionality: 3 };
    expect(translate(embedContentFromOpenAi, fields).requests).toEqual([
      { model: 'target', input: ['a\nb'], encoding_format: 'float', dimensions: 3 },
    ]);
    const answer = { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 4 } };
    expect(decode(embedContentFromOpenAi, fields, answer).body).toEqual({
      embedding: { values: [1, 2] },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
    });
  });

  test('of several, answered in their order whatever the upstream’s', () => {
    const fields = { requests: [{ content: content('a') }, { content: content('b') }] };
    expect(translate(batchEmbedContentsFromOpenAi, fields).requests[0]).toMatchObject({ input: ['a', 'b'] });
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: toBase64([1]) },
    ];
    expect(decode(batchEmbedContentsFromOpenAi, fields, { data }).body).toEqual({
      embeddings: [{ values: [1] }, { values: [2] }],
    });
  });

  test('of several sizes are asked for one by one', () => {
    const requests = [2, 3].map((outputDimensionality) => ({ content: content('a'), outputDimensionality }));
    expect(translate(batchEmbedContentsFromOpenAi, { requests }).requests).toMatchObject([
      { dimensions: 2 },
      { dimensions: 3 },
    ]);
  });

  test('lose what they are for', () => {
    const request = { content: content('a'), taskType: 'RETRIEVAL_QUERY', title: 'A title' };
    const { losses } = translate(batchEmbedContentsFromOpenAi, { requests: [request, request] });
    expect(losses.map(({ field, effect }) => `${effect} ${field}`)).toEqual(['dropped taskType', 'dropped title']);
  });

  test('take no pictures', () => {
    const fields = { content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }] } };
    expect(kindOf(() => translate(embedContentFromOpenAi, fields))).toBe('translation-refused');
  });
});
