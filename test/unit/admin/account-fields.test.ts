import { describe, expect, test } from 'bun:test';
import { AdminError } from '../../../src/admin/admin-error.ts';
import { openOwner } from '../../support/owner.ts';

const KEY = 'sk-0123456789abcdef';
const OPENAI = { name: 'one', provider: 'openai', credential: { type: 'api_key', api_key: KEY } } as const;

function refused(action: () => unknown): AdminError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof AdminError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const OAUTH = { type: 'oauth', client_id: 'c', refresh_token: 'r' };
const GEMINI = { name: 'one', provider: 'gemini' };
const VERTEX = { name: 'one', provider: 'vertex' };

describe('the fields of a new account', () => {
  test.each([
    [[], 'wrong_body', undefined],
    [{}, 'missing_field', 'name'],
    [{ name: 'x' }, 'missing_field', 'provider'],
    [{ name: 'x', provider: 'openai' }, 'missing_field', 'credential'],
    [{ ...OPENAI, name: '  ' }, 'wrong_field', 'name'],
    [{ ...OPENAI, name: 'a\nb' }, 'wrong_field', 'name'],
    [{ ...OPENAI, name: 7 }, 'wrong_field', 'name'],
    [{ ...OPENAI, provider: 'bedrock' }, 'wrong_field', 'provider'],
    [{ ...OPENAI, provider: 'openai-compatible' }, 'missing_field', 'base_url'],
    [{ ...OPENAI, base_url: 'ftp://x' }, 'wrong_field', 'base_url'],
    [{ ...OPENAI, base_url: '127.0.0.1:80' }, 'wrong_field', 'base_url'],
    [{ ...OPENAI, base_url: 'http://u:p@x/' }, 'wrong_field', 'base_url'],
    [{ ...OPENAI, base_url: 'http://x/?key=1' }, 'wrong_field', 'base_url'],
    [{ ...OPENAI, credential: 'sk-1' }, 'wrong_field', 'credential'],
    [{ ...OPENAI, credential: { type: 'cookie' } }, 'wrong_field', 'credential.type'],
    [{ ...OPENAI, credential: { type: 'api_key' } }, 'missing_field', 'credential.api_key'],
    [{ ...OPENAI, credential: { type: 'api_key', api_key: 'a b' } }, 'wrong_field', 'credential.api_key'],
    [{ ...OPENAI, credential: { type: 'api_key', api_key: 'sk-…cdef' } }, 'wrong_field', 'credential.api_key'],
    [{ ...OPENAI, credential: { type: 'api_key', key: 'x' } }, 'unknown_field', 'credential.key'],
    [{ ...OPENAI, credential: { ...OAUTH } }, 'wrong_field', 'credential.type'],
    [{ ...GEMINI, credential: { type: 'oauth', refresh_token: 'r' } }, 'missing_field', 'credential.client_id'],
    [{ ...GEMINI, credential: { type: 'oauth', client_id: 'c' } }, 'missing_field', 'credential.refresh_token'],
    [{ ...GEMINI, credential: { ...OAUTH, scope: 'x' } }, 'unknown_field', 'credential.scope'],
    [{ ...GEMINI, credential: { ...OAUTH, token_url: 'http://x/' } }, 'wrong_field', 'credential.token_url'],
    [{ ...VERTEX, credential: OAUTH }, 'missing_field', 'base_url'],
    [{ ...VERTEX, credential: { type: 'service_account', json: '{}' } }, 'wrong_field', 'credential.json'],
    [{ ...OPENAI, models: 'a' }, 'wrong_field', 'models'],
    [{ ...OPENAI, models: ['a', 7] }, 'wrong_field', 'models[1]'],
    [{ ...OPENAI, dialects: ['gemini'] }, 'wrong_field', 'dialects'],
    [{ ...OPENAI, priority: '1' }, 'wrong_field', 'priority'],
    [{ ...OPENAI, weight: 0 }, 'wrong_field', 'weight'],
    [{ ...OPENAI, max_concurrent: 0 }, 'wrong_field', 'max_concurrent'],
    [{ ...OPENAI, max_concurrent: 1.5 }, 'wrong_field', 'max_concurrent'],
    [{ ...OPENAI, enabled: 'yes' }, 'wrong_field', 'enabled'],
    [{ ...OPENAI, reserve_percent: 101 }, 'wrong_field', 'reserve_percent'],
    [{ ...OPENAI, budget: 5 }, 'wrong_field', 'budget'],
    [{ ...OPENAI, budget: { requests_per_day: -1 } }, 'wrong_field', 'budget.requests_per_day'],
    [{ ...OPENAI, budget: { requests: 1 } }, 'unknown_field', 'budget.requests'],
    [{ ...OPENAI, proxy_url: 'proxy' }, 'wrong_field', 'proxy_url'],
    [{ ...OPENAI, note: 7 }, 'wrong_field', 'note'],
    [{ ...OPENAI, baseUrl: 'http://x' }, 'unknown_field', 'baseUrl'],
    [{ ...OPENAI, constructor: 1 }, 'unknown_field', 'constructor'],
    [{ ...OPENAI, id: 'acc_1' }, 'unknown_field', 'id'],
  ] as const)('refuses %j', (body, code, field) => {
    const { admin, store } = openOwner();
    const error = refused(() => admin.create(body));
    expect([error.code, error.field, error.status]).toEqual([code, field, 400] as never);
    expect(error.message).toMatch(/^[^\n]+\.$/);
    expect(store.list()).toEqual([]);
  });
});
