import { describe, expect, test } from 'bun:test';
import type { UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { findScenario } from '../support/scenario-recording.ts';
import { checkStream } from '../support/stream-grammar.ts';
import { framesOf, makeCell } from './describe-cell.ts';

/** A stream of each dialect that has thoughts or words, and two calls. */
const STREAMS: readonly (readonly [DialectId, UpstreamDialect, string])[] = [
  ['openai-chat', 'anthropic-messages', 'reasoning-tool-call'],
  ['openai-completions', 'anthropic-messages', 'usage'],
  ['openai-responses', 'anthropic-messages', 'reasoning-tool-call'],
  ['anthropic-messages', 'openai-responses', 'reasoning-tool-call'],
  ['gemini', 'anthropic-messages', 'parallel-tool-calls'],
];

describe.each([...STREAMS])('the grammar of %s', (client, upstream, name) => {
  const outcome = makeCell({ scenario: findScenario(name), client, upstream }).stream!;
  const stream = 'output' in outcome ? outcome.output : '';
  const frames = framesOf(stream);
  const options = { asksUsage: name === 'usage' };
  const sound = checkStream(client, stream, options);
  const check = (list: readonly string[]) => checkStream(client, list.map((one) => `${one}\n\n`).join(''), options);
  const isSeen = (list: readonly string[]) => {
    const { faults, told } = check(list);
    return faults.length > 0 || JSON.stringify(told) !== JSON.stringify(sound.told);
  };

  test('takes what the gateway writes', () => {
    expect(frames.length).toBeGreaterThan(4);
    expect(sound.faults).toEqual([]);
  });

  test('sees a frame that is missing', () => {
    const unseen = frames.filter((_, at) => !isSeen(frames.toSpliced(at, 1)));
    expect(unseen.filter((frame) => !isAside(frame))).toEqual([]);
  });

  test('sees a frame that comes twice', () => {
    const unseen = frames.filter((frame, at) => !isSeen(frames.toSpliced(at, 0, frame)));
    expect(unseen.filter((frame) => !isAside(frame))).toEqual([]);
  });

  test('sees a broken frame, a wrong event line and a missing blank line', () => {
    const [first = '', ...rest] = frames;
    expect(check([first.slice(0, -2), ...rest]).faults).not.toEqual([]);
    const renamed = first.startsWith('event: ') ? first.replace(/^event: .*\n/, '') : `event: message\n${first}`;
    expect(check([renamed, ...rest]).faults).not.toEqual([]);
    expect(checkStream(client, stream.slice(0, -1), options).faults).not.toEqual([]);
  });
});

/** True for the proof of a thought, which is told to no one who counts. */
function isAside(frame: string): boolean {
  return /"signature_delta"|"reasoning_details":\[\{[^}]*"signature"/.test(frame);
}
