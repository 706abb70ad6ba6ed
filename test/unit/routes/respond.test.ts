import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import type { ByteSource, StreamAnswer } from '../../../src/relay/answer.ts';
import { respond, respondError, respondRefusal } from '../../../src/routes/respond.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function ports() {
  const clock = createFakeClock(0);
  return { clock, watchdog: createWatchdog(clock) };
}

function streamOf(source: ByteSource, heartbeat = ': hb\n\n'): StreamAnswer {
  return { type: 'stream', headers: { 'x-trivium-attempts': '1' }, heartbeat, source };
}

function piecesOf(...pieces: (Uint8Array | string)[]): ByteSource {
  return { next: async () => pieces.shift(), cancel: () => {} };
}

/** A source whose pieces a test hands over one by one. */
function feed() {
  let hand!: (piece: string | undefined) => void;
  let canceled = false;
  const source: ByteSource = {
    next: () =>
      new Promise((resolve) => {
        hand = resolve;
      }),
    cancel: () => {
      canceled = true;
    },
  };
  return { source, give: (piece: string | undefined) => hand(piece), isCanceled: () => canceled };
}

describe('a whole answer', () => {
  test('has its status, its headers and its body', async () => {
    const response = respond(
      { type: 'whole', status: 429, headers: { 'retry-after': '3' }, body: '{"a":1}' },
      false,
      ports(),
    );
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"a":1}');
  });

  test('may be bytes', async () => {
    const body = new TextEncoder().encode('{"ü":1}');
    expect(await respond({ type: 'whole', status: 200, headers: {}, body }, false, ports()).text()).toBe('{"ü":1}');
  });
});

describe('bytes that are no events', () => {
  test('say their own type', () => {
    const answer = { ...streamOf(piecesOf('abc'), ''), contentType: 'audio/mpeg' };
    expect(respond(answer, false, ports()).headers.get('content-type')).toBe('audio/mpeg');
  });

  test('break off where their source does', async () => {
    const pieces = ['abc'];
    const source: ByteSource = {
      next: async () => {
        const piece = pieces.shift();
        if (piece === undefined) throw new GatewayError('upstream-unreachable', 'it broke');
        return piece;
      },
      cancel: () => {},
    };
    const reading = respond(streamOf(source, ''), false, ports()).arrayBuffer();
    expect(
      await reading.then(
        () => 'whole',
        () => 'broken',
      ),
    ).toBe('broken');
  });
});

describe('a stream', () => {
  test('is written piece by piece, text or bytes', async () => {
    const source = piecesOf('data: 1\n\n', new TextEncoder().encode('data: ü\n\n'), 'data: [DONE]\n\n');
    const response = respond(streamOf(source), false, ports());
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('data: 1\n\ndata: ü\n\ndata: [DONE]\n\n');
  });

  test.each([
    [false, 'text/event-stream; charset=utf-8'],
    [true, 'application/json'],
  ])('as an array: %p, says that it is %s and that nobody may hold it back', (asArray, type) => {
    const { headers } = respond(streamOf(piecesOf()), asArray, ports());
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('x-trivium-attempts')).toBe('1');
  });

  test('leaves no timer behind', async () => {
    const used = ports();
    await respond(streamOf(piecesOf('data: 1\n\n')), false, used).text();
    await used.clock.advance(1000);
    expect(used.clock.pending).toBe(0);
  });
});

describe('a silent stream', () => {
  /** What a client gets of pieces with long silences after each. */
  async function readSlowly(pieces: readonly string[], heartbeat: string): Promise<string> {
    const used = ports();
    const { source, give } = feed();
    const reading = respond(streamOf(source, heartbeat), false, used).text();
    await used.clock.advance(0);
    for (const piece of pieces) {
      give(piece);
      await used.clock.advance(0);
      await used.clock.advance(16_000);
    }
    give(undefined);
    return reading;
  }

  test('is kept open between its frames', async () => {
    expect(await readSlowly(['data: 1\n\n', 'data: 2\r\n\r\n'], ': hb\n\n')).toBe(
      'data: 1\n\n: hb\n\ndata: 2\r\n\r\n: hb\n\n',
    );
  });

  test('is not broken within a frame', async () => {
    expect(await readSlowly(['data: 1', '\n\n'], ': hb\n\n')).toBe('data: 1\n\n: hb\n\n');
  });

  test('stays silent where clients bear nothing', async () => {
    expect(await readSlowly(['data: 1\n\n'], '')).toBe('data: 1\n\n');
  });
});

describe('a client that leaves', () => {
  test('ends its source', async () => {
    const used = ports();
    const { source, give, isCanceled } = feed();
    const reader = respond(streamOf(source), false, used).body!.getReader();
    const reading = reader.read();
    await used.clock.advance(0);
    give('data: 1\n\n');
    await reading;
    await reader.cancel();
    give('data: 2\n\n');
    await used.clock.advance(0);
    expect(isCanceled()).toBe(true);
  });
});

describe('a refusal', () => {
  test.each([
    ['openai-chat', { error: { message: expect.stringContaining('slow down') } }],
    ['anthropic-messages', { type: 'error', error: { message: 'slow down' }, request_id: 'id1' }],
    ['gemini', { error: { message: 'slow down', status: 'RESOURCE_EXHAUSTED' } }],
  ] as const)('has the shape of %s', async (dialect, body) => {
    const response = respondError(new GatewayError('rate-limited', 'slow down', { retryAfterMs: 1 }), dialect, 'id1');
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject(body);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-trivium-request-id': 'id1',
      'x-trivium-verdict': 'rate-limited',
      'retry-after': '1',
    });
  });

  test('of a check is a response, and nothing when it refuses nothing', async () => {
    expect(respondRefusal(() => {})).toBeUndefined();
    const response = respondRefusal(() => {
      throw new GatewayError('client-forbidden', 'no');
    });
    expect(response!.status).toBe(403);
    expect(await response!.json()).toMatchObject({ error: { message: 'no' } });
  });
});
