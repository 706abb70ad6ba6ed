import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import type { Answer, ByteSource } from '../../../src/relay/answer.ts';
import { answerInTime } from '../../../src/relay/patience.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { readNext } from '../../support/relay-set-up.ts';

const whole = (body: string, error?: GatewayError): Answer => ({
  type: 'whole',
  status: 200,
  headers: { 'x-late': 'yes' },
  body,
  ...(error === undefined ? {} : { error }),
});

function sourceOf(...pieces: string[]): ByteSource & { canceled: boolean } {
  return {
    canceled: false,
    next: async () => pieces.shift(),
    cancel() {
      this.canceled = true;
    },
  };
}

const stream = (source: ByteSource): Answer => ({
  type: 'stream',
  headers: { 'x-late': 'yes' },
  heartbeat: 'hb',
  source,
});

function setUp(heartbeat = 'hb\n') {
  const clock = createFakeClock(0);
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const answer = answerInTime(promise, {
    clock,
    watchdog: createWatchdog(clock),
    heartbeat,
    headers: { 'x-early': 'yes' },
    endInError: (error) => `error: ${error.message}`,
  });
  return { clock, answer, resolve };
}

/** The stream that is begun after so long a silence. */
async function beginEarly() {
  const { clock, answer, resolve } = setUp();
  await clock.advance(20_000);
  const early = await answer;
  if (early.type !== 'stream') throw new Error('no stream was begun');
  return { clock, early, source: early.source, resolve };
}

describe('an answer in time', () => {
  test('is the answer itself, and no timer stays behind', async () => {
    const { clock, answer, resolve } = setUp();
    const given = whole('body');
    await clock.advance(19_000);
    resolve(given);
    expect(await answer).toBe(given);
    await clock.advance(500);
    expect(clock.pending).toBe(0);
  });

  test('is waited for without end where nothing can be sent meanwhile', async () => {
    const { clock, answer, resolve } = setUp('');
    await clock.advance(1_000_000);
    const given = whole('body');
    resolve(given);
    expect(await answer).toBe(given);
  });
});

describe('an answer that takes its time', () => {
  test('S38: begins with a heartbeat and goes on with its stream', async () => {
    const { early, source, resolve } = await beginEarly();
    expect(early.headers).toEqual({ 'x-early': 'yes' });
    expect(early.heartbeat).toBe('hb\n');
    expect(await readNext(source)).toBe('hb\n');
    const next = readNext(source);
    resolve(stream(sourceOf('one', 'two')));
    expect([await next, await readNext(source), await readNext(source)]).toEqual(['one', 'two', undefined]);
  });

  test('ends in an error of the stream when there is none', async () => {
    const { source, resolve } = await beginEarly();
    await source.next();
    resolve(whole('{"error":{}}', new GatewayError('overloaded', 'busy')));
    expect(await readNext(source)).toBe('error: busy');
    expect(await readNext(source)).toBeUndefined();
  });

  test('may be whole', async () => {
    const { source, resolve } = await beginEarly();
    await source.next();
    resolve(whole('all of it'));
    expect(await readNext(source)).toBe('all of it');
    expect(await readNext(source)).toBeUndefined();
  });

  test('is left when its client is', async () => {
    const { source, resolve } = await beginEarly();
    await source.next();
    const running = sourceOf('one', 'two');
    resolve(stream(running));
    await source.next();
    source.cancel();
    expect(running.canceled).toBe(true);
  });

  test('is left at once when its client went before it came', async () => {
    const { source, resolve } = await beginEarly();
    await source.next();
    const reading = source.next();
    source.cancel();
    const late = sourceOf('one');
    resolve(stream(late));
    await reading;
    expect(late.canceled).toBe(true);
  });
});
