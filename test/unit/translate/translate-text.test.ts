import { describe, expect, test } from 'bun:test';
import { type GatewayError, toGatewayError } from '../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { DIALECT_IDS } from '../../../src/translate/dialect-id.ts';
import { refuseLosses, type TranslationJob, translateText } from '../../../src/translate/translate-text.ts';

const NOW = Date.UTC(2026, 0, 2);

const translate = (job: Partial<TranslationJob>) =>
  translateText({ kind: 'request', from: 'openai-chat', to: 'anthropic-messages', body: '{}', ...job }, NOW);
const outputOf = (job: Partial<TranslationJob>): JsonObject => JSON.parse(translate(job).output);

function faultOf(job: Partial<TranslationJob>): GatewayError {
  try {
    translate(job);
  } catch (thrown) {
    return toGatewayError(thrown);
  }
  throw new Error('nothing was thrown');
}

const CHAT_REQUEST = JSON.stringify({
  model: 'm',
  messages: [{ role: 'user', content: 'hi' }],
  max_tokens: 9,
  logit_bias: { '1': 2 },
});

describe('a request', () => {
  test('is written in the other dialect, and says what it lost', () => {
    const { output, losses } = translate({ body: CHAT_REQUEST });
    expect(JSON.parse(output)).toMatchObject({
      model: 'm',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    });
    expect(losses.map((loss) => loss.field)).toContain('logit_bias');
  });

  test('names the model that the job names', () => {
    expect(outputOf({ body: CHAT_REQUEST, model: 'other' }).model).toBe('other');
  });

  test('of Gemini streams only when the job says so', () => {
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] });
    const job = { from: 'gemini', to: 'openai-chat', body, model: 'm' } as const;
    expect(outputOf(job).stream).toBeUndefined();
    expect(outputOf({ ...job, stream: true }).stream).toBe(true);
  });

  test('cannot go to a dialect that no upstream speaks', () => {
    const fault = faultOf({ body: CHAT_REQUEST, to: 'openai-completions' });
    expect(fault.kind).toBe('invalid-request');
    expect(fault.message).toContain('openai-completions has no upstream half');
  });

  test.each(['', '[]', '{"messages":'])('that is not a JSON object is refused: %p', (body) => {
    expect(faultOf({ body }).kind).toBe('invalid-request');
  });

  test('that is wrong is refused by its field', () => {
    expect(faultOf({ body: '{"model":"m","messages":7}' }).detail.param).toBe('messages');
  });
});

const CHAT_ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'up-model',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

describe('an answer', () => {
  test('is written in the client’s dialect', () => {
    expect(outputOf({ kind: 'response', body: CHAT_ANSWER })).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'hello' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 2 },
    });
  });

  test('is the same whenever it is translated', () => {
    expect(translate({ kind: 'response', body: CHAT_ANSWER }).output).toBe(
      translate({ kind: 'response', body: CHAT_ANSWER }).output,
    );
  });

  test('names the model of the job, else of the request, else its own', () => {
    const job = { kind: 'response', body: CHAT_ANSWER } as const;
    const request = JSON.stringify({ model: 'asked', max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] });
    expect(outputOf(job).model).toBe('up-model');
    expect(outputOf({ ...job, request }).model).toBe('asked');
    expect(outputOf({ ...job, request, model: 'named' }).model).toBe('named');
  });

  test('cannot come from a dialect that no upstream speaks', () => {
    expect(faultOf({ kind: 'response', from: 'openai-completions' }).message).toContain('no upstream half');
  });
});

const chunk = (choice: JsonObject) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`;

const CHAT_STREAM = [
  chunk({ delta: { content: 'hel' } }),
  chunk({ delta: { content: 'lo' } }),
  chunk({ delta: {}, finish_reason: 'stop' }),
  'data: [DONE]\n\n',
].join('');

describe('a stream', () => {
  test('is written in the events of the client’s dialect', () => {
    const { output } = translate({ kind: 'stream', body: CHAT_STREAM });
    const events = [...output.matchAll(/^event: (.+)$/gm)].map((match) => match[1]!);
    expect(events[0]).toBe('message_start');
    expect(events.at(-1)).toBe('message_stop');
    expect(output).toContain('"text":"hel"');
    expect(output).toContain('"text":"lo"');
  });

  test('of Gemini may be a JSON array', () => {
    const element = { candidates: [{ content: { role: 'model', parts: [{ text: 'hi' }] }, finishReason: 'STOP' }] };
    const job = { kind: 'stream', from: 'gemini', to: 'openai-chat' } as const;
    const fromArray = translate({ ...job, body: ` [${JSON.stringify(element)}\n]`, model: 'm' }).output;
    expect(fromArray).toContain('"content":"hi"');
    expect(fromArray).toEndWith('data: [DONE]\n\n');
  });

  test('has its usage when the client’s request asked for it', () => {
    const body = `data: ${JSON.stringify({
      candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
    })}\n\n`;
    const job = { kind: 'stream', from: 'gemini', to: 'openai-chat', body, model: 'm' } as const;
    const ask = (include_usage: boolean) =>
      JSON.stringify({
        model: 'm',
        stream: true,
        stream_options: { include_usage },
        messages: [{ role: 'user', content: 'hi' }],
      });
    expect(translate({ ...job, request: ask(true) }).output).toContain('"prompt_tokens":3');
    expect(translate({ ...job, request: ask(false) }).output).not.toContain('"prompt_tokens":3');
  });

  test('that was cut off ends in an error, not in an end', () => {
    const cut = CHAT_STREAM.slice(0, CHAT_STREAM.indexOf('"finish_reason"'));
    const { output } = translate({ kind: 'stream', body: cut });
    expect(output).toContain('event: error');
    expect(output).not.toContain('message_stop');
  });
});

describe('an error', () => {
  test('has the shape of the client’s dialect, and the kind its status tells', () => {
    const body = JSON.stringify({ error: { message: 'slow down', type: 'rate_limit_exceeded' } });
    expect(outputOf({ kind: 'error', body, status: 429 })).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'slow down' },
    });
  });

  test('is read even when it is no JSON at all', () => {
    expect(outputOf({ kind: 'error', body: '<html>bad gateway</html>' }).type).toBe('error');
  });
});

describe('within one dialect', () => {
  test.each(DIALECT_IDS)('%s passes unread', (dialect) => {
    for (const kind of ['request', 'response', 'stream'] as const) {
      const body = ' {"not" : "touched" , }';
      expect(translate({ kind, from: dialect, to: dialect, body })).toEqual({ output: body, losses: [] });
    }
  });
});

describe('strict translation', () => {
  test('takes what lost nothing', () => {
    expect(() => refuseLosses([])).not.toThrow();
  });

  test('names what was lost', () => {
    const loss = (field: string) => ({ field, effect: 'dropped', reason: 'No such field.' }) as const;
    expect(() => refuseLosses([loss('logit_bias'), loss('seed')])).toThrow('cannot carry: logit_bias, seed');
  });
});
