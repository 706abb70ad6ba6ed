import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { ExchangeDetail, ExchangeItem } from '../../src/admin/exchange-item.ts';
import { accountAt, SERVICES, type UpstreamDialect } from '../support/accounts-at.ts';
import type { Client } from '../support/clients/client.ts';
import { CLIENTS } from '../support/clients.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import {
  cutStream,
  diesBeforeContent,
  dropBeforeHeaders,
  htmlPage,
  rateLimited,
  type Scenario,
  status,
  text,
} from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

interface Fault {
  readonly name: string;
  readonly scenario: Scenario;
  readonly kinds: readonly string[];
  /** True: only a stream can fail so. */
  readonly streamed?: true;
}

/** What can befall an account before its answer has begun. */
const FAULTS: readonly Fault[] = [
  { name: 'answers 429', scenario: rateLimited(20), kinds: ['rate-limited'] },
  { name: 'answers 500', scenario: status(500), kinds: ['upstream-failed'] },
  { name: 'answers 529', scenario: status(529), kinds: ['overloaded'] },
  { name: 'answers a page for people', scenario: htmlPage(502), kinds: ['upstream-failed'] },
  { name: 'drops the connection', scenario: dropBeforeHeaders, kinds: ['upstream-unreachable'] },
  {
    name: 'tells an error inside the stream',
    scenario: diesBeforeContent('error'),
    kinds: ['upstream-failed', 'overloaded'],
    streamed: true,
  },
  {
    name: 'breaks off before the first content',
    scenario: diesBeforeContent('drop'),
    kinds: ['upstream-unreachable', 'upstream-malformed'],
    streamed: true,
  },
  {
    name: 'ends before the first content',
    scenario: diesBeforeContent('close'),
    kinds: ['upstream-malformed'],
    streamed: true,
  },
  {
    name: 'breaks off in the middle of a whole answer',
    scenario: cutStream(0, 'drop'),
    kinds: ['upstream-unreachable'],
  },
];

/** Upstreams whose bytes pass to the client, and one whose answers are translated. */
function upstreamsOf({ dialect }: Client): readonly UpstreamDialect[] {
  if (dialect === 'openai-completions') return ['openai-chat'];
  return [dialect, dialect === 'anthropic-messages' ? 'gemini' : 'anthropic-messages'];
}

const dialects = [...new Set(CLIENTS.flatMap(upstreamsOf))];

describe.each(dialects)('two accounts that speak %s', (dialect) => {
  const { model } = SERVICES[dialect];
  const clients = CLIENTS.filter((client) => upstreamsOf(client).includes(dialect));
  let first: FakeUpstream;
  let second: FakeUpstream;
  let gateway: Gateway;
  let ids: readonly string[];

  beforeAll(async () => {
    first = await startFakeUpstream({ models: [model] });
    second = await startFakeUpstream({ models: [model] });
    gateway = await startGateway({ flags: { 'patience-s': '0' } });
    const added = [
      await gateway.addAccount(accountAt(first, dialect, { name: 'first', priority: 9 })),
      await gateway.addAccount(accountAt(second, dialect, { name: 'second' })),
    ];
    ids = added.map(({ id }) => id);
  });

  beforeEach(async () => {
    for (const id of ids) await gateway.api(`/api/accounts/${id}/clear-cooldown`, { method: 'POST' });
    second.play(text('Here I am.'));
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await Promise.all([first.stop(), second.stop()]);
  });

  const visit = (stream: boolean) => ({ url: gateway.url, model, prompt: `Are you there? ${Math.random()}`, stream });

  const exchangesSince = async (count: number) => {
    const { items } = (await gateway.api<{ items: ExchangeItem[] }>('/api/requests?limit=100')).body;
    return items.slice(0, items.length - count);
  };
  const countExchanges = async () => (await exchangesSince(0)).length;
  const showExchange = async (id: string) => (await gateway.api<ExchangeDetail>(`/api/requests/${id}`)).body;

  for (const client of clients) {
    for (const { name, scenario, kinds, streamed } of FAULTS) {
      const isWholeOnly = name.includes('whole');
      for (const stream of [false, true].filter((one) => (one ? !isWholeOnly : !streamed))) {
        test(`${client.name}, ${stream ? 'streamed' : 'whole'}: the first ${name}, the second answers`, async () => {
          const before = await countExchanges();
          first.play(scenario);
          const said = await client.ask(visit(stream));
          expect(said.text).toBe('Here I am.');
          expect(said.finish).toBe(client.finishes.stop);

          const [exchange, ...more] = await exchangesSince(before);
          expect(more).toEqual([]);
          expect(exchange).toMatchObject({ status: 200, attempts: 2, account_name: 'second', verdict: null });
          const { attempts } = await showExchange(exchange!.id);
          expect(attempts.map(({ account_name, next }) => [account_name, next])).toEqual([
            ['first', 'next-account'],
            ['second', null],
          ]);
          expect(kinds).toContain(attempts[0]!.kind!);
          expect(attempts[0]!.message).not.toBe('');
          expect(attempts[1]).toMatchObject({ kind: null, status: 200 });
        });
      }
    }

    test(`${client.name}: a 400 is the request's own fault and goes to no other account`, async () => {
      const asked = second.generations.length;
      first.play(status(400, { message: 'The picture is not a picture.' }));
      const error = await client.ask(visit(true)).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(client.errorClass);
      expect(error.status).toBe(400);
      expect(error.message).toContain('The picture is not a picture.');
      expect(second.generations.length).toBe(asked);
      const [exchange] = await exchangesSince(0);
      expect(exchange).toMatchObject({ status: 400, attempts: 1, verdict: 'client-error' });
    });

    for (const stream of [false, true]) {
      const how = stream ? 'streamed' : 'whole';
      test(`${client.name}, ${how}: when all accounts are limited, it is told so and until when`, async () => {
        first.play(rateLimited(40));
        second.play(rateLimited(30));
        for (const attempts of [2, 0]) {
          const error = await client.ask(visit(stream)).catch((thrown) => thrown);
          expect(error).toBeInstanceOf(client.errorClass);
          expect(error.status).toBe(429);
          const [exchange] = await exchangesSince(0);
          expect(exchange).toMatchObject({ status: 429, attempts, verdict: 'rate-limited' });
          if (attempts === 0) expect(error.message).toMatch(/first.*second/s);
        }
        const raw = await fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          body: JSON.stringify({ model, messages: [{ role: 'user', content: 'now?' }] }),
        });
        expect(raw.status).toBe(429);
        expect(Number(raw.headers.get('retry-after'))).toBeWithin(25, 31);
        expect(raw.headers.get('x-trivium-verdict')).toBe('rate-limited');
      });
    }
  }
});
