import { describe, expect, test } from 'bun:test';
import { createRelay } from '../../../src/relay/relay.ts';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import type { AssistantPart } from '../../../src/translate/canonical/request.ts';
import { cutAtStop, cutAtStopIn } from '../../../src/translate/cut-at-stop.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { translateText } from '../../../src/translate/translate-text.ts';
import { feedStream } from '../../support/feed-stream.ts';
import { aCall, bodyOf, chatAccount, claudeBody, readAnswer, setUpRelay } from '../../support/relay-set-up.ts';

function cut(stops: string[], ...texts: string[]): { text: string; stop: string | undefined; types: string[] } {
  const events: CanonicalEvent[] = [
    { type: 'message-start' },
    { type: 'text-start' },
    ...texts.map((text): CanonicalEvent => ({ type: 'text-delta', text })),
    { type: 'text-end' },
    { type: 'message-end', finish: { reason: 'length' } },
  ];
  const told = runAll(cutAtStop(stops), events);
  const last = told.at(-1)!;
  return {
    text: told.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
    stop: last.type === 'message-end' ? last.finish.stopSequence : undefined,
    types: told.map((event) => event.type).filter((type) => type !== 'text-delta'),
  };
}

describe('a stream', () => {
  const whole = ['message-start', 'text-start', 'text-end', 'message-end'];

  test.each([
    ['in one piece', ['END'], ['one END two'], 'one ', 'END'],
    ['split over pieces', ['END'], ['one E', 'N', 'D two'], 'one ', 'END'],
    ['begun and not ended', ['END'], ['one EN', 'ough'], 'one ENough', undefined],
    ['begun at the end', ['END'], ['one EN'], 'one EN', undefined],
    ['begun twice', ['aab'], ['a', 'a', 'a', 'b!'], 'a', 'aab'],
    ['the earlier of two', ['two', 'one'], ['0 one two'], '0 ', 'one'],
    ['the one that is whole first', ['\n\n', '\n'], ['a\n\nb'], 'a', '\n'],
    ['the longer of two that end together', ['b', 'ab'], ['xab'], 'x', 'ab'],
    ['at the very beginning', ['#'], ['#a'], '', '#'],
    ['none', ['#'], ['a', 'b'], 'ab', undefined],
  ])('ends at a stop sequence: %s', (_name, stops, texts, text, stop) => {
    expect(cut(stops, ...texts)).toEqual({ text, stop, types: whole });
  });

  test('swallows what comes after the cut, and says what it counted', () => {
    const told = runAll(cutAtStop(['#']), [
      { type: 'message-start' },
      { type: 'text-start' },
      { type: 'text-delta', text: 'abcdefg#h' },
      { type: 'tool-call-start', callId: '1', kind: 'function', name: 'f' },
      { type: 'message-end', finish: { reason: 'tool-calls' } },
    ]);
    expect(told.at(-1)).toEqual({
      type: 'message-end',
      finish: { reason: 'stop', stopSequence: '#', cut: true },
      usage: { output: 2, estimated: true },
    });
    expect(told).toHaveLength(5);
  });

  test('leaves thoughts, refusals and arguments alone', () => {
    const events: CanonicalEvent[] = [
      { type: 'message-start' },
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'a#b' },
      { type: 'reasoning-end' },
      { type: 'text-start', refusal: true },
      { type: 'text-delta', text: 'no # no' },
      { type: 'text-end' },
      { type: 'tool-call-start', callId: '1', kind: 'function', name: 'f' },
      { type: 'tool-call-delta', text: '{"a":"#"}' },
      { type: 'tool-call-end' },
      { type: 'message-end', finish: { reason: 'tool-calls' } },
    ];
    expect(runAll(cutAtStop(['#']), events)).toEqual(events);
  });
});

test('a whole answer is cut the same way', () => {
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: '#' },
    { type: 'text', text: 'one # two' },
    { type: 'text', text: 'three' },
  ];
  const answer = cutAtStopIn({ parts, finish: { reason: 'length' }, losses: [] }, ['#']);
  expect(answer.parts).toEqual([
    { type: 'reasoning', text: '#' },
    { type: 'text', text: 'one ' },
  ]);
  expect(answer.finish).toEqual({ reason: 'stop', stopSequence: '#', cut: true });
});

describe('upstreams of the Responses dialect take none', () => {
  const request = JSON.stringify({
    model: 'm',
    max_tokens: 9,
    stop_sequences: ['END'],
    messages: [{ role: 'user', content: 'hi' }],
  });

  test('so none is sent, and nothing is lost', () => {
    const { output, losses } = translateText(
      { kind: 'request', from: 'anthropic-messages', to: 'openai-responses', body: request },
      0,
    );
    expect(output).not.toContain('END');
    expect(losses.map(({ field }) => field)).not.toContain('stop');
  });

  test('and the answer ends at one, as the client expects it', () => {
    const body = JSON.stringify({
      id: 'r',
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'one END two' }] }],
    });
    const { output } = translateText(
      { kind: 'response', from: 'openai-responses', to: 'anthropic-messages', body, request },
      0,
    );
    expect(JSON.parse(output)).toMatchObject({
      content: [{ type: 'text', text: 'one ' }],
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    });
  });
});

const frame = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const said = (delta: string) => frame('response.output_text.delta', { output_index: 0, content_index: 0, delta });

test('an upstream that takes no stop sequence is left at the first one', async () => {
  const accounts = [chatAccount('a', { dialects: ['openai-responses'] })];
  const fed = feedStream();
  const { ports, sent, records, inFlight } = setUpRelay([fed.step], { accounts });
  const body = claudeBody({ model: 'gpt-4o', stream: true, stop_sequences: ['STOP'] });
  const answering = createRelay(ports).carry(aCall('anthropic-messages', body));
  fed.send(frame('response.created', { response: { id: 'r' } }));
  fed.send(said('one ST'));
  const answer = await answering;
  fed.send(said('OP two'));
  const text = await readAnswer(answer);

  expect(bodyOf(sent[0])).not.toContain('STOP');
  expect(text).toContain('"text":"one "');
  expect(text).not.toContain('two');
  expect(text).toContain('"stop_reason":"stop_sequence","stop_sequence":"STOP"');
  expect(fed.left).toBe(true);
  expect(inFlight()).toBe(0);
  expect(records[0]).toMatchObject({ status: 200, usage: { estimated: true } });
  expect(records[0]!.usage!.input).toBeGreaterThan(0);
});
