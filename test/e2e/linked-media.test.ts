import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Gateway, startGateway } from '../support/executable.ts';

/** Links into the network that the gateway stands in, all of them to one server that would gladly answer. */
function linksInside(port: number): { readonly [name: string]: string } {
  return {
    'this machine': `http://127.0.0.1:${port}/a.png`,
    'its name': `http://localhost:${port}/a.png`,
    'its name with a dot at the end': `http://localhost.:${port}/a.png`,
    'its address as one number': `http://2130706433:${port}/a.png`,
    'its address in hexadecimal': `http://0x7f.1:${port}/a.png`,
    'its address over IPv6': `http://[::1]:${port}/a.png`,
    'its address mapped into IPv6': `http://[::ffff:127.0.0.1]:${port}/a.png`,
    'no address at all': `http://0.0.0.0:${port}/a.png`,
    "a cloud machine's own data": 'http://169.254.169.254/latest/meta-data/',
  };
}

describe("links that lead into the owner's network", () => {
  let gateway: Gateway;
  let asked: string[];
  let server: ReturnType<typeof Bun.serve>;

  beforeAll(async () => {
    asked = [];
    server = Bun.serve({
      port: 0,
      hostname: '::',
      fetch: (request) => {
        asked.push(new URL(request.url).pathname);
        return new Response(Buffer.from('89504e470d0a1a0a', 'hex'), { headers: { 'content-type': 'image/png' } });
      },
    });
    gateway = await startGateway();
    const baseUrl = `http://127.0.0.1:${server.port}`;
    await gateway.addAccount({
      name: 'g',
      provider: 'gemini',
      credential: { type: 'api_key', api_key: 'key-of-a-test' },
      base_url: baseUrl,
      models: ['gemini-2.5-flash'],
    });
    await gateway.addAccount({ name: 'o', provider: 'ollama', base_url: baseUrl, models: ['llava'] });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    server.stop(true);
  });

  const askChat = (model: string, url: string) =>
    gateway.api<{ error: { message: string; param: string } }>('/v1/chat/completions', {
      body: { model, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] },
    });

  for (const name of Object.keys(linksInside(0))) {
    for (const model of ['gemini-2.5-flash', 'llava']) {
      test(`${name}, for ${model}`, async () => {
        const { status, body } = await askChat(model, linksInside(server.port!)[name]!);
        expect(status).toBe(400);
        expect(body.error.param).toBe('messages[0].content[0].image_url.url');
        // not every system knows its own name with a dot
        expect(body.error.message).toMatch(/its address is not public|its name cannot be resolved/);
        // neither the link nor the upstream was asked
        expect(asked).toEqual([]);
      });
    }
  }

  test('are refused in the words of each dialect', async () => {
    const url = `http://127.0.0.1:${server.port}/a.png`;
    const claude = await gateway.api('/v1/messages', {
      body: {
        model: 'gemini-2.5-flash',
        max_tokens: 9,
        messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }],
      },
    });
    expect(claude.status).toBe(400);
    expect(claude.body).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    expect(JSON.stringify(claude.body)).toContain('messages[0].content[0].source.url');
    const responses = await gateway.api('/v1/responses', {
      body: {
        model: 'gemini-2.5-flash',
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
      },
    });
    expect(responses.status).toBe(400);
    expect(responses.body).toMatchObject({ error: { param: 'input[0].content[0].image_url' } });
    expect(asked).toEqual([]);
  });
});

test('links are left alone where the owner wants that', async () => {
  const sent: unknown[] = [];
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      sent.push(await request.json());
      return Response.json({ candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }] });
    },
  });
  await using gateway = await startGateway({ flags: { 'fetch-media': 'false' } });
  await gateway.addAccount({
    name: 'g',
    provider: 'gemini',
    credential: { type: 'api_key', api_key: 'key-of-a-test' },
    base_url: `http://127.0.0.1:${server.port}`,
    models: ['gemini-2.5-flash'],
  });
  const url = 'http://127.0.0.1:9/a.png';
  const { status, headers } = await gateway.api('/v1/chat/completions', {
    body: {
      model: 'gemini-2.5-flash',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    },
  });
  expect(status).toBe(200);
  expect(headers.get('x-trivium-warnings')).toContain('image_url');
  expect(sent).toMatchObject([{ contents: [{ parts: [{ fileData: { fileUri: url } }] }] }]);
  server.stop(true);
});
