import { expect, test } from 'bun:test';
import { addStubTools } from '../../../../src/translate/repair/add-stub-tools.ts';
import {
  assistant,
  CLAUDE_ORDER,
  call,
  conversation,
  OPENAI_ORDER,
  result,
  user,
} from '../../../support/conversations.ts';

const history = conversation(
  user('u'),
  assistant(call('1', 'a'), call('2', 'b')),
  user(result('1', 'x'), result('2', 'y')),
  assistant(call('3', 'a')),
  user(result('3', 'z')),
);

test('23: tools that only the history calls are defined, and may not be called', () => {
  const request = addStubTools(history, CLAUDE_ORDER);
  expect(request.tools).toEqual([
    { kind: 'function', name: 'a', schema: { type: 'object', properties: {} } },
    { kind: 'function', name: 'b', schema: { type: 'object', properties: {} } },
  ]);
  expect(request.toolChoice).toEqual({ mode: 'none' });
});

test('nothing is added for a target that does not ask, or when there are tools', () => {
  expect(addStubTools(history, OPENAI_ORDER)).toBe(history);
  const withTools = { ...history, tools: [{ kind: 'function', name: 'a' } as const] };
  expect(addStubTools(withTools, CLAUDE_ORDER)).toBe(withTools);
});
