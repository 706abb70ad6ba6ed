import { describe, expect, test } from 'bun:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type ErrorKind, toGatewayError } from '../../../src/base/gateway-error.ts';
import { readBody } from '../../../src/routes/read-body.ts';

const TEXT = '{"model":"m","messages":[]}';
const LIMIT = 10_000;

function request(body: BodyInit | undefined, headers: { [name: string]: string } = {}): Request {
  return new Request('http://localhost/v1/x', { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
}

/** A body that comes piece by piece, without a length. */
function pieces(...parts: (string | Error)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else if (part instanceof Error) controller.error(part);
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
}

const read = async (asked: Request, limit = LIMIT) => new TextDecoder().decode(await readBody(asked, limit));

async function faultOf(asked: Request, limit = LIMIT): Promise<{ kind: ErrorKind; message: string }> {
  const thrown = await readBody(asked, limit).then(
    () => undefined,
    (error) => error,
  );
  if (thrown === undefined) throw new Error('nothing was thrown');
  return toGatewayError(thrown);
}

describe('a body', () => {
  test('is read as it is', async () => {
    expect(await read(request(TEXT))).toBe(TEXT);
    expect(await read(request(TEXT, { 'content-length': String(TEXT.length) }))).toBe(TEXT);
    expect(await read(request(TEXT, { 'content-encoding': 'identity' }))).toBe(TEXT);
  });

  test('may come in pieces', async () => {
    expect(await read(request(pieces('{"model"', ':', '"m"}')))).toBe('{"model":"m"}');
  });

  test('may be absent', async () => {
    expect(await read(request(undefined))).toBe('');
  });

  test.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
    ['identity, gzip', gzipSync(TEXT)],
  ])('R42: may be encoded: %s', async (encoding, bytes) => {
    expect(await read(request(new Uint8Array(bytes), { 'content-encoding': encoding }))).toBe(TEXT);
  });
});

describe('a body is refused', () => {
  test('when it says that it is too long', async () => {
    const fault = await faultOf(request(TEXT, { 'content-length': '20000000' }), 1024 * 1024);
    expect(fault.kind).toBe('request-too-large');
    expect(fault.message).toContain('larger than 1 MB');
    expect(fault.message).toContain('max_body_mb');
  });

  test('when it turns out too long', async () => {
    expect((await faultOf(request('x'.repeat(LIMIT + 1)))).kind).toBe('request-too-large');
    expect(await read(request('x'.repeat(LIMIT)))).toHaveLength(LIMIT);
  });

  test('when it never ends, as soon as it is too long', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    expect((await faultOf(request(endless))).kind).toBe('request-too-large');
    expect(sent).toBeLessThan(LIMIT * 3);
  });

  test('when little grows to much', async () => {
    const bomb = gzipSync('0'.repeat(5_000_000));
    expect(bomb.length).toBeLessThan(LIMIT);
    expect((await faultOf(request(new Uint8Array(bomb), { 'content-encoding': 'gzip' }))).kind).toBe(
      'request-too-large',
    );
  });

  test.each(['compress', 'snappy', 'constructor'])('when its encoding is unknown: %s', async (encoding) => {
    const fault = await faultOf(request(TEXT, { 'content-encoding': encoding }));
    expect(fault.kind).toBe('unsupported-encoding');
    expect(fault.message).toContain(encoding);
  });

  test.each(['gzip', 'br', 'zstd', 'deflate'])('when it is not the %s that it says', async (encoding) => {
    const fault = await faultOf(request(TEXT, { 'content-encoding': encoding }));
    expect(fault.kind).toBe('invalid-request');
    expect(fault.message).toContain(encoding);
  });

  test('when it breaks off', async () => {
    const fault = await faultOf(request(pieces('{"model"', new Error('reset'))));
    expect(fault.kind).toBe('invalid-request');
    expect(fault.message).toContain('ended before it was complete');
  });
});
