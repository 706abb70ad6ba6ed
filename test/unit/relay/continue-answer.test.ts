import { describe, expect, test } from 'bun:test';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  claudeAccount,
  claudeAnswer,
  claudeBody,
  claudeFrames,
  refuses,
  type SendStep,
  streams,
} from '../../support/relay-set-up.ts';

const CLAUDE = { accounts: [claudeAccount('c'), claudeAccount('d')] };
const SEARCH = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'tides' } };
const ASKED = { model: 'claude-sonnet-4-5', input: 'When is high tide?', tools: [{ type: 'web_search' }] };
const TEXT = { type: 'text', text: 'Looking. ' };

const paused = (...content: object[]) => ({ ...claudeAnswer(), content, stop_reason: 'pause_turn' });
const asked = (stream: boolean) => aCall('openai-responses', { ...ASKED, stream });

const pausedFrames = [
  claudeFrames.start,
  claudeFrames.open,
  claudeFrames.text('Looking. '),
  claudeFrames.close,
  frame('content_block_start', { index: 1, content_block: { ...SEARCH, input: {} } }),
  frame('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: '{"query":"tides"}' } }),
  frame('content_block_stop', { index: 1 }),
  frame('message_delta', { delta: { stop_reason: 'pause_turn' }, usage: { output_tokens: 2 } }),
  claudeFrames.stop,
];
const restFrames = [
  claudeFrames.start,
  claudeFrames.open,
  claudeFrames.text('At noon.'),
  claudeFrames.close,
  claudeFrames.finish,
  claudeFrames.stop,
];

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function eventsOf(text: string): { type: string; response?: { output: { type: string }[]; usage: object } }[] {
  return text.split('\n\n').flatMap((one) => (one.includes('data: ') ? [JSON.parse(one.split('data: ')[1]!)] : []));
}

describe('an answer that its upstream paused', () => {
  test('goes on in one answer, its turn sent back as it is', async () => {
    const { text, sent, records, status } = await carry(
      asked(false),
      [answers(paused(TEXT, SEARCH)), answers(claudeAnswer('At noon.'))],
      CLAUDE,
    );
    expect(status).toBe(200);
    const { output, usage } = JSON.parse(text);
    expect(output.map((item: { type: string }) => item.type)).toEqual(['message', 'web_search_call', 'message']);
    expect(usage).toMatchObject({ input_tokens: 6, output_tokens: 4 });
    expect(JSON.parse(bodyOf(sent[1])).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'When is high tide?' }] },
      { role: 'assistant', content: [TEXT, SEARCH] },
    ]);
    expect(sent.map((request) => new URL(request.url).host)).toEqual(['c.test', 'c.test']);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ usage: { input: 6, output: 4 }, finish: 'end_turn', account: 'c' });
  });

  test('goes on in one stream', async () => {
    const { text, sent, records, inFlight } = await carry(
      asked(true),
      [streams(...pausedFrames), streams(...restFrames)],
      CLAUDE,
    );
    const events = eventsOf(text);
    expect(events.filter(({ type }) => type === 'response.created')).toHaveLength(1);
    const last = events.at(-1)!;
    expect(last.type).toBe('response.completed');
    expect(last.response?.output.map((item) => item.type)).toEqual(['message', 'web_search_call', 'message']);
    expect(last.response?.usage).toMatchObject({ input_tokens: 6, output_tokens: 4 });
    expect(JSON.parse(bodyOf(sent[1])).messages.at(-1)).toEqual({ role: 'assistant', content: [TEXT, SEARCH] });
    expect(records[0]).toMatchObject({ status: 200, usage: { input: 6, output: 4 } });
    expect(inFlight()).toBe(0);
  });

  test('is taken up five times and no more, each turn behind the one before', async () => {
    const steps: SendStep[] = Array.from({ length: 6 }, (_, at) => answers(paused({ type: 'text', text: `${at}` })));
    const { text, sent } = await carry(asked(false), steps, CLAUDE);
    expect(sent).toHaveLength(6);
    const said = JSON.parse(bodyOf(sent[5]))
      .messages.at(-1)
      .content.map((block: { text: string }) => block.text);
    expect(said).toEqual(['0', '1', '2', '3', '4']);
    expect(JSON.parse(text)).toMatchObject({ status: 'completed', output: [{ content: [{ text: '012345' }] }] });
  });

  test('is taken up five times in a stream as well', async () => {
    const steps = Array.from({ length: 6 }, () => streams(...pausedFrames));
    const { text, sent } = await carry(asked(true), steps, CLAUDE);
    expect(sent).toHaveLength(6);
    expect(eventsOf(text).at(-1)?.type).toBe('response.completed');
    expect(eventsOf(text).at(-1)?.response?.usage).toMatchObject({ input_tokens: 18, output_tokens: 12 });
  });

  test('ends in an error when the rest is refused', async () => {
    const { text, records } = await carry(asked(true), [streams(...pausedFrames), refuses(529, 'busy')], CLAUDE);
    expect(eventsOf(text).at(-1)?.type).toBe('response.failed');
    expect(records[0]).toMatchObject({ verdict: 'upstream-overloaded', error: expect.stringContaining('busy') });
  });

  test('is left to a client that knows how to go on', async () => {
    const call = aCall(
      'anthropic-messages',
      claudeBody({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
    );
    const { text, sent } = await carry(call, [answers(paused(TEXT, SEARCH))], CLAUDE);
    expect(sent).toHaveLength(1);
    expect(JSON.parse(text).stop_reason).toBe('pause_turn');
  });

  test('of Gemini goes on by its token', async () => {
    const { accounts } = { accounts: [claudeAccount('g', { provider: 'gemini', models: ['gemini-3-pro'] })] };
    const candidate = (text: string, more: object) => ({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 6 },
    });
    const call = aCall('openai-responses', { ...ASKED, model: 'gemini-3-pro' });
    const { text, sent } = await carry(
      call,
      [
        answers(candidate('At ', { finishReason: 'CONTINUATION', continuationToken: 'token' })),
        answers(candidate('noon.', { finishReason: 'STOP' })),
      ],
      { accounts },
    );
    expect(JSON.parse(bodyOf(sent[1]))).toEqual({ ...JSON.parse(bodyOf(sent[0])), continuationToken: 'token' });
    expect(JSON.parse(text)).toMatchObject({
      output: [{ content: [{ text: 'At noon.' }] }],
      usage: { input_tokens: 10, output_tokens: 2 },
    });
  });
});

describe('an answer that nothing can be made of', () => {
  const gemini = (id: string) => claudeAccount(id, { provider: 'gemini', models: ['gemini-2.5-flash'] });
  const malformed = answers({ candidates: [{ content: {}, finishReason: 'MALFORMED_FUNCTION_CALL', index: 0 }] });
  const good = answers({ candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP', index: 0 }] });
  const call = () => aCall('openai-responses', { model: 'gemini-2.5-flash', input: 'hi' });

  test('S14: is asked for once more, of the same account, which is not to blame', async () => {
    const { text, sent, state } = await carry(call(), [malformed, good], { accounts: [gemini('g'), gemini('h')] });
    expect(JSON.parse(text)).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'hi' }] }] });
    expect(sent.map((request) => new URL(request.url).host)).toEqual(['g.test', 'g.test']);
    expect(state('g').lastError).toBeUndefined();
  });

  test('S14: is an error the second time', async () => {
    const { text, sent, status } = await carry(call(), [malformed, malformed], {
      accounts: [gemini('g'), gemini('h')],
    });
    expect(status).toBe(502);
    expect(JSON.parse(text).error).toMatchObject({ type: 'server_error', code: 'upstream_malformed' });
    expect(sent).toHaveLength(2);
  });
});

test('a prompt that Gemini blocks is told to Codex at once, in one request', async () => {
  const frames = [`data: ${JSON.stringify({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })}\n\n`];
  const accounts = [claudeAccount('g', { provider: 'gemini', models: ['gemini-2.5-flash'] })];
  const call = aCall('openai-responses', { model: 'gemini-2.5-flash', input: 'hi', stream: true }, { client: 'codex' });
  const { text, sent } = await carry(call, [streams(...frames)], { accounts });
  expect(sent).toHaveLength(1);
  expect(eventsOf(text).at(-1)).toMatchObject({
    type: 'response.failed',
    response: { error: { code: 'invalid_prompt', message: 'The prompt was blocked: PROHIBITED_CONTENT.' } },
  } as never);
});
