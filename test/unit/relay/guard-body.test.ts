import { expect, test } from 'bun:test';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import { guardBody } from '../../../src/relay/guard-body.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { T0 } from '../../support/pool-builders.ts';

function setUp() {
  const clock = createFakeClock(T0);
  const abort = new AbortController();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  const response = guardBody(new Response(body, { headers: { 'content-type': 'text/event-stream' } }), {
    clock,
    watchdog: createWatchdog(clock),
    abort,
    idleMs: 5000,
  });
  return {
    clock,
    abort,
    response,
    send: (text: string) => controller.enqueue(Buffer.from(text)),
    end: () => controller.close(),
  };
}

test('a body that goes on is read to its end', async () => {
  const { clock, abort, response, send, end } = setUp();
  const text = response.text();
  for (const piece of ['a', 'b', 'c']) {
    send(piece);
    await Promise.resolve();
    await clock.advance(4000);
  }
  end();
  expect(await text).toBe('abc');
  await clock.advance(60_000);
  expect(abort.signal.aborted).toBe(false);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
});

test('one that falls silent ends the request', async () => {
  const { clock, abort, response, send } = setUp();
  const text = response.text().catch((thrown) => thrown);
  send('a');
  await clock.advance(6000);
  expect(abort.signal.reason).toMatchObject({ kind: 'upstream-timeout' });
  expect(await text).toMatchObject({ kind: 'upstream-timeout' });
});

test('an answer without a body is left alone', () => {
  const { clock, abort } = setUp();
  const none = new Response(null);
  expect(guardBody(none, { clock, watchdog: createWatchdog(clock), abort, idleMs: 1 })).toBe(none);
});
