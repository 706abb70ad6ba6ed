import { expect, test } from 'bun:test';
import { pairResults } from '../../../../src/translate/repair/pair-results.ts';
import { assistant, call, missing, result, system, user } from '../../../support/conversations.ts';

test('calls in answers that follow each other are made by one answer', () => {
  expect(
    pairResults([assistant(call('1')), assistant('then', call('2')), user(result('2', 'b'), result('1', 'a'))]),
  ).toEqual([assistant(call('1'), 'then', call('2')), user(result('1', 'a'), result('2', 'b'))]);
});

test('a system turn between a call and its result moves after the result', () => {
  expect(pairResults([assistant(call('1')), system('s'), user(result('1', 'a'))])).toEqual([
    assistant(call('1')),
    user(result('1', 'a')),
    system('s'),
  ]);
});

test('a result that comes after the model spoke again does not change what was sent before', () => {
  const early = [assistant(call('1')), user('never mind')];
  const late = [...early, assistant('fine'), user(result('1', 'a'))];
  expect(pairResults(early)).toEqual([assistant(call('1')), user(missing('1'), 'never mind')]);
  expect(pairResults(late)).toEqual([...pairResults(early), assistant('fine'), user('[result of earlier tool 1] a')]);
});

test('one id twice in one answer: results go to the calls in order', () => {
  expect(pairResults([assistant(call('x'), call('x')), user(result('x', 'a'), result('x', 'b'))])).toEqual([
    assistant(call('x'), call('x_2')),
    user(result('x', 'a'), result('x_2', 'b')),
  ]);
});

test('an id made for a double never meets one that is already there', () => {
  const turn = (id: string) => [assistant(call(id)), user(result(id, id))];
  const ids = pairResults([...turn('x'), ...turn('x_2'), ...turn('x'), ...turn('x_2')]).flatMap((message) =>
    message.parts.flatMap((part) => (part.type === 'tool-call' ? part.callId : [])),
  );
  expect(ids).toEqual(['x', 'x_2', 'x_3', 'x_2_2']);
});

test('a result bears the name and kind of its call', () => {
  const [, answer] = pairResults([assistant(call('1', 'look')), user(result('1', 'a', 'old_name'))]);
  expect(answer).toEqual(user(result('1', 'a', 'look')));
});

test('an image in a result without a call stays beside its note', () => {
  const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } } as const;
  const orphan = {
    type: 'tool-result',
    callId: 'x',
    kind: 'function',
    parts: [{ type: 'text', text: 'a' }, image],
  } as const;
  expect(pairResults([user(orphan)])).toEqual([user('[result of earlier tool x] a', image)]);
});
