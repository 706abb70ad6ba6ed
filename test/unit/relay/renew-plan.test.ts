import { describe, expect, test } from 'bun:test';
import type { Account, Credential } from '../../../src/base/account.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { Secret } from '../../../src/base/secret.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import { createCredentialKeeper, type KeeperPorts } from '../../../src/upstream/credential-keeper.ts';
import { T0 } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  chatAccount,
  chatAnswer,
  chatBody,
  readAnswer,
  refuses,
  type SendStep,
  setUpRelay,
} from '../../support/relay-set-up.ts';

const token = (text: string, expiresAt = T0 + 3_600_000): Credential => ({
  type: 'oauth',
  clientId: 'c',
  refreshToken: new Secret('refresh'),
  accessToken: new Secret(text),
  expiresAt,
});

const rejected = () => Promise.reject(new GatewayError('credential-rejected', 'Sign in again.'));

async function carry(steps: readonly SendStep[], accounts: readonly Account[], renew: KeeperPorts['renew'] & {}) {
  const setUp = setUpRelay(steps, { accounts });
  const credentials = createCredentialKeeper({ clock: setUp.clock, renew });
  const answer = await createRelay({ ...setUp.ports, credentials }).carry(aCall('openai-chat', chatBody()));
  const text = await readAnswer(answer);
  return { ...setUp, answer, text, shown: setUp.sent.map(({ headers }) => headers.authorization) };
}

describe('an account whose token runs out', () => {
  test('is asked with a new one', async () => {
    const account = chatAccount('a', { credential: token('old', T0) });
    const { shown, state } = await carry([answers(chatAnswer())], [account], async () => token('new'));
    expect(shown).toEqual(['Bearer new']);
    expect(state('a').lastError).toBeUndefined();
  });

  test('and is refused all the same is asked once more after renewing it, at no cost to the account', async () => {
    const account = chatAccount('a', { credential: token('old') });
    const steps = [refuses(401, 'expired'), answers(chatAnswer())];
    const { shown, state, answer, records, inFlight } = await carry(steps, [account], async () => token('new'));
    expect(shown).toEqual(['Bearer old', 'Bearer new']);
    expect(answer.headers['x-trivium-account']).toBe('a');
    expect(state('a')).toMatchObject({ strikes: 0, cooldowns: [] });
    expect(records[0]!.attempts.map(({ next }) => next)).toEqual(['refresh', undefined]);
    expect(inFlight()).toBe(0);
  });

  test('is left for another one when its new token is refused, too', async () => {
    const accounts = [chatAccount('a', { credential: token('old') }), chatAccount('b')];
    const steps = [refuses(401, 'no'), refuses(401, 'still no'), answers(chatAnswer())];
    const { answer, records, state } = await carry(steps, accounts, async () => token('new'));
    expect(answer.headers['x-trivium-account']).toBe('b');
    expect(records[0]!.attempts.map(({ account, next }) => [account, next])).toEqual([
      ['a', 'refresh'],
      ['a', 'next-account'],
      ['b', undefined],
    ]);
    // the first refusal is a rest, not the end of the account
    expect(state('a').trouble).toBeUndefined();
  });

  test('and cannot be renewed rests; the first invalid_grant disables nothing', async () => {
    const accounts = [chatAccount('a', { credential: token('old', T0) }), chatAccount('b')];
    const { answer, state, shown, inFlight } = await carry([answers(chatAnswer())], accounts, rejected);
    expect(answer.headers['x-trivium-account']).toBe('b');
    expect(shown).toEqual(['Bearer sk-b-0123456789']);
    expect(state('a')).toMatchObject({ lastError: { message: 'Sign in again.' }, cooldowns: [{}] });
    expect(state('a').trouble).toBeUndefined();
    expect(inFlight()).toBe(0);
  });

  test('an API key is not renewed', async () => {
    let renewals = 0;
    const { answer } = await carry(
      [refuses(401, 'bad key'), answers(chatAnswer())],
      [chatAccount('a'), chatAccount('b')],
      async () => {
        renewals++;
        return token('new');
      },
    );
    expect(answer.headers['x-trivium-account']).toBe('b');
    expect(renewals).toBe(0);
  });
});

test('field bug, pool 15: twenty requests at once on one rotating token renew it once, and none fails', async () => {
  const answer = Promise.withResolvers<Credential>();
  let renewals = 0;
  const account = chatAccount('a', { credential: token('old', T0) });
  const setUp = setUpRelay(Array(20).fill(answers(chatAnswer())), { accounts: [account] });
  const credentials = createCredentialKeeper({
    clock: setUp.clock,
    renew: () => {
      renewals++;
      return answer.promise;
    },
  });
  const relay = createRelay({ ...setUp.ports, credentials });
  const all = Promise.all(Array.from({ length: 20 }, () => relay.carry(aCall('openai-chat', chatBody()))));
  answer.resolve(token('new'));
  expect((await all).map((one) => one.type === 'whole' && one.status)).toEqual(Array(20).fill(200));
  expect(renewals).toBe(1);
  expect(new Set(setUp.sent.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer new']));
});
