import { describe, expect, test } from 'bun:test';
import type { Account, ProviderId } from '../../../src/base/account.ts';
import type { Alias } from '../../../src/pool/alias.ts';
import { buildCatalog } from '../../../src/pool/model-catalog.ts';
import { resolveModel } from '../../../src/pool/resolve-model.ts';
import { anAccount } from '../../support/pool-builders.ts';

function account(
  name: string,
  provider: ProviderId,
  models: readonly string[],
  change: Partial<Account> = {},
): Account {
  return anAccount(`acc_${name}`, { name, provider, models, ...change });
}

const openai = account('work', 'openai', ['gpt-5', 'gpt-5-mini']);
const router = account('router', 'openrouter', ['anthropic/claude-x', 'openai/gpt-5', 'meta/llama']);
const anthropic = account('home', 'anthropic', ['claude-opus-5']);
const gemini = account('g', 'gemini', []);
const local = account('local', 'openai-compatible', []);
const echo = account('demo', 'echo', []);

function resolve(model: string, accounts: readonly Account[], aliases: readonly Alias[] = []) {
  return resolveModel(model, aliases, buildCatalog(accounts));
}

function targets(model: string, accounts: readonly Account[], aliases: readonly Alias[] = []) {
  return resolve(model, accounts, aliases).targets;
}

describe('aliases', () => {
  const aliases: readonly Alias[] = [
    { name: 'claude-*', targets: [{ model: 'gpt-5-mini' }] },
    { name: 'gpt-5', targets: [{ model: 'claude-opus-5', provider: 'anthropic' }, { model: 'gpt-5' }], strict: true },
    { name: 'mine', targets: [{ model: 'gpt-5', account: 'work' }] },
    { name: 'by-id', targets: [{ model: 'gpt-5', account: 'acc_work' }] },
    { name: 'slashed', targets: [{ model: 'openrouter/anthropic/claude-x' }] },
    { name: 'guess', targets: [{ model: 'qwen' }] },
    { name: 'lost', targets: [{ model: 'gpt-5', account: 'nobody' }] },
  ];
  const accounts = [openai, anthropic, router];

  test('go before a model of the same name, and lead to their targets in order', () => {
    expect(resolve('gpt-5', accounts, aliases)).toMatchObject({
      targets: [{ model: 'claude-opus-5', provider: 'anthropic' }, { model: 'gpt-5' }],
      alias: 'gpt-5',
      strict: true,
    });
  });

  test('may be patterns', () => {
    expect(targets('claude-haiku-5', accounts, aliases)).toEqual([{ model: 'gpt-5-mini' }]);
  });

  test('may name an account by name or id', () => {
    const target = { model: 'gpt-5', account: 'acc_work', unlisted: true };
    expect(targets('mine', accounts, aliases)).toEqual([target]);
    expect(targets('by-id', accounts, aliases)).toEqual([target]);
  });

  test('may lead to a provider and model in one', () => {
    expect(targets('slashed', accounts, aliases)).toEqual([{ model: 'anthropic/claude-x', provider: 'openrouter' }]);
  });

  test('reach accounts whose models are unknown', () => {
    expect(targets('guess', [openai, local], aliases)).toEqual([{ model: 'qwen', provider: 'openai-compatible' }]);
  });

  test('do not lead to other aliases, nor round in circles', () => {
    const circle = [
      { name: 'a', targets: [{ model: 'b' }] },
      { name: 'b', targets: [{ model: 'a' }] },
    ];
    expect(targets('a', [openai], circle)).toEqual([{ model: 'b' }]);
  });

  test('that lead to no account keep their target: the set-up is at fault, not the client', () => {
    const resolution = resolve('lost', accounts, aliases);
    expect(resolution.targets).toEqual([{ model: 'gpt-5', account: 'nobody' }]);
    expect(resolution.steps.at(-1)).toBe('there is no account "nobody"');
  });

  test('without targets are passed over', () => {
    expect(targets('gpt-5', [openai], [{ name: 'gpt-5', targets: [] }])).toEqual([{ model: 'gpt-5' }]);
  });

  test('name each target once', () => {
    const twice = [{ name: 'x', targets: [{ model: 'gpt-5' }, { model: 'gpt-5' }] }];
    expect(targets('x', [openai], twice)).toEqual([{ model: 'gpt-5' }]);
  });
});

describe('provider/model and account/model', () => {
  test('ask the provider', () => {
    expect(targets('openai/gpt-5', [openai])).toEqual([{ model: 'gpt-5', provider: 'openai' }]);
  });

  test('the model may hold slashes itself', () => {
    expect(targets('openrouter/anthropic/claude-x', [router, anthropic])).toEqual([
      { model: 'anthropic/claude-x', provider: 'openrouter' },
    ]);
  });

  test('ask the account, whose name may hold slashes too', () => {
    expect(targets('work/gpt-5', [openai])).toEqual([{ model: 'gpt-5', account: 'acc_work' }]);
    const team = account('team/a', 'openai', ['gpt-5']);
    expect(targets('team/a/gpt-5', [team])).toEqual([{ model: 'gpt-5', account: 'acc_team/a' }]);
  });

  test('reach an account whose models are unknown', () => {
    expect(targets('local/qwen', [local])).toEqual([{ model: 'qwen', account: 'acc_local' }]);
    expect(targets('openai-compatible/qwen', [local])).toEqual([{ model: 'qwen', provider: 'openai-compatible' }]);
  });

  test('reach past a list that may be old, but not past one that the owner has fixed', () => {
    expect(targets('openai/gpt-9', [openai])).toEqual([{ model: 'gpt-9', provider: 'openai', unlisted: true }]);
    expect(targets('openai/gpt-9', [{ ...openai, modelsFixed: true }])).toEqual([]);
  });

  test('a model listed in full goes before a guess', () => {
    expect(targets('anthropic/claude-x', [anthropic, router])).toEqual([{ model: 'anthropic/claude-x' }]);
  });

  test('with an unknown list the provider is asked first, then who lists the full name', () => {
    const fresh = account('fresh', 'openai', []);
    expect(targets('openai/gpt-5', [fresh, router])).toEqual([
      { model: 'gpt-5', provider: 'openai' },
      { model: 'openai/gpt-5' },
    ]);
  });

  test('a provider without accounts is no provider', () => {
    expect(targets('anthropic/claude-x', [router])).toEqual([{ model: 'anthropic/claude-x' }]);
    expect(targets('zai/glm-5', [openai])).toEqual([]);
  });
});

describe('models and families', () => {
  test('a model that some account lists', () => {
    expect(targets('meta/llama', [openai, router])).toEqual([{ model: 'meta/llama' }]);
  });

  test.each([
    ['gemini-9', gemini, { model: 'gemini-9', provider: 'gemini' }],
    ['gpt-9', openai, { model: 'gpt-9', provider: 'openai', unlisted: true }],
    ['o4-mini', openai, { model: 'o4-mini', provider: 'openai', unlisted: true }],
    ['claude-sonnet-9', anthropic, { model: 'claude-sonnet-9', provider: 'anthropic', unlisted: true }],
    ['glm-9', account('z', 'zai', []), { model: 'glm-9', provider: 'zai' }],
  ] as const)('%s goes to the provider of its family', (model, owner, target) => {
    expect(targets(model, [local, owner])).toEqual([target]);
  });

  test('a family without an account of its provider leads nowhere', () => {
    expect(targets('claude-sonnet-9', [openai, local])).toEqual([]);
  });

  test('an unknown list alone takes no name at all', () => {
    expect(targets('qwen', [local])).toEqual([]);
  });

  test('models/ in front is no part of the name', () => {
    expect(targets('models/gpt-5', [openai])).toEqual([{ model: 'gpt-5' }]);
    expect(targets('models/gemini-9', [gemini])).toEqual([{ model: 'gemini-9', provider: 'gemini' }]);
  });

  test('echo answers to trivium-echo only', () => {
    expect(targets('trivium-echo', [echo])).toEqual([{ model: 'trivium-echo' }]);
    expect(targets('demo/trivium-echo', [echo])).toEqual([{ model: 'trivium-echo', account: 'acc_demo' }]);
    expect(targets('echo/gpt-5', [echo])).toEqual([]);
    expect(targets('gpt-5', [echo])).toEqual([]);
  });
});

describe('when no account comes into question', () => {
  test('the three nearest names', () => {
    const resolution = resolve('gtp-5', [openai, anthropic], [{ name: 'gpt-5x', targets: [{ model: 'gpt-5' }] }]);
    expect(resolution.targets).toEqual([]);
    expect(resolution.nearest).toEqual(['gpt-5', 'gpt-5x', 'gpt-5-mini']);
  });

  test('an account that is switched off still tells that the model is known', () => {
    const off = { ...openai, enabled: false };
    const resolution = resolve('gpt-5', [off, anthropic]);
    expect(resolution.targets).toEqual([{ model: 'gpt-5' }]);
    expect(resolution.steps.at(-1)).toBe('only accounts that are switched off come into question');
  });

  test('without any account the model is not to blame', () => {
    expect(resolve('gpt-5', [])).toMatchObject({ targets: [{ model: 'gpt-5' }], nearest: [] });
  });
});

test('the steps tell how each rule came out', () => {
  expect(resolve('gpt-5', [openai, { ...openai, id: 'acc_2' }]).steps).toEqual([
    'no alias fits "gpt-5"',
    '2 accounts serve "gpt-5"',
  ]);
  expect(resolve('nope/x', [openai]).steps.at(-1)).toBe('no account serves "nope/x"');
  expect(resolve('claude-1', [openai]).steps.at(-1)).toBe(
    'no account serves "claude-1", nor is there one of anthropic that may',
  );
});
