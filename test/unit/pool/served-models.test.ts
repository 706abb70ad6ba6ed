import { describe, expect, test } from 'bun:test';
import type { Account } from '../../../src/base/account.ts';
import type { Target } from '../../../src/pool/account-state.ts';
import { lists, modelsOf, servingTest } from '../../../src/pool/served-models.ts';
import { anAccount } from '../../support/pool-builders.ts';

function serves(target: Target, change: Partial<Account>): boolean {
  const account = anAccount('a', change);
  const slowly = servingTest(target)({ account });
  const quickly = servingTest(target)({ account, served: new Set(modelsOf(account)) });
  expect(quickly).toBe(slowly);
  return slowly;
}

describe('an account serves', () => {
  const gpt = { model: 'gpt-5' };

  test('what its list names', () => {
    expect(serves(gpt, {})).toBe(true);
    expect(serves({ model: 'gpt-4' }, {})).toBe(false);
  });

  test('what its list names the way Gemini writes it', () => {
    expect(serves({ model: 'gemini-3' }, { provider: 'gemini', models: ['models/gemini-3'] })).toBe(true);
  });

  test('with an unknown list: what is asked of it or its provider, and its own family', () => {
    const unknown = { models: [], provider: 'openrouter' } as const;
    expect(serves(gpt, unknown)).toBe(false);
    expect(serves({ ...gpt, provider: 'openrouter' }, unknown)).toBe(true);
    expect(serves({ ...gpt, account: 'a' }, unknown)).toBe(true);
    expect(serves(gpt, { models: [] })).toBe(true);
    expect(serves({ model: 'claude-x' }, { models: [] })).toBe(false);
  });

  test('what nobody lists, if the target says so and the owner has not fixed the list', () => {
    const target = { model: 'gpt-new', provider: 'openai', unlisted: true } as const;
    expect(serves(target, {})).toBe(true);
    expect(serves(target, { modelsFixed: true })).toBe(false);
    expect(serves({ model: 'gpt-new', provider: 'openai' }, {})).toBe(false);
  });

  test('nothing of another provider or account', () => {
    expect(serves({ ...gpt, provider: 'zai' }, {})).toBe(false);
    expect(serves({ ...gpt, account: 'b' }, {})).toBe(false);
  });

  test('trivium-echo and nothing else if it is echo, whatever its list says', () => {
    const echo = { provider: 'echo', models: ['gpt-5'] } as const;
    expect(serves({ model: 'trivium-echo' }, echo)).toBe(true);
    expect(serves(gpt, echo)).toBe(false);
    expect(serves({ ...gpt, provider: 'echo', unlisted: true }, echo)).toBe(false);
    expect(serves({ ...gpt, account: 'a' }, { provider: 'echo', models: [] })).toBe(false);
    expect(lists(anAccount('a', echo), 'trivium-echo')).toBe(true);
  });
});

test('one test serves accounts with different lists in turn', () => {
  const one = { account: anAccount('a'), served: new Set(['gpt-5']) };
  const other = { account: anAccount('b', { models: ['x'] }), served: new Set(['x']) };
  const test = servingTest({ model: 'gpt-5' });
  expect([one, other, one, other].map(test)).toEqual([true, false, true, false]);
});
