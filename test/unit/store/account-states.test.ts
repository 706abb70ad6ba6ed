import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import type { Account } from '../../../src/base/account.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { AccountState } from '../../../src/pool/account-state.ts';
import { createAccountStateStore } from '../../../src/store/account-states.ts';
import { createAccountStore } from '../../../src/store/accounts.ts';
import { createVault } from '../../../src/store/vault.ts';
import { handClock, openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const account: Account = {
  id: 'acc_1',
  name: 'one',
  provider: 'openai',
  credential: { type: 'none' },
  models: [],
  modelsFixed: false,
  dialects: [],
  enabled: true,
  priority: 0,
  weight: 1,
  createdAt: 1,
};

const state: AccountState = {
  account,
  inFlight: 3,
  strikes: 2,
  modelStrikes: { m1: 4 },
  cooldowns: [
    { model: 'm1', since: 1, until: 2, kind: 'rate-limited', reason: 'slow down' },
    { since: 3, until: 4, kind: 'overloaded', reason: '' },
  ],
  trouble: { state: 'invalid', since: 9, reason: 'bad key' },
  quota: [{ name: 'requests', model: 'm1', limit: 5, remaining: 1, resetsAt: 10 }, { name: 'tokens' }],
  lastUsedAt: 11,
  lastError: { at: 12, kind: 'quota-exhausted', message: 'used up' },
  turns: 1.5,
};

describe('createAccountStateStore', () => {
  test('keeps the whole state over a reopening, but not what is in flight', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      createAccountStore(first, createVault(randomBytes(32))).put(account);
      const store = createAccountStateStore({ database: first, clock: handClock(), log: silentLog });
      store.save([state]);
      store.flush();
      first.close();
      const second = openIn(folder);
      const read = createAccountStateStore({ database: second, clock: handClock(), log: silentLog }).readAll();
      const { inFlight: _inFlight, turns: _turns, ...saved } = state;
      expect(read).toEqual([{ ...saved, account: 'acc_1' }]);
      second.close();
    }));

  test('writes the last of many, a quarter of a second later', () => {
    const database = openInMemory();
    createAccountStore(database, createVault(randomBytes(32))).put(account);
    const clock = handClock();
    const store = createAccountStateStore({ database, clock, log: silentLog });
    for (let strikes = 0; strikes < 250; strikes++) store.save([{ ...state, strikes }]);
    expect(store.readAll()).toEqual([]);
    clock.advance(250);
    expect(store.readAll()[0]?.strikes).toBe(249);
    store.save([{ ...state, strikes: 0 }]);
    clock.advance(250);
    expect(store.readAll()[0]?.strikes).toBe(0);
  });

  test('damaged parts are left out, and states of removed accounts with them', () => {
    const database = openInMemory();
    createAccountStore(database, createVault(randomBytes(32))).put(account);
    const store = createAccountStateStore({ database, clock: handClock(), log: silentLog });
    const broken = {
      cooldowns: [{ kind: 'unheard-of', since: 1, until: 2 }, 7],
      trouble: { state: 'sad' },
      turns: 'x',
    };
    database.tables.run(`INSERT INTO account_states VALUES ('acc_1', '${JSON.stringify(broken)}', 1)`);
    database.tables.run("INSERT INTO account_states VALUES ('gone', 'not json', 1)");
    expect(store.readAll()).toEqual([{ account: 'acc_1', strikes: 0, modelStrikes: {}, cooldowns: [], quota: [] }]);
  });
});
