import { expect, test } from 'bun:test';
import { advertisedModel, advertisedModels } from '../../../src/pool/advertised-models.ts';
import type { Alias } from '../../../src/pool/alias.ts';
import { buildCatalog } from '../../../src/pool/model-catalog.ts';
import { anAccount } from '../../support/pool-builders.ts';

const openai = anAccount('a', { models: ['gpt-5', 'gpt-4'] });
const router = anAccount('b', { provider: 'openrouter', models: ['gpt-5', 'anthropic/claude-x'] });

function advertise(accounts: Parameters<typeof buildCatalog>[0], aliases: readonly Alias[] = []) {
  return advertisedModels(aliases, buildCatalog(accounts));
}

test('the union of models and aliases, in alphabetical order, each with its owner', () => {
  const aliases = [
    { name: 'fast', targets: [{ model: 'gpt-4' }] },
    { name: 'claude-*', targets: [{ model: 'gpt-5' }] },
    { name: 'gpt-5', targets: [{ model: 'gpt-4' }] },
  ];
  const list = [
    { id: 'anthropic/claude-x', ownedBy: 'openrouter', model: 'anthropic/claude-x' },
    { id: 'fast', ownedBy: 'trivium', model: 'gpt-4' },
    { id: 'gpt-4', ownedBy: 'openai', model: 'gpt-4' },
    { id: 'gpt-5', ownedBy: 'trivium', model: 'gpt-4' },
  ];
  expect(advertise([openai, router], aliases)).toEqual(list);
  expect(advertise([router, openai], aliases)).toEqual(list);
});

test('models of disabled accounts are not shown', () => {
  expect(advertise([{ ...openai, enabled: false }, router]).map(({ id }) => id)).toEqual([
    'anthropic/claude-x',
    'gpt-5',
  ]);
});

test('P19: a name that nobody could serve is not shown', () => {
  const aliases = [
    { name: 'dead', targets: [{ model: 'gone' }] },
    { name: 'gpt-4', targets: [{ model: 'glm-5', provider: 'zai' as const }] },
  ];
  expect(advertise([openai], aliases).map(({ id }) => id)).toEqual(['gpt-5']);
});

test('Gemini names are shown without models/', () => {
  const gemini = anAccount('g', { provider: 'gemini', models: ['models/gemini-3'] });
  expect(advertise([gemini])).toEqual([{ id: 'gemini-3', ownedBy: 'gemini', model: 'gemini-3' }]);
});

test('an alias to an account whose models are unknown is shown', () => {
  const local = anAccount('local', { provider: 'openai-compatible', models: [] });
  expect(advertise([local], [{ name: 'q', targets: [{ model: 'qwen' }] }])).toEqual([
    { id: 'q', ownedBy: 'trivium', model: 'qwen' },
  ]);
});

test('each comes with what its account’s list says of the model that answers', () => {
  const told = { ...openai, modelFacts: { 'gpt-4': { maxOutput: 9 } } };
  const [alias, , five] = advertise(
    [told],
    [{ name: 'fast', targets: [{ model: 'gone', provider: 'zai' }, { model: 'gpt-4' }] }],
  );
  expect(alias).toEqual({ id: 'fast', ownedBy: 'trivium', model: 'gpt-4', facts: { maxOutput: 9 } });
  expect(five).not.toHaveProperty('facts');
});

test('one model is found by a name that no list shows', () => {
  const aliases = [{ name: 'claude-*', targets: [{ model: 'gpt-5' }] }];
  const catalog = buildCatalog([openai, anAccount('g', { provider: 'gemini', models: [] })]);
  expect(advertisedModel('claude-any', aliases, catalog)).toEqual({
    id: 'claude-any',
    ownedBy: 'openai',
    model: 'gpt-5',
  });
  expect(advertisedModel('gemini-x', aliases, catalog)).toEqual({
    id: 'gemini-x',
    ownedBy: 'gemini',
    model: 'gemini-x',
  });
  expect(advertisedModel('glm-5', aliases, catalog)).toBeUndefined();
  expect(advertisedModel('gpt-5', [], buildCatalog([]))).toBeUndefined();
});
