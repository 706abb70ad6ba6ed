import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { clientsOf, readTranslated, translateCut, writeFrames } from '../../support/read-translated.ts';
import { call, delta } from '../../support/translate-as.ts';

/** A stream that must be read without a fault; what a dialect does not repeat is not looked at. */
const read = (from: DialectId, to: DialectId, body: string) => {
  const { faults, ...told } = readTranslated(from, to, body);
  expect({ to, faults }).toEqual({ to, faults: [] });
  return told;
};
const fromChat = (to: DialectId, ...chunks: object[]) =>
  read('openai-chat', to, `${writeFrames(chunks)}data: [DONE]\n\n`);
const piece = (...tool_calls: object[]) => delta({ tool_calls });
const ended = delta({}, 'tool_calls');
const usage = {
  prompt_tokens: 1000,
  completion_tokens: 5,
  total_tokens: 1005,
  prompt_tokens_details: { cached_tokens: 900 },
};

describe.each(clientsOf('openai-chat'))('of the stream of a chat server, %s', (to) => {
  test('S01: reads a thought before the text', () => {
    const told = fromChat(to, delta({ role: 'assistant', reasoning_content: 'Hm.' }), delta({ content: 'Hi' }, 'stop'));
    expect(told).toMatchObject({ thoughts: 'Hm.', text: 'Hi', failed: false });
  });

  test('S02: reads text beside an empty list of calls', () => {
    expect(fromChat(to, delta({ content: 'a', tool_calls: [] }), delta({ content: 'b' }, 'stop'))).toMatchObject({
      text: 'ab',
      calls: [],
    });
  });

  test('S03: reads arguments that come with their name once', () => {
    expect(
      fromChat(
        to,
        piece({ index: 0, ...call('a', 'f', '{"x":') }),
        piece({ index: 0, function: { arguments: '1}' } }),
        ended,
      ).calls,
    ).toEqual([{ name: 'f', args: '{"x":1}' }]);
  });

  test('S04: reads text and a call of one chunk', () => {
    const chunk = delta({ content: 'Hi', tool_calls: [{ index: 0, ...call('a', 'f', '{}') }] });
    expect(fromChat(to, chunk, ended)).toMatchObject({ text: 'Hi', calls: [{ name: 'f', args: '{}' }] });
  });

  test('S05: reads a call that has no id at all', () => {
    const named = piece({ index: 0, function: { name: 'f', arguments: '' } });
    expect(fromChat(to, named, piece({ index: 0, function: { arguments: '{"x":1}' } }), ended).calls).toEqual([
      { name: 'f', args: '{"x":1}' },
    ]);
  });

  test('S06: reads one call though empty texts come between its pieces', () => {
    const empty = delta({ content: '' });
    const more = piece({ index: 0, function: { arguments: '1}' } });
    const told = fromChat(to, piece({ index: 0, ...call('a', 'f', '{"x":') }), empty, more, empty, ended);
    expect(told).toMatchObject({ text: '', calls: [{ name: 'f', args: '{"x":1}' }] });
  });

  test('S07: reads text that stands between two calls', () => {
    const told = fromChat(
      to,
      piece({ index: 0, ...call('a', 'f', '{}') }),
      delta({ content: '\n' }),
      piece({ index: 1, ...call('b', 'g', '{"y":2}') }),
      ended,
    );
    expect(told).toMatchObject({ text: '\n', calls: [{ name: 'f' }, { name: 'g', args: '{"y":2}' }] });
  });

  test('S05, S07: reads calls whose pieces come mixed', () => {
    const told = fromChat(
      to,
      piece({ index: 0, ...call('a', 'f', '{"x":') }, { index: 1, ...call('b', 'g', '{"y":') }),
      piece({ index: 1, function: { arguments: '2}' } }, { index: 0, function: { arguments: '1}' } }),
      ended,
    );
    expect(told.calls).toEqual([
      { name: 'f', args: '{"x":1}' },
      { name: 'g', args: '{"y":2}' },
    ]);
  });

  test('S08, S36: reads a call without arguments', () => {
    expect(fromChat(to, piece({ index: 0, id: 'a', function: { name: 'f' } }), ended).calls).toEqual([
      { name: 'f', args: '{}' },
    ]);
  });

  test('S13: reads an end without content', () => {
    expect(fromChat(to, delta({}, 'length'))).toMatchObject({ text: '', failed: false });
  });

  test('S18, S19: reads one end, with the richest figures', () => {
    const poor = { prompt_tokens: 1000, completion_tokens: 1, total_tokens: 1001 };
    const told = fromChat(to, delta({ content: 'Hi' }), { ...delta({}, 'stop'), usage: poor }, { choices: [], usage });
    expect(told.usage).toEqual({ input: 1000, cached: 900, output: 5 });
  });

  test('S39: reads figures that are null now and then', () => {
    const nulls = {
      ...usage,
      completion_tokens_details: null,
      prompt_tokens_details: { cached_tokens: 900, audio_tokens: null },
    };
    const told = fromChat(to, { ...delta({ content: 'Hi' }), usage: nulls }, { ...delta({}, 'stop'), usage: null });
    expect(told.usage).toEqual({ input: 1000, cached: 900, output: 5 });
  });

  test('S20: reads an end where only [DONE] comes', () => {
    expect(fromChat(to, delta({ content: 'Hi' }))).toMatchObject({ text: 'Hi', failed: false });
  });

  test('S21, S25: hears of an error where a call or a text breaks off', () => {
    const half = piece({ index: 0, ...call('a', 'f', '{"x":') });
    expect(readTranslated('openai-chat', to, writeFrames([delta({ content: 'Hi' })])).failed).toBe(true);
    expect(readTranslated('openai-chat', to, writeFrames([half])).failed).toBe(true);
  });

  test('S24: reads nothing that follows the end', () => {
    const body = `${writeFrames([delta({ content: 'Hi' }, 'stop')])}data: [DONE]\n\n${writeFrames([delta({ content: 'more' })])}`;
    expect(read('openai-chat', to, body).text).toBe('Hi');
  });

  test('S35: reads the name of a call that comes after its arguments', () => {
    const told = fromChat(
      to,
      piece({ index: 0, id: 'a', function: { arguments: '{"x":1}' } }),
      piece({ index: 0, function: { name: 'f', arguments: '' } }),
      ended,
    );
    expect(told.calls).toEqual([{ name: 'f', args: '{"x":1}' }]);
  });

  test('S41: reads white space', () => {
    expect(
      fromChat(to, delta({ content: 'a' }), delta({ content: ' \n\t' }), delta({ content: 'b' }, 'stop')).text,
    ).toBe('a \n\tb');
  });

  test('S15: reads every lawful spelling of events', () => {
    const text = JSON.stringify(delta({ content: 'Hi' }, 'stop'));
    const spelled = [
      `data:${text}\r\n\r\n`,
      `data: ${text}\r\r`,
      `: hi\nevent:message\nid: 7\nretry: 5\ndata: ${text}\n\n`,
      `data: ${text.replace(',', ',\ndata: ')}\n\n`,
    ];
    for (const body of spelled) {
      expect(read('openai-chat', to, `\u{FEFF}: ping\n\n${body}data: [DONE]\n\n`).text).toBe('Hi');
    }
  });

  test('S16: reads characters and arguments whole wherever the network cut them', () => {
    const chunks = [delta({ content: 'é€😀' }), piece({ index: 0, ...call('a', 'f', '{"x":"é€😀"}') }), ended];
    const body = `${writeFrames(chunks)}data: [DONE]\n\n`;
    const whole = translateCut('openai-chat', to, body, 0);
    expect(whole).toContain('é€😀');
    for (let at = 1; at < new TextEncoder().encode(body).length; at++) {
      expect(translateCut('openai-chat', to, body, at)).toBe(whole);
    }
  });
});
