import { expect, test } from 'bun:test';
import { environmentAccounts } from '../../../src/config/environment-accounts.ts';

test('every key of the environment is an account, and nothing else is', () => {
  const environment = { OPENAI_API_KEY: ' sk-1 ', ZAI_API_KEY: 'z', GEMINI_API_KEY: '', HOME: '/', AZURE_API_KEY: 'x' };
  expect(environmentAccounts(environment)).toEqual([
    { variable: 'OPENAI_API_KEY', provider: 'openai', name: 'openai (environment)', apiKey: 'sk-1' },
    { variable: 'ZAI_API_KEY', provider: 'zai', name: 'zai (environment)', apiKey: 'z' },
  ]);
});
