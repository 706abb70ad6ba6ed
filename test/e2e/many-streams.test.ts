import { expect, test } from 'bun:test';
import { request } from 'node:http';
import { accountAt, SERVICES } from '../support/accounts-at.ts';
import { endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';

/** More than `fetch` serves at once by itself. */
const STREAMS = 300;
const { model } = SERVICES['openai-chat'];

test(`${STREAMS} streams run at once, each to its own end`, async () => {
  await using upstream = await startFakeUpstream();
  await using gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
  upstream.play(({ rawBody }) => {
    const number = /number (\d+)\./.exec(rawBody)![1]!;
    return text(`This is the answer to the request with the number ${number}, and to no other.`, {
      chunks: 12,
      pauseMs: 150,
    });
  });

  let ended = 0;
  const answers = Array.from({ length: STREAMS }, async (_, number) => {
    const answer = await stream(gateway, number);
    ended++;
    return answer;
  });
  await upstream.arrived(STREAMS);
  // all of them are under way before the first has ended
  expect(ended).toBe(0);

  for (const [number, answer] of (await Promise.all(answers)).entries()) {
    expect(answer).toBe(`This is the answer to the request with the number ${number}, and to no other.`);
  }
});

/** One request, from clients of two dialects in turn. The test's own `fetch` would not send so many at once. */
function stream(gateway: Gateway, number: number): Promise<string> {
  const { path, body } = endpointOf(number % 2 === 0 ? 'openai-chat' : 'anthropic-messages');
  return new Promise((resolve, reject) => {
    const sent = request(gateway.url + path(model), { method: 'POST', agent: false }, (response) => {
      let events = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => {
        events += piece;
      });
      response.on('end', () => resolve(readWords(events)));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ ...body(model, `I have the number ${number}.`), stream: true }));
  });
}

function readWords(events: string): string {
  const deltas = [...events.matchAll(/"(?:content|text)":("(?:[^"\\]|\\.)*")/g)];
  return deltas.map((delta) => JSON.parse(delta[1]!) as string).join('');
}
