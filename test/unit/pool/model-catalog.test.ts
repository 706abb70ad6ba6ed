import { expect, test } from 'bun:test';
import { buildCatalog, knowledgeOf } from '../../../src/pool/model-catalog.ts';
import { anAccount } from '../../support/pool-builders.ts';

const listing = anAccount('listing');
const fixed = anAccount('fixed', { models: ['other'], modelsFixed: true });
const lacking = anAccount('lacking', { models: ['other'] });
const unknown = anAccount('unknown', { models: [] });
const echo = anAccount('echo', { provider: 'echo', models: [] });

test('the best that any of the accounts knows of a model', () => {
  expect(knowledgeOf([fixed, lacking, unknown, listing], 'gpt-5')).toBe('listed');
  expect(knowledgeOf([fixed, lacking, unknown], 'gpt-5')).toBe('unknown');
  expect(knowledgeOf([fixed, unknown, lacking], 'gpt-5')).toBe('unknown');
  expect(knowledgeOf([fixed, lacking], 'gpt-5')).toBe('unlisted');
  expect(knowledgeOf([fixed], 'gpt-5')).toBe('none');
  expect(knowledgeOf([echo], 'gpt-5')).toBe('none');
  expect(knowledgeOf([echo], 'trivium-echo')).toBe('listed');
  expect(knowledgeOf([], 'gpt-5')).toBe('none');
});

test('accounts are found by id, name, provider and model; disabled ones apart', () => {
  const off = anAccount('off', { enabled: false, models: ['gpt-5', 'gpt-4'] });
  const twin = anAccount('twin', { name: 'listing', models: ['gpt-5', 'gpt-5'] });
  const catalog = buildCatalog([listing, off, twin, echo]);
  expect(catalog.enabled.byModel.get('gpt-5')).toEqual([listing, twin]);
  expect(catalog.enabled.byModel.has('gpt-4')).toBe(false);
  expect(catalog.enabled.byModel.get('trivium-echo')).toEqual([echo]);
  expect(catalog.enabled.byName.get('listing')).toEqual([listing, twin]);
  expect(catalog.enabled.byProvider.get('openai')).toEqual([listing, twin]);
  expect(catalog.enabled.byId.get('twin')).toBe(twin);
  expect(catalog.disabled.byModel.get('gpt-4')).toEqual([off]);
  expect(catalog.isEmpty).toBe(false);
  expect(buildCatalog([]).isEmpty).toBe(true);
});
