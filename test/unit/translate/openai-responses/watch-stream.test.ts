import { describe, expect, test } from 'bun:test';
import { watchStream } from '../../../../src/translate/openai-responses/watch-stream.ts';
import { frameOf } from './samples.ts';
import { added, completed, created, done, type Event, message, said } from './wire-events.ts';

function watch(...events: Event[]) {
  const watcher = watchStream();
  events.forEach((event, at) => {
    watcher.see(frameOf({ sequence_number: at, ...event }));
  });
  return watcher.report();
}

test('before the first content', () => {
  const reasoning = { type: 'reasoning', summary: [], encrypted_content: 'x' };
  expect(watch(created, added(0, reasoning), done(0, reasoning))).toEqual({
    contentSeen: false,
    ended: false,
    opening: { ...(created.response as object), output: [reasoning] } as never,
    model: 'gpt-5.4',
    sequenceNumber: 2,
  });
});

test('a stream that breaks is closed with what was finished of it', () => {
  const whole = done(0, message('a'));
  const { opening } = watch(created, whole, added(1, message('')), said(1, 'b'));
  expect(opening?.output).toEqual([(whole as unknown as { item: object }).item as never]);
});

test('an answer is known by its id where it is stored', () => {
  const begin = (response: object) => ({ type: 'response.created', response }) as unknown as Event;
  expect(watch(begin({ object: 'response', id: 'resp_1', store: true })).storedAs).toBe('resp_1');
  expect(watch(begin({ object: 'response', id: 'resp_1' })).storedAs).toBe('resp_1');
  expect(watch(begin({ object: 'response', id: 'resp_1', store: false })).storedAs).toBeUndefined();
});

describe('content is', () => {
  const cases: Event[] = [
    said(0, 'a'),
    { type: 'response.function_call_arguments.delta', delta: '{' },
    { type: 'response.reasoning_summary_text.delta', delta: 'hm' },
    done(0, message('a')),
    done(0, { type: 'function_call', name: 'f', arguments: '{}' }),
    done(0, { type: 'image_generation_call', result: 'AA==' }),
  ];
  test.each(cases)('%j', (event) => {
    expect(watch(created, event).contentSeen).toBe(true);
  });
});

test('the end, with usage and model', () => {
  const report = watch(
    created,
    said(0, 'a'),
    completed({ model: 'gpt-5.4-0305', usage: { input_tokens: 3, output_tokens: 4 } }),
  );
  expect(report).toMatchObject({
    ended: true,
    finish: { reason: 'stop', wireReason: 'completed' },
    usage: { input: 3, output: 4 },
    model: 'gpt-5.4-0305',
    sequenceNumber: 2,
  });
  expect(report).not.toHaveProperty('error');
});

test('a refusal and a limit', () => {
  const refused = done(0, { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] });
  expect(watch(created, refused, completed()).finish).toMatchObject({ reason: 'content-filter', explanation: 'No.' });
  const response = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  expect(watch(created, { type: 'response.incomplete', response }).finish?.reason).toBe('length');
});

test('U06: an error, and the usage of the response that failed', () => {
  const error: Event = { type: 'error', error: { code: 'rate_limit_exceeded', message: 'slow' } };
  expect(watch(created, error)).toMatchObject({ ended: false, error: { kind: 'rate-limited' } });
  const response = { status: 'failed', error: { code: 'server_error', message: 'x' }, usage: { input_tokens: 9 } };
  expect(watch(created, error, { type: 'response.failed', response })).toMatchObject({
    ended: true,
    error: { kind: 'rate-limited' },
    usage: { input: 9 },
  });
});

test('frames without their event line, and frames that cannot be read', () => {
  const watcher = watchStream();
  for (const data of ['', '[DONE]', '{', 'null']) watcher.see({ data });
  expect(watcher.report()).toEqual({ contentSeen: false, ended: false });
  watcher.see({ data: '{"type":"response.output_text.delta","delta":"a","sequence_number":4}' });
  expect(watcher.report()).toEqual({ contentSeen: true, ended: false, sequenceNumber: 4 });
  watcher.see({ data: JSON.stringify({ sequence_number: 5, type: 'response.completed', response: {} }) });
  expect(watcher.report()).toMatchObject({ ended: true, sequenceNumber: 5 });
});

test('a number in a text is not a sequence number', () => {
  const watcher = watchStream();
  watcher.see(frameOf(said(0, '{"sequence_number":99}')));
  expect(watcher.report().sequenceNumber).toBeUndefined();
});

test('a bare error ends as one', () => {
  const watcher = watchStream();
  watcher.see({ data: '{"error":{"message":"busy","code":"server_is_overloaded"}}' });
  expect(watcher.report().error?.kind).toBe('overloaded');
});
