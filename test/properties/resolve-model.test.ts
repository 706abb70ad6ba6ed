import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Account, PROVIDER_IDS } from '../../src/base/account.ts';
import { advertisedModels } from '../../src/pool/advertised-models.ts';
import { type Alias, matchesPattern } from '../../src/pool/alias.ts';
import { buildCatalog } from '../../src/pool/model-catalog.ts';
import { resolveModel } from '../../src/pool/resolve-model.ts';
import { choose } from '../../src/pool/schedule.ts';
import { lists } from '../../src/pool/served-models.ts';
import { anAccount, aPolicy, aState, T0 } from '../support/pool-builders.ts';

const NAMES = ['work', 'home', 'openai', 'team/a', 'zai'];
const MODELS = [
  'gpt-5',
  'gpt-5-mini',
  'claude-x',
  'anthropic/claude-x',
  'openai/gpt-5',
  'work/gpt-5',
  'glm-5',
  'llama',
  'models/gemini-3',
  'trivium-echo',
];

const modelName = fc.constantFrom(...MODELS);
const account: fc.Arbitrary<Partial<Account>> = fc.record({
  name: fc.constantFrom(...NAMES),
  provider: fc.constantFrom(...PROVIDER_IDS),
  models: fc.uniqueArray(modelName, { maxLength: 4 }),
  modelsFixed: fc.boolean(),
  enabled: fc.boolean(),
});
const accounts: fc.Arbitrary<readonly Account[]> = fc
  .array(account, { maxLength: 6 })
  .map((list) => list.map((change, at) => anAccount(`acc_${at}`, change)));
const target = fc.record(
  {
    model: modelName,
    provider: fc.constantFrom(...PROVIDER_IDS),
    account: fc.constantFrom('acc_0', 'acc_1', ...NAMES),
  },
  { requiredKeys: ['model'] },
);
const alias: fc.Arbitrary<Alias> = fc.record({
  name: fc.oneof(modelName, fc.constantFrom('fast', '*', 'gpt-*', '*-5', 'claude*x')),
  targets: fc.array(target, { maxLength: 3 }),
});
const aliases = fc.array(alias, { maxLength: 4 });
const asked = fc.oneof(
  modelName,
  fc.tuple(fc.constantFrom<string>(...PROVIDER_IDS, ...NAMES), modelName).map((parts) => parts.join('/')),
  fc.string(),
);

function canBeServed(model: string, list: readonly Account[], given: readonly Alias[]): boolean {
  const states = list.map((one) => ({ ...aState(one.id), account: one }));
  return resolveModel(model, given, buildCatalog(list)).targets.some(
    (one) => choose(states, { target: one, tried: new Set() }, aPolicy(), T0).type === 'use',
  );
}

test('P19: every advertised id routes', () => {
  fc.assert(
    fc.property(accounts, aliases, (list, given) => {
      for (const { id } of advertisedModels(given, buildCatalog(list))) expect(canBeServed(id, list, given)).toBe(true);
    }),
  );
});

test('without aliases every model of an enabled account is advertised', () => {
  fc.assert(
    fc.property(accounts, (list) => {
      const ids = advertisedModels([], buildCatalog(list)).map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort());
      for (const model of MODELS.map((name) => name.replace('models/', ''))) {
        const served = list.some((one) => one.enabled && lists(one, model));
        expect(ids.includes(model)).toBe(served);
      }
    }),
  );
});

test('any name is answered, always the same way, each target once, with steps that tell of it', () => {
  fc.assert(
    fc.property(asked, accounts, aliases, (name, list, given) => {
      const resolution = resolveModel(name, given, buildCatalog(list));
      expect(resolveModel(name, given, buildCatalog(list))).toEqual(resolution);
      const keys = resolution.targets.map((one) => JSON.stringify([one.model, one.provider, one.account]));
      expect(new Set(keys).size).toBe(keys.length);
      expect(resolution.steps.length).toBeGreaterThan(0);
      expect(resolution.nearest.length).toBeLessThanOrEqual(3);
      if (resolution.targets.length > 0) expect(resolution.nearest).toEqual([]);
    }),
  );
});

test('a name that is unknown could not have been served under that name by any account', () => {
  fc.assert(
    fc.property(asked, accounts, (name, list) => {
      if (list.length === 0 || resolveModel(name, [], buildCatalog(list)).targets.length > 0) return;
      expect(list.some((one) => lists(one, name))).toBe(false);
    }),
  );
});

test('provider/model goes to an account of that provider when one lists the model', () => {
  fc.assert(
    fc.property(accounts, (list) => {
      for (const one of list.filter((one) => one.enabled && one.models.length > 0 && one.provider !== 'echo')) {
        const model = one.models[0]!.replace('models/', '');
        const { targets } = resolveModel(`${one.provider}/${model}`, [], buildCatalog(list));
        expect(targets).toEqual([{ model, provider: one.provider }]);
      }
    }),
  );
});

test('an alias of exactly the requested name wins over everything', () => {
  fc.assert(
    fc.property(modelName, accounts, aliases, (name, list, given) => {
      const own = { name: name.replace('models/', ''), targets: [{ model: 'llama' }] };
      expect(resolveModel(name, [...given.filter((one) => one.name !== own.name), own], buildCatalog(list)).alias).toBe(
        own.name,
      );
    }),
  );
});

test('a pattern fits what the same regular expression fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 });
  fc.assert(
    fc.property(text, pattern, (name, glob) => {
      const source = glob.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(matchesPattern(name, glob)).toBe(new RegExp(`^${source}$`).test(name));
    }),
    { numRuns: 1_000 },
  );
});
