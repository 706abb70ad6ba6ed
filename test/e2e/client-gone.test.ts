import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import { accountAt, SERVICES, UPSTREAM_DIALECTS } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { cutStream, hangBeforeHeaders, type Scenario, text } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { type ExchangeWatch, watchExchanges } from '../support/watch-exchanges.ts';

/** Two clients are enough: of each upstream one gets its bytes, or both a translation. */
const ASKS: readonly { readonly client: string; readonly path: string; readonly body: JsonObject }[] = [
  { client: 'chat', path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'Hello' }] } },
  {
    client: 'messages',
    path: '/v1/messages',
    body: { max_tokens: 99, messages: [{ role: 'user', content: 'Hello' }] },
  },
];

const MOMENTS: readonly { readonly when: string; readonly scenario: Scenario; readonly stream: boolean }[] = [
  { when: 'before the headers of a whole answer', scenario: hangBeforeHeaders, stream: false },
  { when: 'within a whole answer', scenario: cutStream(0, 'hang'), stream: false },
  { when: 'before the headers of a stream', scenario: hangBeforeHeaders, stream: true },
  { when: 'before the first content', scenario: cutStream(0, 'hang'), stream: true },
  { when: 'while the stream is silent', scenario: cutStream(2, 'hang'), stream: true },
  { when: 'while the stream runs', scenario: text('word '.repeat(9999), { chunks: 9999, pauseMs: 1 }), stream: true },
];

/** Long before the gateway would give up a silent upstream by itself, and no less on a busy machine. */
const MOMENT_MS = 20_000;

describe.each(UPSTREAM_DIALECTS)('a client of %s that goes away', (dialect) => {
  const { model } = SERVICES[dialect];
  let upstream: FakeUpstream;
  let gateway: Gateway;
  let exchanges: ExchangeWatch;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, dialect, { models: [model] }));
    exchanges = await watchExchanges(gateway.url);
  });

  afterAll(async () => {
    exchanges.stop();
    await gateway[Symbol.asyncDispose]();
    await upstream.stop();
  });

  for (const { client, path, body } of ASKS) {
    for (const { when, scenario, stream } of MOMENTS) {
      test(`${client}, ${when}: the upstream is left too`, async () => {
        upstream.play(scenario);
        const leaving = new AbortController();
        const count = upstream.requests.length + 1;
        const answer = fetch(gateway.url + path, {
          method: 'POST',
          body: JSON.stringify({ ...body, model, stream }),
          signal: leaving.signal,
        });
        const request = await upstream.arrived(count);
        // where content comes it is waited for, so that the client leaves in the midst of it
        if (stream && /silent|runs/.test(when)) await (await answer).body!.getReader().read();
        const leftAt = performance.now();
        leaving.abort();
        await answer.then((response) => response.text()).catch(() => {});
        expect(await request.ended).toBe('aborted');
        expect(performance.now() - leftAt).toBeLessThan(MOMENT_MS);

        const record = await exchanges.next();
        expect(record).toMatchObject({ status: 499, attempts: 1, streamed: stream });
        // what came was paid for, though nobody counted it
        const came = stream && /silent|runs/.test(when);
        expect(record.usage.estimated).toBe(came);
        expect(record.usage.output ?? 0).toBeWithin(came ? 1 : 0, 9999);
        expect((record.usage.input ?? 0) > 0 || !came).toBe(true);
        const [account] = (await gateway.api<{ items: { status: { state: string } }[] }>('/api/accounts')).body.items;
        expect(account!.status.state).toBe('ready');
      });
    }
  }
});
