import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { watchResponse, watchStream } from '../../../../src/translate/openai-chat/watch-stream.ts';

const chunk = (delta: JsonObject, rest: JsonObject = {}, choice: JsonObject = {}) =>
  JSON.stringify({ id: 'x', model: 'up', choices: [{ index: 0, delta, finish_reason: null, ...choice }], ...rest });
const watch = (...frames: string[]) => {
  const watcher = watchStream();
  for (const data of frames) watcher.see({ data });
  return watcher.report();
};
const usage = { prompt_tokens: 3, completion_tokens: 2 };

test('an answer', () => {
  const frames = [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'a' }),
    chunk({}, {}, { finish_reason: 'stop' }),
    JSON.stringify({ choices: [], usage }),
    '[DONE]',
  ];
  const reports = frames.map((_, at) => watch(...frames.slice(0, at + 1)));
  expect(reports.map(({ contentSeen, ended }) => [contentSeen, ended])).toEqual([
    [false, false],
    [true, false],
    [true, true],
    [true, true],
    [true, true],
  ]);
  expect(reports.at(-1)).toEqual({
    contentSeen: true,
    ended: true,
    model: 'up',
    usage: { input: 3, output: 2 },
    finish: { reason: 'stop', wireReason: 'stop' },
  });
});

test('an answer of a server that writes blanks after colons', () => {
  const spaced = (data: string) => data.replace(/":/g, '": ').replace(/,"/g, ', "');
  const frames = [
    chunk({ content: 'a' }),
    chunk({ content: 'b' }, { usage: null }),
    chunk({}, { usage }, { finish_reason: 'stop' }),
  ];
  expect(watch(...frames.map(spaced))).toMatchObject({ ended: true, usage: { input: 3 }, finish: { reason: 'stop' } });
});

describe('content is', () => {
  const cases: readonly (readonly [JsonObject, boolean])[] = [
    [{ role: 'assistant' }, false],
    [{ content: '' }, false],
    [{ content: null, tool_calls: [] }, false],
    [{ content: 'a' }, true],
    [{ content: [{ type: 'text', text: 'a' }] }, true],
    [{ reasoning_content: 'a' }, true],
    [{ reasoning: 'a' }, true],
    [{ refusal: 'a' }, true],
    [{ tool_calls: [{ index: 0 }] }, true],
    [{ function_call: { name: 'f' } }, true],
  ];
  for (const [delta, seen] of cases)
    test(JSON.stringify(delta), () => expect(watch(chunk(delta)).contentSeen).toBe(seen));
});

test('words of the format inside the text are no news', () => {
  const text = '"finish_reason":"stop" "usage":{"prompt_tokens":9} "error":{"message":"m"}';
  const report = watch(chunk({ content: 'a' }), chunk({ content: text }));
  expect(report).toEqual({ contentSeen: true, ended: false, model: 'up' });
});

test('an error, before and after content', () => {
  const error = { error: { message: 'm', type: 'server_error' } };
  expect(watch(JSON.stringify(error)).error).toMatchObject({ kind: 'upstream-failed', message: 'm' });
  expect(watch(chunk({ content: 'a' }), JSON.stringify(error)).error).toMatchObject({ message: 'm' });
  const watcher = watchStream();
  watcher.see({ data: chunk({ content: 'a' }) });
  watcher.see({ event: 'error', data: '{"message":"m"}' });
  expect(watcher.report().error).toMatchObject({ message: 'm' });
  expect(watch(chunk({ content: 'a' }), chunk({ content: 'b' }, { error: null })).error).toBeUndefined();
});

test('an upstream that ran out of resources failed, unless it has said something', () => {
  const finish = { finish_reason: 'insufficient_system_resource' };
  expect(watch(chunk({}, {}, finish)).error).toMatchObject({ kind: 'overloaded' });
  const cut = watch(chunk({ content: 'a' }), chunk({}, {}, finish));
  expect([cut.error, cut.finish?.reason]).toEqual([undefined, 'length']);
});

test('what is no chunk is passed over', () => {
  expect(watch('not json', '[]', '5', '{"choices":5}')).toEqual({ contentSeen: false, ended: false });
});

test('a whole answer', () => {
  const choices = [{ index: 0, message: { content: 'a' }, finish_reason: 'length' }];
  expect(watchResponse({ model: 'up', choices, usage })).toEqual({
    contentSeen: true,
    ended: true,
    model: 'up',
    usage: { input: 3, output: 2 },
    finish: { reason: 'length', wireReason: 'length' },
  });
  expect(watchResponse({ error: { message: 'm' } }).error).toMatchObject({ message: 'm' });
});
