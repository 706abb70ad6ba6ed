import { describe, expect, test } from 'bun:test';
import { collect } from '../../../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { decodeStream } from '../../../../src/translate/openai-responses/decode-stream.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf, decodeAll } from './samples.ts';
import { added, completed, created, done, type Event, message, said } from './wire-events.ts';

const finishOf = (events: CanonicalEvent[]) => events.find((event) => event.type === 'message-end')?.finish as unknown;

test('a text, its usage and its end', () => {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 3 },
  };
  expect(
    decodeAll([
      created,
      added(0, { type: 'message' }),
      said(0, 'Hel'),
      said(0, 'lo'),
      done(0, message('Hello')),
      completed({ usage }),
    ]),
  ).toEqual([
    { type: 'message-start', messageId: 'resp_1', model: 'gpt-5.4' },
    { type: 'text-start' },
    { type: 'text-delta', text: 'Hel' },
    { type: 'text-delta', text: 'lo' },
    { type: 'text-end' },
    {
      type: 'message-end',
      finish: { reason: 'stop', wireReason: 'completed' },
      usage: { input: 10, cacheRead: 4, cacheWrite: 2, output: 7, reasoning: 3 },
    },
  ]);
});

test('a refusal ends as one', () => {
  const refused = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] };
  const delta = { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No.' };
  const events = decodeAll([created, delta, done(0, refused), completed()]);
  expect(events[1]).toEqual({ type: 'text-start', refusal: true });
  expect(finishOf(events)).toEqual({
    reason: 'content-filter',
    wireReason: 'completed',
    refused: true,
    explanation: 'No.',
  });
});

describe('ends', () => {
  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
    ['something_new', 'length'],
  ])('U06: incomplete for %s, with its usage', (reason, expected) => {
    const response = { status: 'incomplete', incomplete_details: { reason }, usage: { input_tokens: 5 } };
    const events = decodeAll([created, said(0, 'a'), { type: 'response.incomplete', response }]);
    expect(events.at(-1)).toEqual({
      type: 'message-end',
      finish: { reason: expected as 'length', wireReason: reason },
      usage: { input: 5 },
    });
  });
  test('S24: nothing counts after the end', () => {
    const events = decodeAll([created, completed(), said(0, 'late'), { type: 'error', message: 'late' }]);
    expect(events.map((event) => event.type)).toEqual(['message-start', 'message-end']);
  });
  test('S25: a cut stream is an error and no end', () => {
    expect(decodeAll([created, said(0, 'half')]).at(-1)).toMatchObject({
      type: 'stream-error',
      error: { kind: 'upstream-malformed' },
    });
  });
  const errors: [string, Event, string, number | undefined][] = [
    [
      'a nested error',
      { type: 'error', error: { type: 'tokens', code: 'rate_limit_exceeded', message: 'Please try again in 6s.' } },
      'rate-limited',
      6000,
    ],
    ['a flat error', { type: 'error', code: 'server_error', message: 'x', param: null }, 'upstream-failed', undefined],
    [
      'a failed response',
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'context_length_exceeded', message: 'x' } },
      },
      'context-too-long',
      undefined,
    ],
    [
      'a failure without a reason',
      { type: 'response.failed', response: { status: 'failed' } },
      'upstream-failed',
      undefined,
    ],
  ];
  test.each(errors)('%s', (_name, event, kind, retryAfterMs) => {
    const last = decodeAll([created, event, completed()]).at(-1);
    expect(last).toMatchObject({ type: 'stream-error', error: { kind } });
    expect(last?.type === 'stream-error' ? last.error.detail.retryAfterMs : 0).toBe(retryAfterMs as number);
  });
});

test('what cannot be read is skipped', () => {
  const frames = [
    '',
    '[DONE]',
    '{"type":',
    '[]',
    'null',
    '{}',
    '{"type":"keepalive"}',
    '{"type":"response.output_item.done"}',
  ];
  expect(
    runAll(
      decodeStream(contextOf()),
      frames.map((data) => ({ data })),
    ),
  ).toEqual([]);
});

test('a bare error object is read without its event', () => {
  const frames = [{ data: '{"error":{"message":"busy","code":"server_is_overloaded"}}' }];
  expect(runAll(decodeStream(contextOf()), frames)).toMatchObject([
    { type: 'stream-error', error: { kind: 'overloaded' } },
  ]);
});

test('a choice of words is taken out of its object', () => {
  const context = contextOf({ output: { kind: 'choice', values: ['yes'] } });
  const events = decodeAll(
    [created, said(0, '{"value"'), said(0, ':"yes"}'), done(0, message('{"value":"yes"}')), completed()],
    context,
  );
  expect(collect(events).parts).toEqual([{ type: 'text', text: 'yes' }]);
});
