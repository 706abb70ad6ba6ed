import { describe, expect, test } from 'bun:test';
import { createRelay } from '../../../src/relay/relay.ts';
import { feedStream } from '../../support/feed-stream.ts';
import {
  aCall,
  answers,
  begin,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeBody,
  claudeFrames,
  readAnswer,
  readNext,
  setUpRelay,
  streams,
} from '../../support/relay-set-up.ts';

const CLAUDE = { accounts: [claudeAccount('c'), claudeAccount('d')] };
const CHAT_STREAM = [
  chatFrames.role,
  chatFrames.text('hel'),
  chatFrames.text('lo'),
  chatFrames.finish,
  chatFrames.done,
];
const CLAUDE_STREAM = [
  claudeFrames.start,
  claudeFrames.open,
  claudeFrames.text('hel'),
  claudeFrames.text('lo'),
  claudeFrames.close,
  claudeFrames.finish,
  claudeFrames.stop,
];

const streamed = (more: object = {}) => aCall('openai-chat', chatBody({ stream: true, ...more }));
const translated = () => streamed({ model: 'claude-sonnet-4-5' });

describe('a stream within one dialect', () => {
  test('passes byte by byte', async () => {
    const { text, records, state, inFlight } = await carry(streamed(), [streams(...CHAT_STREAM)]);
    expect(text).toBe(CHAT_STREAM.join(''));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      status: 200,
      streamed: true,
      finish: 'stop',
      attempts: [{ account: 'a' }],
      firstContentMs: 0,
    });
    expect(state('a').lastError).toBeUndefined();
    expect(inFlight()).toBe(0);
  });
});

describe('a stream between two dialects', () => {
  test('is written in the client’s own', async () => {
    const { text, answer, records } = await carry(translated(), [streams(...CLAUDE_STREAM)], CLAUDE);
    expect(answer.type).toBe('stream');
    expect(text).toContain('"content":"hel"');
    expect(text).toContain('"content":"lo"');
    expect(text).toEndWith('data: [DONE]\n\n');
    expect(records[0]).toMatchObject({ status: 200, usage: { input: 3, output: 2 } });
  });
});

describe('before the first content', () => {
  test.each([
    ['an error', [claudeFrames.start, claudeFrames.error]],
    ['an end without an answer', [claudeFrames.start]],
    ['no event at all', []],
  ])('%s leads to another account, and the client sees nothing of it', async (_what, frames) => {
    for (const call of [translated(), aCall('anthropic-messages', claudeBody({ stream: true }))]) {
      const { text, headers, records } = await carry(call, [streams(...frames), streams(...CLAUDE_STREAM)], CLAUDE);
      expect(headers['x-trivium-account']).toBe('d');
      expect(text).not.toContain('error');
      expect(text.match(/hel/g)).toHaveLength(1);
      expect(records).toHaveLength(1);
      expect(records[0]!.attempts).toHaveLength(2);
    }
  });

  test('a broken connection leads to another account', async () => {
    const broken = feedStream();
    broken.send(chatFrames.role);
    broken.break();
    const { text, records } = await carry(streamed(), [broken.step, streams(...CHAT_STREAM)]);
    expect(text).toBe(CHAT_STREAM.join(''));
    expect(records[0]!.attempts[0]!.kind).toBe('upstream-unreachable');
  });

  test('silence leads to another account when its time is up', async () => {
    const silent = feedStream();
    const setUp = setUpRelay([silent.step, streams(...CHAT_STREAM)], { limits: { idleMs: 5000 } });
    silent.send(chatFrames.role);
    const answering = createRelay(setUp.ports).carry(streamed());
    await setUp.clock.advance(0);
    await setUp.clock.advance(6000);
    const text = await readAnswer(await answering);
    expect(text).toBe(CHAT_STREAM.join(''));
    expect(silent.left).toBe(true);
    expect(setUp.records[0]!.attempts[0]!.kind).toBe('upstream-timeout');
  });

  test('a client that goes ends the upstream’s request, without a strike', async () => {
    const client = new AbortController();
    const upstream = feedStream();
    const setUp = setUpRelay([upstream.step]);
    const answering = createRelay(setUp.ports).carry(
      aCall('openai-chat', chatBody({ stream: true }), { signal: client.signal }),
    );
    await setUp.clock.advance(0);
    client.abort();
    await answering;
    expect(upstream.left).toBe(true);
    expect(setUp.records[0]).toMatchObject({ status: 499 });
    expect(setUp.state('a').strikes).toBe(0);
    expect(setUp.inFlight()).toBe(0);
  });
});

describe('after the first content', () => {
  const content = chatFrames.role + chatFrames.text('hel');

  test('an error of the upstream reaches the client, and no other account is tried', async () => {
    const { text, sent, records } = await carry(
      translated(),
      [streams(claudeFrames.start, claudeFrames.open, claudeFrames.text('hel'), claudeFrames.error)],
      CLAUDE,
    );
    expect(text).toContain('"content":"hel"');
    expect(text).toContain('"error"');
    expect(text).not.toContain('[DONE]');
    expect(sent).toHaveLength(1);
    expect(records).toHaveLength(1);
    expect(records[0]!.verdict).toBe('upstream-overloaded');
    expect(records[0]!.attempts[0]).toMatchObject({ kind: 'overloaded', next: 'stop' });
  });

  test('a broken connection is told in the stream', async () => {
    const { upstream, answer, records, state, inFlight } = await begin(streamed(), content);
    upstream.break();
    const text = await readAnswer(answer);
    expect(text).toStartWith(content);
    expect(text.slice(content.length)).toContain('"error"');
    expect(records[0]!.attempts[0]!.kind).toBe('upstream-unreachable');
    expect(state('a').lastError).toMatchObject({ kind: 'upstream-unreachable' });
    expect(inFlight()).toBe(0);
  });

  test('an end without a finish is told as an error, since half an answer is none', async () => {
    for (const call of [streamed()]) {
      const { upstream, answer, records } = await begin(call, content);
      upstream.end();
      expect((await readAnswer(answer)).slice(content.length)).toContain('"error"');
      expect(records[0]!.attempts[0]!.kind).toBe('upstream-malformed');
    }
  });

  test('silence beyond the idle limit ends it, and a read before that begins the limit anew', async () => {
    const { upstream, source, clock, records } = await begin(streamed(), content, { limits: { idleMs: 5000 } });
    expect(await readNext(source)).toBe(content);
    for (const word of ['l', 'o']) {
      const reading = readNext(source);
      await clock.advance(4000);
      upstream.send(chatFrames.text(word));
      expect(await reading).toBe(chatFrames.text(word));
    }
    const reading = readNext(source);
    await clock.advance(6000);
    expect(await reading).toContain('silent for 5 seconds');
    expect(await readNext(source)).toBeUndefined();
    expect(upstream.left).toBe(true);
    expect(records[0]!.attempts[0]!.kind).toBe('upstream-timeout');
  });

  test('a client that goes ends the upstream’s request, without a strike', async () => {
    const { upstream, source, records, state, inFlight } = await begin(streamed(), content);
    await source.next();
    source.cancel();
    expect(upstream.left).toBe(true);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: 499, attempts: [{ kind: 'canceled' }] });
    expect(state('a').strikes).toBe(0);
    expect(inFlight()).toBe(0);
  });

  test('a client that goes when all was said leaves no trace', async () => {
    const { answer, source, upstream, records } = await begin(streamed(), CHAT_STREAM.join(''));
    upstream.end();
    await readAnswer(answer);
    source.cancel();
    expect(records).toHaveLength(1);
    expect(records[0]!.status).toBe(200);
  });

  test('the last event ends a translated answer, whatever the upstream still does', async () => {
    const { answer, records, inFlight } = await begin(translated(), CLAUDE_STREAM.join(''), CLAUDE);
    expect(await readAnswer(answer)).toEndWith('data: [DONE]\n\n');
    expect(records[0]!.status).toBe(200);
    expect(inFlight()).toBe(0);
  });

  test('the account is in use until the answer has ended', async () => {
    const { upstream, answer, inFlight } = await begin(streamed(), content);
    expect(inFlight()).toBe(1);
    upstream.send(chatFrames.finish + chatFrames.done);
    upstream.end();
    await readAnswer(answer);
    expect(inFlight()).toBe(0);
  });
});

describe('a provider’s own codes', () => {
  test('z.ai tells its limits inside answers that say they are fine', async () => {
    const accounts = ['a', 'b'].map((id) => chatAccount(id, { provider: 'zai', baseUrl: `http://${id}.test/api` }));
    const limit = answers({ error: { code: '1302', message: 'Rate limit reached for requests' } });
    const call = aCall('openai-responses', { model: 'gpt-4o', input: 'hi' });
    const { status, records, state } = await carry(call, [limit, answers(chatAnswer())], { accounts });
    expect(status).toBe(200);
    expect(records[0]!.attempts.map(({ account, kind }) => [account, kind])).toEqual([
      ['a', 'rate-limited'],
      ['b', undefined],
    ]);
    expect(state('a').lastError).toMatchObject({ kind: 'rate-limited' });
  });

  describe('a call that a model at Groq wrote badly', () => {
    const accounts = [chatAccount('a', { baseUrl: 'https://api.groq.com/openai/v1' })];
    const body = {
      error: {
        message: 'Failed to call a function.',
        type: 'invalid_request_error',
        code: 'tool_use_failed',
        failed_generation: '<f',
      },
    };
    const failed = answers(body, { status: 400 });

    test('is asked for once more', async () => {
      const { status, sent, state } = await carry(aCall('openai-chat', chatBody()), [failed, answers(chatAnswer())], {
        accounts,
      });
      expect([status, sent.length]).toEqual([200, 2]);
      expect(state('a').lastError).toBeUndefined();
    });

    test('and then told as Groq told it', async () => {
      const { status, sent, text } = await carry(aCall('openai-chat', chatBody()), [failed, failed], { accounts });
      expect([status, sent.length]).toEqual([400, 2]);
      expect(JSON.parse(text)).toEqual(body);
    });
  });
});
