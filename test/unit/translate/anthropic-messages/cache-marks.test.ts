import { describe, expect, test } from 'bun:test';
import type { UserPart } from '../../../../src/translate/canonical/request.ts';
import { encode, text, user } from './request-builders.ts';

describe('cache marks', () => {
  test('R32: at most four, the first and the last ones', () => {
    const marked = (value: string, ttl?: '1h'): UserPart => ({
      ...text(value),
      cache: ttl === undefined ? {} : { ttl },
    });
    const { body } = encode({
      system: [{ role: 'system', parts: [{ ...text('s'), cache: { ttl: '1h' } }] }],
      messages: [user(marked('a'), marked('b', '1h'), marked('c', '1h'), marked('d'))],
    });
    expect(body.system).toEqual([{ ...text('s'), cache_control: { type: 'ephemeral', ttl: '1h' } }]);
    const [turn] = body.messages as unknown as { content: { cache_control?: object }[] }[];
    expect(turn!.content.map((block) => block.cache_control)).toEqual([
      undefined,
      { type: 'ephemeral', ttl: '1h' },
      { type: 'ephemeral', ttl: '1h' },
      { type: 'ephemeral' },
    ]);
  });

  test('an hour after minutes becomes minutes', () => {
    const { body } = encode({
      system: [{ role: 'system', parts: [{ ...text('s'), cache: {} }] }],
      messages: [user({ ...text('a'), cache: { ttl: '1h' } })],
    });
    expect(body.messages).toEqual([
      { role: 'user', content: [{ ...text('a'), cache_control: { type: 'ephemeral' } }] },
    ]);
  });

  test('none for a server that does not know them', () => {
    const { body } = encode({ messages: [user({ ...text('a'), cache: {} })] }, { cacheControl: false });
    expect(body.messages).toEqual([{ role: 'user', content: [text('a')] }]);
  });
});
