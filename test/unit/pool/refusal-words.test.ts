import { describe, expect, test } from 'bun:test';
import type { AccountState, Ask } from '../../../src/pool/account-state.ts';
import { refusalError } from '../../../src/pool/refusal-words.ts';
import { refusals } from '../../../src/pool/schedule.ts';
import { spell } from '../../../src/pool/spell.ts';
import { anAsk, aState, T0 } from '../../support/pool-builders.ts';

function refuse(states: readonly AccountState[], change: Partial<Ask> = {}) {
  const ask = anAsk(change);
  const { kind, message, detail } = refusalError(ask.target, refusals(states, ask, T0), states, T0);
  return { kind, message, detail };
}

const limited = (id: string, ms: number) =>
  aState(id, { cooldowns: [{ model: 'gpt-5', since: T0, until: T0 + ms, kind: 'rate-limited', reason: 'x' }] });

describe('the error says', () => {
  test('how to begin, when nothing is set up', () => {
    expect(refuse([])).toMatchObject({
      kind: 'no-account',
      message: 'No account is set up. Add one on the Accounts page (/ui/accounts) or with "trivium accounts add".',
    });
  });

  test('that all accounts are switched off', () => {
    expect(refuse([aState('a', {}, { enabled: false, name: 'work' })])).toMatchObject({
      kind: 'no-account',
      message: 'Every account that serves the model "gpt-5" is switched off: "work".',
    });
  });

  test('that nobody serves the model', () => {
    expect(refuse([aState('a')], { target: { model: 'x', provider: 'openai' } })).toMatchObject({
      kind: 'no-account',
      message: 'No account serves the model "x" of openai.',
    });
  });

  test('P07: of each account why it can not, and when the first can again', () => {
    const states = [
      limited('a', 125_000),
      aState('b', { cooldowns: [{ since: T0, until: T0 + 60_000, kind: 'upstream-failed', reason: 'x' }] }),
      aState('c', { trouble: { state: 'invalid', since: T0, reason: 'x' } }),
      aState('d', { inFlight: 2 }, { maxConcurrent: 2, models: ['other'] }),
    ];
    expect(refuse(states)).toEqual({
      kind: 'pool-cooling',
      message:
        'No account can serve the model "gpt-5" now: "a" rests for 2 min 5 s more (its rate limit is reached); ' +
        '"b" rests for 1 min more (the provider failed several times in a row); "c" has a credential that the provider ' +
        'refuses. Try again in 1 min.',
      detail: { retryAfterMs: 60_000 },
    });
  });

  test('that busy accounts may soon be free', () => {
    expect(refuse([aState('a', { inFlight: 2 }, { maxConcurrent: 2 })])).toMatchObject({
      kind: 'pool-cooling',
      message:
        'No account can serve the model "gpt-5" now: "a" is busy (2 of 2 requests are running). Try again in 1 s.',
      detail: { retryAfterMs: 1_000 },
    });
  });

  test('that an account is being tried after its rest', () => {
    const rest = { since: T0 - 90, until: T0 - 50, kind: 'rate-limited', reason: 'x', probedAt: T0 - 10 } as const;
    expect(refuse([aState('a', { cooldowns: [rest] })])).toMatchObject({
      kind: 'pool-cooling',
      message:
        'No account can serve the model "gpt-5" now: "a" is being tried by another request after its rest. Try again in 1 s.',
    });
  });

  test('no time, when none is known', () => {
    const states = [
      aState('a', { trouble: { state: 'forbidden', since: T0, reason: 'x' } }),
      aState('b', {}, { enabled: false }),
      aState('c'),
    ];
    expect(refuse(states, { tried: new Set(['c']) })).toEqual({
      kind: 'no-account',
      message:
        'No account can serve the model "gpt-5" now: "a" is not allowed to do this by the provider; "b" is switched off; ' +
        '"c" was tried and failed.',
      detail: {},
    });
  });

  test('when an account that was tried can be tried again', () => {
    expect(refuse([limited('a', 5_000)], { tried: new Set(['a']) })).toMatchObject({
      kind: 'pool-cooling',
      detail: { retryAfterMs: 5_000 },
    });
  });

  test('not the names of a thousand accounts', () => {
    const states = Array.from({ length: 1_000 }, (_, i) => limited(`a${i}`, 5_000));
    expect(refuse(states).message).toContain('; and 995 more. Try again');
  });

  test('no e-mail address', () => {
    const { message } = refuse([aState('acc_1', {}, { enabled: false, name: 'jo@example.com' })]);
    expect(message).toContain('"acc_1"');
    expect(message).not.toContain('jo@');
  });
});

test.each([
  [1, '1 s'],
  [59_001, '1 min'],
  [59_000, '59 s'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [12_000_000, '3 h 20 min'],
  [332_848_000, '3 d 20 h'],
])('%d ms is %s', (ms, words) => {
  expect(spell(ms)).toBe(words);
});
