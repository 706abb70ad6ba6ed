import { describe, expect, test } from 'bun:test';
import type OpenAI from 'openai';
import { type FakeUpstreamOptions, startFakeUpstream } from '../fake-upstream.ts';
import { CHAT_BODY, CLAUDE_BODY, post } from './post.ts';
import {
  cutStream,
  delayed,
  diesBeforeContent,
  dropBeforeHeaders,
  flood,
  hangBeforeHeaders,
  htmlPage,
  outOfQuota,
  rateLimited,
  slowDrip,
  status,
  text,
  wrongContentType,
} from './scenario.ts';

const start = (...script: NonNullable<FakeUpstreamOptions['script']>) => startFakeUpstream({ script });

describe('faults', () => {
  test.each<[string, object, string]>([
    ['/v1/chat/completions', CHAT_BODY, '"code": "rate_limit_exceeded"'],
    ['/v1/messages', CLAUDE_BODY, '"type":"rate_limit_error"'],
    ['/v1beta/models/gemini-3-pro:generateContent', { contents: [{ parts: [{ text: 'x' }] }] }, '"retryDelay": "7s"'],
  ])('%s tells a limit and its end in its own way', async (path, body, mark) => {
    await using upstream = await start(rateLimited(7));
    const response = await post(upstream, path, body);
    expect(response.status).toBe(429);
    expect(await response.text()).toContain(mark);
    if (!path.includes('gemini')) expect(response.headers.get('retry-after')).toBe('7');
  });

  test('statuses, an exhausted account, a page for people', async () => {
    await using upstream = await start(status(529), outOfQuota(), htmlPage());
    expect(await (await post(upstream, '/v1/messages', CLAUDE_BODY)).text()).toContain('overloaded_error');
    expect(await (await post(upstream, '/v1/chat/completions', CHAT_BODY)).text()).toContain('insufficient_quota');
    const page = await post(upstream, '/v1/chat/completions', CHAT_BODY);
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
  });

  test('the connection goes before the headers', async () => {
    await using upstream = await start(dropBeforeHeaders, text('again'));
    await expect(post(upstream, '/v1/chat/completions', CHAT_BODY)).rejects.toThrow();
    expect(await upstream.requests[0]?.ended).toBe('cut');
    expect((await post(upstream, '/v1/chat/completions', CHAT_BODY)).status).toBe(200);
  });

  const stream = { ...CHAT_BODY, stream: true };

  test('a silent upstream sees its client leave', async () => {
    await using upstream = await start(hangBeforeHeaders);
    const client = new AbortController();
    const asked = fetch(`${upstream.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(CLAUDE_BODY),
      signal: client.signal,
    }).catch(() => 'left');
    const request = await upstream.arrived();
    client.abort();
    expect(await asked).toBe('left');
    expect(await request.ended).toBe('aborted');
    expect(request.aborted).toBe(true);
    expect(request.abortedAfterMs).toBeGreaterThanOrEqual(0);
  });

  test('a stream breaks off after so much of its content', async () => {
    const taken = Promise.withResolvers<void>();
    const words = text('one two three four', { chunks: 4 });
    await using upstream = await start(cutStream(2, 'drop', words, taken.promise));
    const response = await post(upstream, '/v1/chat/completions', stream);
    let seen = '';
    const contents = () => seen.match(/"content":"[^"]+"/g)?.length;
    const reading = (async () => {
      for await (const bytes of response.body!) {
        seen += new TextDecoder().decode(bytes);
        if (contents() === 2) taken.resolve();
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(contents()).toBe(2);
    expect(seen).not.toContain('[DONE]');
  });

  test('a stream dies before its content, ends early, or tells an error', async () => {
    await using upstream = await start(diesBeforeContent('close'), cutStream(1, 'close'), cutStream(1, 'error'));
    const ask = async (path: string, body: object) => (await post(upstream, path, { ...body, stream: true })).text();
    const opened = await ask('/v1/messages', CLAUDE_BODY);
    expect(opened).toContain('message_start');
    expect(opened).not.toContain('text_delta');
    expect((await ask('/v1/messages', CLAUDE_BODY)).match(/text_delta/g)?.length).toBe(1);
    expect(await ask('/v1/messages', CLAUDE_BODY)).toMatch(/event: error\ndata: .*overloaded_error.*\n\n$/);
  });

  test('bytes come few at a time, cut anywhere', async () => {
    await using upstream = await start(slowDrip(7));
    const response = await post(upstream, '/v1/chat/completions', stream);
    expect(await response.text()).toContain('😀');
  });

  test('a body under another type', async () => {
    await using upstream = await start(wrongContentType('text/plain'));
    expect((await post(upstream, '/v1/chat/completions', stream)).headers.get('content-type')).toBe('text/plain');
  });

  test('a flood waits for a client that does not read', async () => {
    await using upstream = await start(flood(64 * 1024 * 1024));
    const client = new AbortController();
    const response = await fetch(`${upstream.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify(stream),
      signal: client.signal,
    });
    await response.body!.getReader().read();
    expect(upstream.requests[0]!.sentBytes).toBeLessThan(32 * 1024 * 1024);
    client.abort();
    expect(await upstream.requests[0]!.ended).toBe('aborted');
  });

  test('a step may depend on the request, and the last one is repeated', async () => {
    await using upstream = await start((request) => text(`asked ${request.model}`), delayed(1, text('last')));
    const ask = async () =>
      ((await (await post(upstream, '/v1/chat/completions', CHAT_BODY)).json()) as OpenAI.ChatCompletion).choices[0]
        ?.message.content;
    expect([await ask(), await ask(), await ask()]).toEqual(['asked gpt-4o', 'last', 'last']);
    upstream.play(text('new'));
    expect(await ask()).toBe('new');
  });
});
