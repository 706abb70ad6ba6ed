import { describe, expect, test } from 'bun:test';
import type { AssistantPart } from '../../../../src/translate/canonical/request.ts';
import { expandParallel } from '../../../../src/translate/openai-responses/expand-parallel.ts';
import { contextOf } from './samples.ts';

const wrapper = (name: string, input: string): AssistantPart => ({
  type: 'tool-call',
  callId: 'c',
  kind: 'function',
  name,
  arguments: input,
});
const uses = JSON.stringify({
  tool_uses: [{ recipient_name: 'functions.a', parameters: { x: 1 } }, { parameters: {} }],
});

test('a wrapper becomes the calls in it', () => {
  expect(expandParallel(wrapper('multi_tool_use.parallel', uses), contextOf())).toEqual([
    { type: 'tool-call', callId: 'c_0', kind: 'function', name: 'a', arguments: '{"x":1}' },
  ]);
});

describe('stays what it is', () => {
  const own = contextOf({ tools: [{ kind: 'function', name: 'parallel' }] });
  const cases: [string, AssistantPart, ReturnType<typeof contextOf>][] = [
    ['a tool the client declared', wrapper('parallel', uses), own],
    ['a wrapper nobody can read', wrapper('parallel', '{"tool_uses":5'), contextOf()],
    ['any other call', wrapper('look', uses), contextOf()],
    ['a text', { type: 'text', text: 'parallel' }, contextOf()],
  ];
  test.each(cases)('%s', (_name, part, context) => {
    expect(expandParallel(part, context)).toEqual([part]);
  });
});
