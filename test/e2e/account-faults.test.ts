import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { AccountItem } from '../../src/admin/account-item.ts';
import { accountAt } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import {
  cutStream,
  diesBeforeContent,
  dropBeforeHeaders,
  hangBeforeHeaders,
  htmlPage,
  outOfQuota,
  rateLimited,
  type Scenario,
  slowDrip,
  status,
  text,
  wrongContentType,
} from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

interface Fault {
  readonly name: string;
  readonly scenario: Scenario;
  /** What a client gets when every account fails so. */
  readonly status: number;
  readonly verdict: string;
  /** What the account is after one such failure. */
  readonly state: AccountItem['status']['state'];
  /** True: only a stream can fail so. */
  readonly streamed?: true;
  /** Words of what the account's owner reads; absent while it stays ready. */
  readonly reason?: string;
}

const FAULTS: readonly Fault[] = [
  {
    name: '401',
    scenario: status(401),
    status: 502,
    verdict: 'account-invalid',
    state: 'invalid',
    reason: 'Incorrect API key',
  },
  {
    name: '403',
    scenario: status(403),
    status: 403,
    verdict: 'account-invalid',
    state: 'forbidden',
    reason: 'territory not supported',
  },
  {
    name: '429 of a rate',
    scenario: rateLimited(40),
    status: 429,
    verdict: 'rate-limited',
    state: 'cooling',
    reason: 'its rate limit is reached',
  },
  {
    name: '429 of a quota',
    scenario: outOfQuota(),
    status: 429,
    verdict: 'quota-exhausted',
    state: 'exhausted',
    reason: 'its quota is used up',
  },
  { name: '500', scenario: status(500), status: 502, verdict: 'upstream-failed', state: 'ready' },
  {
    name: '503',
    scenario: status(503),
    status: 503,
    verdict: 'upstream-overloaded',
    state: 'cooling',
    reason: 'the provider is overloaded',
  },
  {
    name: '529',
    scenario: status(529),
    status: 503,
    verdict: 'upstream-overloaded',
    state: 'cooling',
    reason: 'the provider is overloaded',
  },
  { name: 'a page for people', scenario: htmlPage(502), status: 502, verdict: 'upstream-failed', state: 'ready' },
  { name: 'a reset', scenario: dropBeforeHeaders, status: 502, verdict: 'network', state: 'ready' },
  { name: 'no headers', scenario: hangBeforeHeaders, status: 504, verdict: 'network', state: 'ready' },
  {
    name: 'a body that breaks off',
    scenario: cutStream(0, 'drop'),
    status: 502,
    verdict: 'network',
    state: 'ready',
  },
  {
    name: 'an error in a stream of status 200',
    scenario: diesBeforeContent('error'),
    status: 502,
    verdict: 'upstream-failed',
    state: 'ready',
    streamed: true,
  },
];

const MODEL = 'qwen3-coder';

describe('accounts that fail', () => {
  let first: FakeUpstream;
  let second: FakeUpstream;
  let gateway: Gateway;
  let ids: string[];

  beforeAll(async () => {
    first = await startFakeUpstream({ models: [MODEL] });
    second = await startFakeUpstream({ models: [MODEL] });
    gateway = await startGateway({ flags: { 'patience-s': '0', 'first-byte-timeout-s': '0.5' } });
    const added = [
      await gateway.addAccount(accountAt(first, 'openai-chat', { name: 'first', priority: 9 })),
      await gateway.addAccount(accountAt(second, 'openai-chat', { name: 'second' })),
    ];
    ids = added.map(({ id }) => id);
  });

  beforeEach(async () => {
    for (const id of ids) await gateway.api(`/api/accounts/${id}/clear-cooldown`, { method: 'POST' });
    first.play(text('Here I am.'));
    second.play(text('Here I am.'));
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await Promise.all([first.stop(), second.stop()]);
  });

  const ask = (stream: boolean, model = MODEL) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: `Hello ${Math.random()}` }] }),
    });
  const stateOf = async (id: string) => (await gateway.api<AccountItem>(`/api/accounts/${id}`)).body.status;

  test.each(FAULTS)('$name on the first account: the second answers, and the owner sees why', async (fault) => {
    first.play(fault.scenario);
    const answer = await ask(fault.streamed === true);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Here');
    expect(answer.headers.get('x-trivium-account')).toBe(ids[1]!);
    const { state, reason } = await stateOf(ids[0]!);
    expect(state).toBe(fault.state);
    expect(reason ?? '').toContain(fault.reason ?? '');
    expect(reason === null).toBe(fault.reason === undefined);
    expect((await stateOf(ids[1]!)).state).toBe('ready');
  });

  test.each(FAULTS)('$name on all accounts: the client gets $status and a verdict', async (fault) => {
    first.play(fault.scenario);
    second.play(fault.scenario);
    const answer = await ask(fault.streamed === true);
    expect([answer.status, answer.headers.get('x-trivium-verdict')]).toEqual([fault.status, fault.verdict]);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
    for (const id of ids) expect((await stateOf(id)).state).toBe(fault.state);
  });

  test.each([
    ['a name that leads nowhere', 'http://nowhere.invalid/v1'],
    ['a port where nobody listens', 'http://127.0.0.1:1/v1'],
  ])('%s: another account answers', async (_, baseUrl) => {
    const { id } = await gateway.addAccount({
      ...accountAt(first, 'openai-chat', { name: 'lost', priority: 99, models: [MODEL] }),
      base_url: baseUrl,
    });
    const answer = await ask(false);
    expect([answer.status, answer.headers.get('x-trivium-attempts')]).toEqual([200, '2']);
    await gateway.api(`/api/accounts/${id}`, { method: 'DELETE' });
  });

  test('a server that speaks no TLS where TLS is expected: another account answers', async () => {
    const { id } = await gateway.addAccount({
      ...accountAt(first, 'openai-chat', { name: 'plain', priority: 99, models: [MODEL] }),
      base_url: `${first.baseUrlFor('openai-compatible')}`.replace('http://', 'https://'),
    });
    const answer = await ask(false);
    expect([answer.status, answer.headers.get('x-trivium-attempts')]).toEqual([200, '2']);
    await gateway.api(`/api/accounts/${id}`, { method: 'DELETE' });
  });

  test.each([
    ['few bytes at a time', slowDrip(3)],
    ['the right body under another type', wrongContentType()],
  ])('%s is no failure', async (_, scenario) => {
    first.play(scenario);
    const answer = await ask(false);
    expect([answer.status, answer.headers.get('x-trivium-account')]).toEqual([200, ids[0]!]);
    await answer.text();
    expect((await stateOf(ids[0]!)).state).toBe('ready');
  });

  test('a provider that is exclusive takes every model of its dialects', async () => {
    expect((await ask(false, 'claude-nowhere')).status).toBe(404);
    await gateway.api('/api/settings', { method: 'PATCH', body: { dispatch: ['openai-compatible=exclusive'] } });
    const answer = await ask(false, 'claude-nowhere');
    await gateway.api('/api/settings', { method: 'PATCH', body: { dispatch: null } });
    expect(first.generations.at(-1)?.body).toMatchObject({ model: 'claude-nowhere' });
    // both were asked, and neither knows it
    expect([answer.status, answer.headers.get('x-trivium-attempts')]).toEqual([404, '2']);
  });

  test('a budget and dispatch hold at once, and go on after a change', async () => {
    await gateway.api(`/api/accounts/${ids[0]}`, { method: 'PATCH', body: { budget: { requests_per_day: 1 } } });
    expect((await ask(false)).headers.get('x-trivium-account')).toBe(ids[0]!);
    expect((await ask(false)).headers.get('x-trivium-account')).toBe(ids[1]!);
    expect((await stateOf(ids[0]!)).state).toBe('exhausted');
    await gateway.api(`/api/accounts/${ids[0]}`, { method: 'PATCH', body: { budget: null } });
    expect((await ask(false)).headers.get('x-trivium-account')).toBe(ids[0]!);
    await gateway.api('/api/settings', { method: 'PATCH', body: { dispatch: ['openai-compatible=off'] } });
    expect((await ask(false)).status).toBe(503);
    await gateway.api('/api/settings', { method: 'PATCH', body: { dispatch: null } });
    expect((await ask(false)).status).toBe(200);
  });
});
