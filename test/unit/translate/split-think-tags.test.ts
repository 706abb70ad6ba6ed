import { describe, expect, test } from 'bun:test';
import { collect } from '../../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../src/translate/canonical/event-law.ts';
import { replay } from '../../../src/translate/canonical/replay.ts';
import type { AssistantPart } from '../../../src/translate/canonical/request.ts';
import { splitThinkTags, splitThinkTagsIn } from '../../../src/translate/split-think-tags.ts';
import { chain, runAll } from '../../../src/translate/stream/transducer.ts';
import { call } from '../../support/conversations.ts';

const END: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' } };
const thought = (text: string): AssistantPart => ({ type: 'reasoning', text, raw: true });
const said = (text: string): AssistantPart => ({ type: 'text', text });

/** The parts of a text that comes in these pieces. */
function stream(pieces: readonly string[], rest: readonly CanonicalEvent[] = [{ type: 'text-end' }]) {
  const deltas = pieces.map((text): CanonicalEvent => ({ type: 'text-delta', text }));
  const events: CanonicalEvent[] = [{ type: 'message-start' }, { type: 'text-start' }, ...deltas, ...rest, END];
  return collect(runAll(chain(splitThinkTags, keepEventLaw), events)).parts;
}

const CASES: readonly (readonly [string, readonly AssistantPart[]])[] = [
  ['<think>\nHm.\nSo.\n</think>\n\nYes.', [thought('Hm.\nSo.\n'), said('Yes.')]],
  ['  <think>Hm.</think>Yes.', [thought('Hm.'), said('Yes.')]],
  ['<think>\n\n</think>\n\nYes.', [said('Yes.')]],
  ['<think>Hm. </thin </think>', [thought('Hm. </thin ')]],
  ['<think>Never closed', [thought('Never closed')]],
  ['<think>a < b</think> <think> is a tag', [thought('a < b'), said('<think> is a tag')]],
  ['A tag: <think>no</think>', [said('A tag: <think>no</think>')]],
  ['<thinking about it', [said('<thinking about it')]],
  ['<th', [said('<th')]],
  [' \n ', [said(' \n ')]],
];

describe.each(CASES)('%j', (text, parts) => {
  test('whole', () => {
    expect(splitThinkTagsIn([said(text)])).toEqual(parts);
  });

  test('cut anywhere', () => {
    expect(stream([text])).toEqual([...parts]);
    expect(stream([...text])).toEqual([...parts]);
    for (let at = 1; at < text.length; at++) expect(stream([text.slice(0, at), text.slice(at)])).toEqual([...parts]);
  });
});

test('a text that holds no tag is told as it comes, and nothing else is touched', () => {
  const parts: readonly AssistantPart[] = [thought('Hm.'), said('Yes.'), call('c1'), said('No.')];
  const events = replay({ parts, finish: { reason: 'stop' }, losses: [] });
  expect(runAll(splitThinkTags, events)).toEqual(events);
  expect(splitThinkTagsIn(parts)).toBe(parts);
});

test('a refusal and an answer without any text stay so', () => {
  const events: CanonicalEvent[] = [
    { type: 'text-start', refusal: true },
    { type: 'text-delta', text: '<think>' },
    { type: 'text-end' },
    { type: 'text-start' },
    { type: 'text-end' },
    END,
  ];
  expect(runAll(splitThinkTags, events)).toEqual(events);
});

test('what a broken stream has held back is told before its end', () => {
  const end: CanonicalEvent = { type: 'loss', loss: { field: 'x', effect: 'dropped', reason: '' } };
  expect(stream(['<think>Hm.</thi'], [end])).toEqual([thought('Hm.</thi')]);
  expect(stream(['<thi'], [end])).toEqual([said('<thi')]);
});
