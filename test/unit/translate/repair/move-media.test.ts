import { expect, test } from 'bun:test';
import type { MediaPart } from '../../../../src/translate/canonical/request.ts';
import { moveMedia } from '../../../../src/translate/repair/move-media.ts';
import { assistant, CLAUDE_ORDER, call, GEMINI_ORDER, result, user } from '../../../support/conversations.ts';

const image: MediaPart = {
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data: 'AA==' },
};

test('an image of the model goes to the next user turn', () => {
  expect(moveMedia([user('draw'), assistant('here', image), user('thanks')], CLAUDE_ORDER)).toEqual([
    user('draw'),
    assistant('here'),
    user(image, 'thanks'),
  ]);
});

test('it stands after the results of that turn', () => {
  const history = [assistant(image, call('1')), user(result('1', 'a'), 'u')];
  expect(moveMedia(history, CLAUDE_ORDER)).toEqual([assistant(call('1')), user(result('1', 'a'), image, 'u')]);
});

test('without a user turn after it, it gets one', () => {
  expect(moveMedia([assistant(image), assistant('b')], CLAUDE_ORDER)).toEqual([
    assistant(),
    user(image),
    assistant('b'),
  ]);
  expect(moveMedia([assistant(image)], CLAUDE_ORDER)).toEqual([assistant(), user(image)]);
});

test('it stays where the target takes it', () => {
  const history = [assistant(image), user('u')];
  expect(moveMedia(history, GEMINI_ORDER)).toBe(history);
});
