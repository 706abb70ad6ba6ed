import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import { openStream, streamError } from '../../../src/relay/stream-answer.ts';
import type { StreamStage } from '../../../src/relay/stream-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { readNext } from '../../support/relay-set-up.ts';

/** A stage in which every letter is a step: `c` is content, `!` an error, `.` the end, `x` a fault of ours, all else passes. */
function aStage(knowsItsEnd = false): StreamStage {
  const facts: StreamStage['facts'] = { contentSeen: false, ended: false, losses: [] };
  return {
    facts,
    knowsItsEnd,
    push: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      if (text.includes('x')) throw new TypeError('a bug');
      if (text.includes('c')) facts.contentSeen = true;
      if (text.includes('!')) facts.error = new GatewayError('overloaded', 'busy');
      if (text.includes('.')) facts.ended = true;
      return text;
    },
    finish: () => '<finish>',
    fail: (error) => {
      facts.error = error;
      return `<${error.kind}>`;
    },
  };
}

function begin(stage = aStage()) {
  const clock = createFakeClock(0);
  const ends: (GatewayError | undefined)[] = [];
  const abort = new AbortController();
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  abort.signal.addEventListener('abort', () => controller.error(abort.signal.reason));
  const opening = openStream({
    reader: body.getReader(),
    stage,
    abort,
    clock,
    watchdog: createWatchdog(clock),
    firstContentMs: 10_000,
    idleMs: 5000,
    onEnd: (error) => ends.push(error),
  });
  opening.catch(() => {});
  const send = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  return {
    clock,
    opening,
    ends,
    abort,
    send,
    end: () => controller.close(),
    fault: (error: Error) => controller.error(error),
  };
}

const kindOf = (opening: Promise<unknown>) =>
  opening.then(
    () => undefined,
    (thrown: GatewayError) => thrown.kind,
  );

describe('a stream is begun', () => {
  test('with its first content, and what came before it comes along', async () => {
    const { opening, send, end, ends } = begin();
    send('a');
    send('b');
    send('c1');
    const source = await opening;
    expect(await readNext(source)).toBe('abc1');
    send('c2');
    expect(await readNext(source)).toBe('c2');
    end();
    expect([await readNext(source), await readNext(source)]).toEqual(['<finish>', undefined]);
    expect(ends).toEqual([undefined]);
  });

  test('when it ends well without content', async () => {
    const { opening, send, end, ends } = begin();
    send('a.');
    end();
    expect(await readNext(await opening)).toBe('a.');
    expect(ends.length).toBeLessThanOrEqual(1);
  });
});

describe('a stream is not begun', () => {
  test('when it fails before its first content', async () => {
    const { opening, send, ends } = begin();
    send('a!');
    expect(await kindOf(opening)).toBe('overloaded');
    expect(ends).toEqual([]);
  });

  test('when its connection breaks before it', async () => {
    const { opening, fault } = begin();
    fault(new Error('reset'));
    expect(await kindOf(opening)).toBe('upstream-unreachable');
  });

  test('when it is silent for too long', async () => {
    const { opening, send, clock } = begin();
    send('a');
    await clock.advance(11_000);
    expect(await kindOf(opening)).toBe('upstream-timeout');
    await clock.advance(1000);
    expect(clock.pending).toBe(0);
  });
});

describe('a stream that was begun', () => {
  test('tells its failure, once', async () => {
    const { opening, send, fault, ends } = begin();
    send('c');
    const source = await opening;
    await source.next();
    fault(new Error('reset'));
    expect([await readNext(source), await readNext(source)]).toEqual(['<upstream-unreachable>', undefined]);
    source.cancel();
    expect(ends.map((error) => error?.kind)).toEqual(['upstream-unreachable']);
  });

  test('may break off once it has said its last word', async () => {
    const { opening, send, fault, ends } = begin();
    send('c.');
    const source = await opening;
    await source.next();
    fault(new Error('reset'));
    expect(await readNext(source)).toBe('<finish>');
    expect(ends).toEqual([undefined]);
  });

  test('that knows its end ends there, and gives the upstream a moment to close', async () => {
    const { opening, send, ends, abort, clock } = begin(aStage(true));
    send('c.');
    const source = await opening;
    expect([await readNext(source), await readNext(source)]).toEqual(['c.<finish>', undefined]);
    expect(ends).toEqual([undefined]);
    expect(abort.signal.aborted).toBe(false);
    await clock.advance(2000);
    expect(abort.signal.aborted).toBe(true);
  });

  test('is left when its client is', async () => {
    const { opening, send, ends, abort } = begin();
    send('c');
    const source = await opening;
    source.cancel();
    source.cancel();
    expect(abort.signal.aborted).toBe(true);
    expect(ends.map((error) => error?.kind)).toEqual(['canceled']);
  });
});

test.each<[string, unknown, unknown, string]>([
  ['an error of ours', new GatewayError('overloaded', 'x'), undefined, 'overloaded'],
  ['the reason it was ended for', new Error('aborted'), new GatewayError('canceled', 'x'), 'canceled'],
  ['a broken connection', new Error('reset'), undefined, 'upstream-unreachable'],
  ['anything else that is thrown', 'reset', new Error('other'), 'upstream-unreachable'],
])('a failed read means %s', (_what, thrown, reason, kind) => {
  const abort = new AbortController();
  if (reason !== undefined) abort.abort(reason);
  expect(streamError(thrown, abort.signal).kind as string).toBe(kind);
});

describe('a fault of ours', () => {
  test('before the first content is no fault of the upstream', async () => {
    const run = begin();
    run.send('x');
    expect(await kindOf(run.opening)).toBe('internal');
  });

  test('after it ends the stream in an error and the request upstream', async () => {
    const run = begin();
    run.send('c');
    const source = await run.opening;
    expect(await readNext(source)).toBe('c');
    run.send('x');
    expect(await readNext(source)).toBe('<internal>');
    expect(await readNext(source)).toBeUndefined();
    expect(run.ends.map((error) => error?.kind)).toEqual(['internal']);
    expect(run.abort.signal.aborted).toBe(true);
  });
});
