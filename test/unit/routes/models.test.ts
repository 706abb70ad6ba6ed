import { describe, expect, test } from 'bun:test';
import type { ModelFacts } from '../../../src/base/model-facts.ts';
import type { OfferedModel } from '../../../src/routes/model-shapes.ts';
import { type ModelsPort, respondModel, respondModels } from '../../../src/routes/models.ts';

const CREATED = Date.UTC(2026, 0, 2);
const offerWith = (facts: ModelFacts, ...ids: string[]): OfferedModel[] =>
  ids.map((id) => ({ id, owner: 'openai', createdAt: CREATED, facts }));
const offer = (...ids: string[]) => offerWith({}, ...ids);
const portOf = (models: readonly OfferedModel[]): ModelsPort => ({
  list: () => models,
  find: (id) => models.find((model) => model.id === id),
});
const ANTHROPIC = { 'anthropic-version': '2023-06-01' };

async function list(models: readonly OfferedModel[], path: string, headers: { [name: string]: string } = {}) {
  const url = new URL(`http://localhost${path}`);
  return (await respondModels(new Request(url, { headers }), url, portOf(models)).json()) as never;
}

async function get(id: string, path: string, headers: { [name: string]: string } = {}) {
  const url = new URL(`http://localhost${path}`);
  const models = portOf(offer('a', 'acme/b'));
  const response = respondModel(new Request(url, { headers }), url, models, id);
  return { status: response.status, body: (await response.json()) as never };
}

const OPENAI_A = { id: 'a', object: 'model', created: CREATED / 1000, owned_by: 'openai' };
const ANTHROPIC_A = {
  type: 'model',
  id: 'a',
  display_name: 'a',
  created_at: '2026-01-02T00:00:00.000Z',
  max_input_tokens: null,
  max_tokens: null,
  capabilities: null,
};
const GEMINI_A = expect.objectContaining({ name: 'models/a', supportedGenerationMethods: expect.any(Array) });

describe('a list of models', () => {
  test.each<[string, { [name: string]: string }, unknown]>([
    ['/v1/models', {}, { object: 'list', data: [OPENAI_A] }],
    ['/v1/models', ANTHROPIC, { data: [ANTHROPIC_A], has_more: false, first_id: 'a', last_id: 'a' }],
    ['/v1beta/models', {}, { models: [GEMINI_A] }],
    ['/v1alpha/models', {}, { models: [GEMINI_A] }],
    ['/v1/models', { 'x-goog-api-key': 'k' }, { models: [GEMINI_A] }],
    ['/v1/models?key=k', {}, { models: [GEMINI_A] }],
    ['/v1/models?pageSize=5', {}, { models: [GEMINI_A] }],
    ['/v1/models?client_version=0.169.0', {}, { models: [expect.objectContaining({ slug: 'a', priority: 0 })] }],
    ['/v1/models?client_version=1', ANTHROPIC, { data: [ANTHROPIC_A], has_more: false, first_id: 'a', last_id: 'a' }],
  ])('at %s with %j', async (path, headers, body) => {
    expect<unknown>(await list(offer('a'), path, headers)).toEqual(body);
  });

  test('may be empty', async () => {
    expect<unknown>(await list([], '/v1/models')).toEqual({ object: 'list', data: [] });
    const none = { data: [], has_more: false, first_id: null, last_id: null };
    expect<unknown>(await list([], '/v1/models', ANTHROPIC)).toEqual(none);
    expect<unknown>(await list([], '/v1beta/models')).toEqual({ models: [] });
  });
});

describe('a page of models', () => {
  const five = offer('a', 'b', 'c', 'd', 'e');

  test.each([
    ['', ['a', 'b', 'c', 'd', 'e'], false],
    ['?limit=2', ['a', 'b'], true],
    ['?limit=2&after_id=b', ['c', 'd'], true],
    ['?limit=2&after_id=d', ['e'], false],
    ['?limit=2&before_id=e', ['c', 'd'], true],
    ['?limit=2&before_id=b', ['a'], false],
    ['?limit=x', ['a', 'b', 'c', 'd', 'e'], false],
    ['?limit=0', ['a', 'b', 'c', 'd', 'e'], false],
    ['?after_id=e', [], false],
  ])('of Anthropic’s: %j', async (query, ids, more) => {
    const page = (await list(five, `/v1/models${query}`, ANTHROPIC)) as { data: { id: string }[]; has_more: boolean };
    expect(page.data.map((model) => model.id)).toEqual(ids);
    expect(page.has_more).toBe(more);
  });

  test('of Gemini’s leads to the next until all were seen', async () => {
    const seen: string[] = [];
    for (let token: string | undefined = '0'; token !== undefined; ) {
      const page: { models: { name: string }[]; nextPageToken?: string } = await list(
        five,
        `/v1beta/models?pageSize=2&pageToken=${token}`,
      );
      seen.push(...page.models.map((model) => model.name));
      token = page.nextPageToken;
    }
    expect(seen).toEqual(five.map((model) => `models/${model.id}`));
  });

  test.each(['-1', 'x', '1.5', '99'])('of Gemini’s bears the token %s', async (token) => {
    expect<unknown>(await list(five, `/v1beta/models?pageToken=${token}`)).toHaveProperty('models');
  });
});

describe('one model', () => {
  test.each<[string, string, { [name: string]: string }, unknown]>([
    ['a', '/v1/models/a', {}, OPENAI_A],
    ['a', '/v1/models/a', ANTHROPIC, ANTHROPIC_A],
    ['a', '/v1beta/models/a', {}, GEMINI_A],
    ['a', '/v1/models/a?client_version=1', {}, OPENAI_A],
    ['acme/b', '/v1/models/acme%2Fb', {}, { ...OPENAI_A, id: 'acme/b' }],
  ])('%s at %s with %j', async (id, path, headers, body) => {
    const { status, body: given } = await get(id, path, headers);
    expect(status).toBe(200);
    expect<unknown>(given).toEqual(body);
  });

  test.each<[string, { [name: string]: string }, object]>([
    ['/v1/models/x', {}, { error: { code: 'model_not_found' } }],
    ['/v1/models/x', ANTHROPIC, { type: 'error', error: { type: 'not_found_error' } }],
    ['/v1beta/models/x', {}, { error: { code: 404, status: 'NOT_FOUND' } }],
  ])('that is not there is a 404 at %s with %j', async (path, headers, body) => {
    const { status, body: given } = await get('x', path, headers);
    expect(status).toBe(404);
    expect(given).toMatchObject(body);
  });
});

describe('what is known of a model', () => {
  const facts: ModelFacts = {
    title: 'A 1',
    contextWindow: 200_000,
    maxOutput: 64_000,
    thinks: true,
    thinkingTypes: ['enabled', 'disabled'],
    efforts: ['low', 'medium', 'max'],
    inputs: ['image'],
    outputSchema: true,
    sampling: { temperature: 1, topK: 64 },
  };
  const [yes, no] = [{ supported: true }, { supported: false }];

  test('in Anthropic’s list', async () => {
    const { data } = (await list(offerWith(facts, 'a'), '/v1/models', ANTHROPIC)) as { data: unknown[] };
    expect(data).toEqual([
      {
        ...ANTHROPIC_A,
        display_name: 'A 1',
        max_input_tokens: 200_000,
        max_tokens: 64_000,
        capabilities: {
          batch: no,
          image_input: yes,
          pdf_input: no,
          structured_outputs: yes,
          effort: { supported: true, low: yes, medium: yes, high: no, xhigh: no, max: yes },
          thinking: { supported: true, types: { adaptive: no, between_tools: no, disabled: yes, enabled: yes } },
        },
      },
    ]);
  });

  test('in Gemini’s list', async () => {
    const { models } = (await list(offerWith(facts, 'a'), '/v1beta/models')) as { models: unknown[] };
    expect(models).toEqual([
      {
        name: 'models/a',
        baseModelId: 'a',
        version: '1',
        displayName: 'A 1',
        inputTokenLimit: 200_000,
        outputTokenLimit: 64_000,
        supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
        temperature: 1,
        topK: 64,
        thinking: true,
      },
    ]);
  });

  test('in Codex’s list, which leaves its own instructions to Codex', async () => {
    const path = '/v1/models?client_version=0.169.0';
    const { models } = (await list(offerWith(facts, 'a', 'b'), path)) as { models: object[] };
    expect(models[1]).toMatchObject({
      slug: 'b',
      display_name: 'A 1',
      priority: 1,
      context_window: 200_000,
      default_reasoning_level: 'medium',
      supported_reasoning_levels: [{ effort: 'low' }, { effort: 'medium' }],
      input_modalities: ['text', 'image'],
      visibility: 'list',
    });
    expect(models[0]).not.toHaveProperty('base_instructions');
    const bare = (await list(offer('a'), path)) as { models: object[] };
    expect(bare.models[0]).not.toHaveProperty('context_window');
  });
});
