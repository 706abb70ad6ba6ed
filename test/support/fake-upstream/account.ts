import type { Account } from '../../../src/base/account.ts';
import { Secret } from '../../../src/base/secret.ts';

/** An account for tests: an API key `sk-test`, nothing limited; `change` says what is special about it. */
export function makeAccount(change: Partial<Account> & Pick<Account, 'provider'>): Account {
  return {
    id: 'acc_0000000001',
    name: 'test',
    credential: { type: 'api_key', apiKey: new Secret('sk-test') },
    models: [],
    modelsFixed: false,
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    createdAt: 0,
    ...change,
  };
}
