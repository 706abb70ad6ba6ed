import { describe, expect, test } from 'bun:test';
import {
  addArguments,
  addText,
  createOneBlock,
  endBlocks,
  isWhole,
  openCall,
  sealReasoning,
  startCall,
} from '../../../../src/translate/stream/one-block.ts';

const begin = () => {
  const lines: string[] = [];
  const blocks = createOneBlock((event) => {
    if ('text' in event) lines.push(`${event.type} ${event.text}`);
    else if (event.type === 'tool-call-start') lines.push(`${event.type} ${event.callId}`);
    else lines.push('seal' in event ? `${event.type} sealed` : event.type);
  });
  return { lines, blocks };
};
const named = (callId: string, kind: 'function' | 'custom' = 'function') => ({ callId, kind, name: 'f' });

test('text is told as it comes; a change of kind ends it', () => {
  const { lines, blocks } = begin();
  addText(blocks, 'reasoning', 'a');
  addText(blocks, 'text', 'b');
  addText(blocks, 'text', '');
  addText(blocks, 'text', 'c');
  expect(lines).toEqual([
    'reasoning-start',
    'reasoning-delta a',
    'reasoning-end',
    'text-start',
    'text-delta b',
    'text-delta c',
  ]);
  endBlocks(blocks);
  endBlocks(blocks);
  expect(lines.slice(6)).toEqual(['text-end']);
});

describe('calls', () => {
  test('wait for their start', () => {
    const { lines, blocks } = begin();
    const call = openCall(blocks);
    addArguments(blocks, call, '{');
    expect(lines).toEqual([]);
    startCall(blocks, call, named('a'));
    startCall(blocks, call, named('b'));
    addArguments(blocks, call, '}');
    expect(lines).toEqual(['tool-call-start a', 'tool-call-delta {', 'tool-call-delta }']);
  });

  test('one is told live, the others when it is whole', () => {
    const { lines, blocks } = begin();
    const [a, b] = [openCall(blocks), openCall(blocks)];
    startCall(blocks, a, named('a'));
    startCall(blocks, b, named('b'));
    addArguments(blocks, b, '{"b"');
    addArguments(blocks, a, '{');
    expect(lines).toEqual(['tool-call-start a', 'tool-call-delta {']);
    addArguments(blocks, a, '}');
    expect(lines.slice(2)).toEqual(['tool-call-delta }', 'tool-call-end', 'tool-call-start b', 'tool-call-delta {"b"']);
    addArguments(blocks, a, 'late');
    addArguments(blocks, b, ':1}');
    endBlocks(blocks);
    expect(lines.slice(6)).toEqual(['tool-call-delta :1}', 'tool-call-end']);
  });

  test('that nobody named, or that are to be dropped, are never told', () => {
    const { lines, blocks } = begin();
    const [a, b, c] = [openCall(blocks), openCall(blocks), openCall(blocks)];
    addArguments(blocks, a, '{}');
    startCall(blocks, b, named('b'));
    startCall(blocks, c, named('c'));
    addArguments(blocks, c, '{}');
    endBlocks(blocks, (call) => !isWhole(call));
    expect(lines).toEqual(['tool-call-start c', 'tool-call-delta {}', 'tool-call-end']);
  });

  test('are whole when their arguments are an object, or their input anything', () => {
    const { blocks } = begin();
    const whole = (text: string, kind: 'function' | 'custom') => {
      const call = openCall(blocks);
      startCall(blocks, call, named('a', kind));
      addArguments(blocks, call, text);
      return isWhole(call);
    };
    expect(['{}', '{"a":{}} ', '', '{"a":{}', '[1]'].map((text) => whole(text, 'function'))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(whole('any', 'custom')).toBe(true);
  });
});

describe('a seal', () => {
  const seal = { dialect: 'openai-chat', value: 'S' } as const;
  test('ends up on the thought that is open', () => {
    const { lines, blocks } = begin();
    addText(blocks, 'reasoning', 'a');
    sealReasoning(blocks, seal);
    addText(blocks, 'text', 'b');
    expect(lines).toEqual([
      'reasoning-start',
      'reasoning-delta a',
      'reasoning-end sealed',
      'text-start',
      'text-delta b',
    ]);
  });
  test('stands alone where none is', () => {
    const { lines, blocks } = begin();
    addText(blocks, 'text', 'b');
    sealReasoning(blocks, seal);
    endBlocks(blocks);
    expect(lines.slice(2)).toEqual(['text-end', 'reasoning-start', 'reasoning-end sealed']);
  });
});
