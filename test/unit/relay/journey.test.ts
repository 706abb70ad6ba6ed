import { expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorKind, GatewayError } from '../../../src/base/gateway-error.ts';
import type { Lease, Outcome } from '../../../src/pool/account-state.ts';
import { costOf, settleFailure } from '../../../src/relay/journey.ts';
import { anAccount } from '../../support/pool-builders.ts';

function outcomeOf(error: GatewayError): Outcome {
  const outcomes: Outcome[] = [];
  const settle = (outcome: Outcome) => void outcomes.push(outcome);
  const lease: Lease = { account: anAccount('a'), target: { model: 'm' }, why: 'its turn', settle };
  settleFailure(lease, error);
  expect(outcomes).toHaveLength(1);
  return outcomes[0]!;
}

test.each(Object.keys(ERROR_TRAITS) as ErrorKind[])(
  '%s is a failure of the account only when it is to blame',
  (kind) => {
    const { blame } = ERROR_TRAITS[kind];
    const isItsOwn = blame === 'account' || blame === 'upstream';
    expect(outcomeOf(new GatewayError(kind, 'words')).type).toBe(isItsOwn ? 'failed' : 'canceled');
  },
);

test('P20: what an answer used before it was stopped counts towards its account’s budget', () => {
  const outcomes: Outcome[] = [];
  const account = anAccount('a', { budget: { tokensPerDay: 9 } });
  const lease: Lease = { account, target: { model: 'm' }, why: 'its turn', settle: (one) => void outcomes.push(one) };
  settleFailure(lease, new GatewayError('canceled', 'gone'), { input: 30, output: 4 });
  expect(outcomes).toEqual([{ type: 'canceled', tokens: 34 }]);
  expect(costOf({ ...lease, account: anAccount('b') }, { input: 30 })).toEqual({});
});

test('the pool hears what a limit holds for', () => {
  const scope = { type: 'account' } as const;
  expect(outcomeOf(new GatewayError('quota-exhausted', 'x', { scope }))).toMatchObject({ scope });
});

test('the pool hears the kind, the words and the time to wait', () => {
  expect(outcomeOf(new GatewayError('rate-limited', 'slow down', { retryAfterMs: 7 }))).toEqual({
    type: 'failed',
    kind: 'rate-limited',
    message: 'slow down',
    retryAfterMs: 7,
  });
});
