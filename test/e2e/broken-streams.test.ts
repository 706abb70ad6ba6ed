import { afterAll, beforeAll, beforeEach, describe, expect, spyOn, test } from 'bun:test';
import type { ExchangeDetail, ExchangeItem } from '../../src/admin/exchange-item.ts';
import { accountAt, SERVICES, UPSTREAM_DIALECTS } from '../support/accounts-at.ts';
import { CLIENTS } from '../support/clients.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { type CutEnd, cutStream, text } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

const WORDS = text('These words will come, and these will never come.');
const ENDS: readonly CutEnd[] = ['drop', 'half', 'close', 'error'];

describe.each(UPSTREAM_DIALECTS)('a stream of %s that breaks after its first content', (dialect) => {
  const { model } = SERVICES[dialect];
  let upstream: FakeUpstream;
  let other: FakeUpstream;
  let gateway: Gateway;
  let ids: readonly string[];

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    other = await startFakeUpstream();
    gateway = await startGateway({ flags: { 'patience-s': '0' } });
    const added = [
      await gateway.addAccount(accountAt(upstream, dialect, { name: 'first', priority: 9, models: [model] })),
      await gateway.addAccount(accountAt(other, dialect, { name: 'second', models: [model] })),
    ];
    ids = added.map(({ id }) => id);
  });

  beforeEach(async () => {
    for (const id of ids) await gateway.api(`/api/accounts/${id}/clear-cooldown`, { method: 'POST' });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await Promise.all([upstream.stop(), other.stop()]);
  });

  for (const client of CLIENTS) {
    for (const end of ENDS) {
      test(`${client.name} raises its own error (${end})`, async () => {
        using answer = watchForAnswer();
        const before = other.generations.length;
        upstream.play(cutStream(2, end, WORDS, answer.begun));
        const visit = { url: gateway.url, model, prompt: `Go on. ${Math.random()}`, stream: true };
        const outcome = await client.ask(visit).then(
          (said) => said,
          (thrown) => thrown,
        );
        expect(outcome).toBeInstanceOf(client.errorClass);
        expect(outcome.message).not.toBe('');
        // advice to programmers is no words for people
        expect(outcome.message).not.toContain('verbose');

        // what the client has seen is not repeated by another account
        expect(other.generations.slice(before)).toEqual([]);
        const { items } = (await gateway.api<{ items: ExchangeItem[] }>('/api/requests?limit=1')).body;
        expect(items[0]).toMatchObject({ attempts: 1, account_name: 'first', streamed: true });
        expect(['upstream-failed', 'upstream-overloaded', 'network']).toContain(items[0]!.verdict!);
        const { body } = await gateway.api<ExchangeDetail>(`/api/requests/${items[0]!.id}`);
        expect(body.attempts[0]).toMatchObject({ status: 200, next: 'stop' });
        expect(body.attempts[0]!.kind).not.toBeNull();
      });
    }
  }
});

/** Tells when the next answer to a client begins: after its first content, so that what breaks then breaks after it on any machine. */
function watchForAnswer(): Disposable & { readonly begun: Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const send = globalThis.fetch;
  const spy = spyOn(globalThis, 'fetch');
  const watched = async (...request: Parameters<typeof fetch>) => {
    const response = await send(...request);
    begun.resolve();
    return response;
  };
  spy.mockImplementationOnce(watched as typeof fetch);
  return { begun: begun.promise, [Symbol.dispose]: () => spy.mockRestore() };
}
