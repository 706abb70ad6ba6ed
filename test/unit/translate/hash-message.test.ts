import { expect, test } from 'bun:test';
import type { Message } from '../../../src/translate/canonical/request.ts';
import { hashMessage } from '../../../src/translate/hash-message.ts';
import { assistant, call, result, system, user } from '../../support/conversations.ts';

const MESSAGES: readonly Message[] = [
  user('a'),
  user('b'),
  assistant('a'),
  system('a'),
  user('a', 'a'),
  user('aa'),
  user(result('c1', 'a')),
  user(result('c2', 'a')),
  user({ ...result('c1', 'a'), isError: true } as never),
  assistant(call('c1')),
  assistant(call('c1', 'look', '{"a":1}')),
  assistant({ type: 'reasoning', text: 'a' }),
  user({ type: 'media', kind: 'image', source: { type: 'url', url: 'a' } }),
  user({ type: 'opaque', dialect: 'gemini', kind: 'a', raw: { a: 'a' } }),
];

test('turns that differ have different hashes, and the same turn after another one too', () => {
  const hashes = MESSAGES.flatMap((message) => [hashMessage(message, ''), hashMessage(message, 'before')]);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashMessage(MESSAGES[0]!, '')).toBe(hashes[0]!);
});
