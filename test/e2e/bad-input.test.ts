import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { JsonObject } from '../../src/base/json.ts';
import { accountAt, SERVICES, type UpstreamDialect } from '../support/accounts-at.ts';
import { type ClientEndpoint, ENDPOINTS, endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { mutate, repeatTools, richBody } from '../support/rich-requests.ts';

/** What answers a client: an upstream of another dialect, so that the request must be understood to be sent on. */
const upstreamOf = ({ dialect }: ClientEndpoint): UpstreamDialect =>
  dialect === 'anthropic-messages' ? 'openai-chat' : 'anthropic-messages';

const TEXT = new TextEncoder();
const deepArray = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const deepObject = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('bad input', () => {
  const upstreams = new Map<UpstreamDialect, FakeUpstream>();
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({ flags: { 'patience-s': '0' } });
    for (const dialect of ['openai-chat', 'anthropic-messages'] as const) {
      const upstream = await startFakeUpstream();
      upstreams.set(dialect, upstream);
      await gateway.addAccount(accountAt(upstream, dialect, { name: dialect, models: [SERVICES[dialect].model] }));
    }
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    for (const upstream of upstreams.values()) await upstream.stop();
  });

  for (const endpoint of ENDPOINTS) {
    const { dialect, turns } = endpoint;
    const { model } = SERVICES[upstreamOf(endpoint)];

    const send = (body: BodyInit, headers: { [name: string]: string } = {}) =>
      fetch(gateway.url + endpoint.path(model), {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });

    const expectRefusal = async (response: Response, status: number, words: RegExp = /\S/) => {
      const body: unknown = await response.json();
      expect({ status: response.status, body }).toMatchObject({ status });
      expect(endpoint.readError(body)).toMatch(words);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(response.headers.get('x-trivium-verdict')).toBe('client-error');
      expect(response.headers.get('x-trivium-request-id')).toMatch(/^\S{8,}$/);
    };

    /** After everything that was refused, the same client is served. */
    const expectService = async () => {
      const response = await send(JSON.stringify(endpoint.body(model, 'Hello')));
      expect(await response.text()).toContain('Hello from the fake upstream.');
      expect(response.status).toBe(200);
    };

    describe(dialect, () => {
      test('what is not JSON, or no object, is refused', async () => {
        const bodies = ['', 'hello', '{', '{"model":', '[]', 'null', '"x"', '5', '{"a":1}{"a":2}', '{"a":NaN}', '<a/>'];
        for (const body of bodies) await expectRefusal(await send(body), 400, /JSON/);
        await expectService();
      });

      test('text that is not UTF-8 is refused', async () => {
        const [before, after] = JSON.stringify(endpoint.body(model, 'X')).split('X') as [string, string];
        const broken = Buffer.concat([TEXT.encode(before), Buffer.from([0xc3, 0x28, 0xff]), TEXT.encode(after)]);
        await expectRefusal(await send(broken), 400, /UTF-8/);
        await expectService();
      });

      test('an unknown model is refused, with the names that come nearest', async () => {
        const unknown = `${model}-x`;
        const response = await fetch(gateway.url + endpoint.path(unknown), {
          method: 'POST',
          body: JSON.stringify(endpoint.body(unknown, 'Hello')),
        });
        await expectRefusal(response, 404, new RegExp(`${unknown}.*${model}`, 's'));
      });

      test('an empty conversation, or none, is refused', async () => {
        const good = endpoint.body(model, 'Hello');
        await expectRefusal(await send(JSON.stringify({ ...good, [turns]: [] })), 400, new RegExp(turns));
        const { [turns]: _, ...without } = good;
        await expectRefusal(await send(JSON.stringify(without)), 400, new RegExp(turns));
        await expectService();
      });

      test('a conversation of the wrong type is refused by name', async () => {
        for (const wrong of [5, true, {}, [5]]) {
          if (turns === 'prompt' && Array.isArray(wrong)) continue;
          const body = { ...endpoint.body(model, 'Hello'), [turns]: wrong } as JsonObject;
          await expectRefusal(await send(JSON.stringify(body)), 400, new RegExp(turns));
        }
        await expectService();
      });

      test('a model of the wrong type, or none, is refused by name', async () => {
        // in Gemini the path names it
        if (dialect === 'gemini') return;
        for (const wrong of [undefined, null, 5, '', [], {}]) {
          const body = JSON.stringify({ ...endpoint.body(model, 'Hello'), model: wrong });
          await expectRefusal(await send(body), 400, /model/);
        }
        await expectService();
      });

      test('whatever stands where, the answer is an answer or a clear refusal', async () => {
        const upstream = upstreams.get(upstreamOf(endpoint))!;
        const statuses = new Set<number>();
        for (const body of mutate(richBody(endpoint, model))) {
          const asked = upstream.generations.length;
          const response = await send(JSON.stringify(body));
          statuses.add(response.status);
          if (response.status !== 200) endpoint.readError(await response.json());
          else {
            await response.text();
            // what is not understood must not become something else
            expect(upstream.generations.length).toBe(asked + 1);
          }
        }
        expect([...statuses].sort()).toEqual(dialect === 'gemini' ? [200, 400] : [200, 400, 404]);
        await expectService();
      });

      test('100,000 levels are refused, wherever they stand', async () => {
        for (const deep of [deepArray(100_000), deepObject(100_000)]) {
          const good = JSON.stringify(endpoint.body(model, 'DEEP'));
          for (const body of [deep, good.replace('"DEEP"', deep), good.replace('{', `{"metadata":${deep},`)]) {
            await expectRefusal(await send(body), 400);
          }
        }
        await expectService();
      });

      test('10,000 tools are served or refused, not broken by', async () => {
        const { tools } = richBody(endpoint, model);
        if (tools === undefined) return;
        const response = await send(
          JSON.stringify({ ...endpoint.body(model, 'Hello'), tools: repeatTools(tools, 10_000) }),
        );
        expect([200, 400]).toContain(response.status);
        if (response.status === 400) endpoint.readError(await response.json());
        await expectService();
      });

      test('a body is read in each encoding that HTTP knows', async () => {
        const bytes = TEXT.encode(JSON.stringify(endpoint.body(model, 'Hello')));
        const encoded: readonly (readonly [string, Uint8Array])[] = [
          ['identity', bytes],
          ['gzip', gzipSync(bytes)],
          ['x-gzip', gzipSync(bytes)],
          ['GZIP', gzipSync(bytes)],
          ['br', brotliCompressSync(bytes)],
          ['zstd', zstdCompressSync(bytes)],
          ['deflate', deflateSync(bytes)],
          ['deflate', deflateRawSync(bytes)],
          ['gzip, br', brotliCompressSync(gzipSync(bytes))],
        ];
        for (const [encoding, body] of encoded) {
          const response = await send(body as BodyInit, { 'content-encoding': encoding });
          expect({ encoding, status: response.status }).toEqual({ encoding, status: 200 });
          expect(await response.text()).toContain('Hello from the fake upstream.');
        }
      });

      test('an encoding that is unknown, or not what is said, is refused', async () => {
        const bytes = TEXT.encode(JSON.stringify(endpoint.body(model, 'Hello')));
        await expectRefusal(await send(bytes, { 'content-encoding': 'lzma' }), 415, /lzma.*gzip/);
        for (const encoding of ['gzip', 'br', 'zstd', 'deflate']) {
          await expectRefusal(await send(bytes, { 'content-encoding': encoding }), 400, new RegExp(encoding));
        }
        await expectRefusal(await send(gzipSync(bytes).subarray(0, -9), { 'content-encoding': 'gzip' }), 400, /gzip/);
        await expectService();
      });

      test('another method is refused with the one that is allowed', async () => {
        for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
          const response = await fetch(gateway.url + endpoint.path(model), { method });
          expect(response.headers.get('allow')).toBe('POST');
          await expectRefusal(response, 405, /POST/);
        }
        const head = await fetch(gateway.url + endpoint.path(model), { method: 'HEAD' });
        expect(head.status).toBe(405);
      });
    });
  }

  test('an unknown path is answered with the nearest endpoint and the right base URL', async () => {
    const anthropic = { 'anthropic-version': '2023-06-01' };
    const google = { 'x-goog-api-key': 'k' };
    const cases = [
      ['/v1/chat/complete', {}, 'openai-chat', /\/v1\/chat\/completions/],
      ['/v1/embedding', {}, 'openai-chat', /base URL of an OpenAI client is \S+\/v1\./],
      [
        '/v1/messages/batch',
        anthropic,
        'anthropic-messages',
        /base URL of an Anthropic client is \S+\d\. .*\/v1\/messages/,
      ],
      ['/v1beta/file', google, 'gemini', /base URL of a Gemini client is \S+\d\./],
      ['/v1beta/files', google, 'gemini', /Files are not served here/],
    ] as const;
    for (const [path, headers, dialect, words] of cases) {
      const response = await fetch(gateway.url + path, { method: 'POST', body: '{}', headers });
      expect({ path, status: response.status }).toEqual({ path, status: 404 });
      expect(endpointOf(dialect).readError(await response.json())).toMatch(words);
    }
  });
});
