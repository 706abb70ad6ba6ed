import { describe, expect, test } from 'bun:test';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { AnswerContext } from '../../../src/translate/dialect.ts';
import { fillUsage, lengthOf } from '../../../src/translate/fill-usage.ts';
import { DIALECTS } from '../../../src/translate/registry.ts';
import { parseSse, writeSse } from '../../../src/translate/stream/sse.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { traitsOfReference } from '../../../src/translate/target.ts';
import { translateAnswer, translateAnswerStream } from '../../../src/translate/translate-answer.ts';

const bare: AnswerContext = { request: emptyRequest('m', true), exchangeId: 'x', createdAt: 0 };
const context: AnswerContext = { ...bare, estimateInput: () => 40 };

test('figures of the upstream stay', () => {
  const usage = { input: 3, output: 4, cacheRead: 1 };
  expect(fillUsage(usage, context, 100)).toBe(usage);
});

test.each([
  [undefined, { input: 40, output: 25, estimated: true }],
  [{ output: 7 }, { input: 40, output: 7, estimated: true }],
  [{ input: 7 }, { input: 7, output: 25, estimated: true }],
])('what was not counted is estimated: %j', (usage, filled) => {
  expect(fillUsage(usage, context, 100)).toEqual(filled);
});

test('without an estimator nothing is made up', () => {
  expect(fillUsage(undefined, bare, 100)).toBeUndefined();
});

test('the length is that of all that was said, thought and called', () => {
  const parts = [
    { type: 'text', text: 'ab' },
    { type: 'reasoning', text: 'cd' },
    { type: 'tool-call', callId: '1', kind: 'function', name: 'long-name', arguments: '{}' },
  ] as const;
  expect(lengthOf(parts)).toBe(6);
});

describe('an answer of a chat upstream for a client of Anthropic', () => {
  const route = {
    upstream: DIALECTS['openai-chat'],
    client: DIALECTS['anthropic-messages'],
    context,
    traits: traitsOfReference('openai-chat'),
    targetModel: 'm',
  };
  const stream = (chunks: readonly object[]) => {
    const bytes = new TextEncoder().encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''));
    const frames = runAll(translateAnswerStream(route), runAll(parseSse, [bytes]));
    const data = frames.map((frame) => JSON.parse(writeSse(frame).split('data: ')[1]!));
    return [data[0].message.usage, data.find(({ type }) => type === 'message_delta').usage];
  };
  const said = { choices: [{ index: 0, delta: { content: 'twelve chars' }, finish_reason: 'stop' }] };

  test('begins with an estimate and ends with the figures that came at the end', () => {
    const usage = { prompt_tokens: 31, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 11 } };
    const [first, last] = stream([said, { choices: [], usage }]);
    expect(first).toMatchObject({ input_tokens: 40, output_tokens: 0 });
    expect(last).toEqual({
      input_tokens: 20,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 11,
      output_tokens: 5,
    });
  });

  test('ends with the estimate when no figures come', () => {
    const [, last] = stream([said]);
    expect(last).toMatchObject({ input_tokens: 40, output_tokens: 3 });
  });

  test('is estimated as a whole too, and marked in the record', () => {
    const body = { choices: [{ index: 0, message: { content: 'twelve chars' }, finish_reason: 'stop' }] };
    const answer = translateAnswer(route, body);
    expect(answer.body.usage).toMatchObject({ input_tokens: 40, output_tokens: 3 });
    expect(answer.response.usage).toEqual({ input: 40, output: 3, estimated: true });
  });
});
